//! `/admin/detection-rules`: every rule with its settings; saving makes a new version that signals carry (PRODUCT 4).

use domain::view::admin::{RuleRow, RulesPage, SettingRow};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{Errors, Field, Hidden, PageAlert, PageHead, Tone, chip, errors_of, load},
    server_fns::admin::{SaveRule, load_rules},
    show,
};

/// The rules.
#[component]
pub fn Rules() -> impl IntoView {
    let action = ServerAction::<SaveRule>::new();
    let saved = RwSignal::new(String::new());
    // Which rule the last try was for, so that messages stand beside its fields only.
    Effect::new(move |_| {
        if let Some(input) = action.input().get() {
            saved.set(input.rule);
        }
    });
    let query = use_query_map();
    let open = Memo::new(move |_| query.with(|query| query.get("rule")).unwrap_or_default());
    let page = Resource::new_blocking(move || action.version().get(), |_| load_rules());
    view! {
        <PageAlert errors=errors_of(action)/>
        {load(page, move |page| rules(page, open.get_untracked(), action, saved).into_any())}
    }
    .into_any()
}

fn rules(page: RulesPage, open: String, action: ServerAction<SaveRule>, saved: RwSignal<String>) -> AnyView {
    let may_edit = page.may_edit;
    let on = u32::try_from(page.rows.iter().filter(|rule| rule.enabled).count()).unwrap_or(u32::MAX);
    let all = page.rows.len();
    let rows = page.rows.into_iter().map(|row| {
        let is_open = row.key == open;
        rule(row, is_open, may_edit, action, saved)
    });
    let rows = rows.collect_view();
    view! {
        <PageHead title="Detection rules" sub=format!("{on} of {all} are on. A saved change is a new version; signals keep the version that found them.")/>
        <section class="panel divide-y divide-line overflow-hidden" aria-label="Rules">{rows}</section>
    }
    .into_any()
}

fn rule(row: RuleRow, open: bool, may_edit: bool, action: ServerAction<SaveRule>, saved: RwSignal<String>) -> AnyView {
    let state = if row.enabled { chip("On", Tone::Good).into_any() } else { chip("Off", Tone::Quiet).into_any() };
    let history = row.history.iter().map(|line| view! { <li>{line.clone()}</li> }).collect_view();
    let has_history = !row.history.is_empty();
    let live = format!("/signals?rule={}", row.key);
    let key = row.key.clone();
    let settings = if may_edit { form(&row, action, saved).into_any() } else { table(&row.settings).into_any() };
    view! {
        <details open=open id=key>
            <summary class="flex flex-wrap items-center gap-2 px-4 py-3 hover:bg-base-200/70">
                <span class="min-w-0 flex-1 basis-64">
                    <h2 class="text-sm font-semibold">{row.label}</h2>
                    <span class="block text-xs text-ink-3">{row.sentence}</span>
                </span>
                <span class="text-xs text-ink-3">{format!("leads to {}", row.leads_to)}</span>
                {chip(format!("v{} {}", row.version, row.since), Tone::Plain)}
                {state}
            </summary>
            <div class="grid gap-4 border-t border-line bg-base-200/60 px-4 py-4">
                <p class="text-13">
                    <a class="act" href=live>{show::count(row.live, "live signal", "live signals")}</a>
                    <span class="font-mono text-xs text-ink-3">" " {row.key.clone()}</span>
                </p>
                {settings}
                {has_history
                    .then(|| {
                        view! {
                            <div>
                                <h3 class="mb-1 text-xs font-semibold text-ink-2">"Versions"</h3>
                                <ul class="space-y-0.5 text-xs text-ink-3">{history}</ul>
                            </div>
                        }
                    })}
            </div>
        </details>
    }
    .into_any()
}

fn hint(setting: &SettingRow) -> String {
    if setting.value == setting.default {
        format!("From {}.", setting.bounds)
    } else {
        format!("From {}. Delivered as {}.", setting.bounds, setting.default)
    }
}

fn form(row: &RuleRow, action: ServerAction<SaveRule>, saved: RwSignal<String>) -> AnyView {
    let key = row.key.clone();
    let all = errors_of(action);
    let errors: Errors = Signal::derive(move || if saved.read() == key { all.get() } else { None });
    let fields = row.settings.iter().map(|setting| {
        view! {
            <Field
                form=format!("rule-{}", row.key)
                name=format!("values[{}]", setting.key)
                label=setting.label.clone()
                value=setting.value.clone()
                unit=setting.unit.clone()
                hint=hint(setting)
                errors=errors
                required=true
            />
        }
    });
    let fields = fields.collect_view();
    let (rule, enabled, next) = (row.key.clone(), row.enabled, row.version + 1);
    view! {
        <ActionForm action=action>
            <Hidden name="rule" value=rule/>
            <div class="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">{fields}</div>
            <div class="mt-3 flex flex-wrap items-center gap-3">
                <label class="flex items-center gap-2 text-13">
                    <input type="checkbox" class="checkbox checkbox-sm" name="enabled" value="true" checked=enabled/>
                    "On"
                </label>
                <button type="submit" class="btn btn-sm btn-primary text-13">{format!("Save as v{next}")}</button>
            </div>
        </ActionForm>
    }
    .into_any()
}

fn table(settings: &[SettingRow]) -> AnyView {
    let rows = settings.iter().map(|setting| {
        view! {
            <div class="min-w-0">
                <dt class="eyebrow">{setting.label.clone()}</dt>
                <dd class="tabular-nums">{setting.value.clone()} " " <span class="text-xs text-ink-3">{setting.unit.clone()}</span></dd>
            </div>
        }
    });
    view! { <dl class="grid grid-cols-2 gap-4 text-13 sm:grid-cols-4">{rows.collect_view()}</dl> }.into_any()
}
