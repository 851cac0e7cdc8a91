//! `/admin/settings`: settings of the organisation. What the configuration fixes is shown and can't be edited here.

use domain::view::admin::{OrgSetting, SettingsPage};
use leptos::prelude::*;

use crate::{
    components::{Errors, Field, FormAlert, PageHead, Panel, TextBox, errors_of, load},
    server_fns::admin::{SaveSettings, load_settings},
};

/// The settings.
#[component]
pub fn Settings() -> impl IntoView {
    let action = ServerAction::<SaveSettings>::new();
    let page = Resource::new_blocking(move || action.version().get(), |_| load_settings());
    load(page, move |page| settings(page, action).into_any())
}

fn settings(page: SettingsPage, action: ServerAction<SaveSettings>) -> AnyView {
    let errors = errors_of(action);
    let groups = page.groups.into_iter().map(|(title, settings)| {
        let fields = settings.into_iter().map(|setting| field(setting, errors)).collect_view();
        view! {
            <Panel title=title>
                <div class="grid items-start gap-4 px-4 pb-4 sm:grid-cols-2 lg:grid-cols-3">{fields}</div>
            </Panel>
        }
    });
    let groups = groups.collect_view();
    view! {
        <PageHead title="Settings" sub="Of the whole organisation. Each change is kept with its day and who made it."/>
        <ActionForm action=action>
            <FormAlert errors=errors/>
            <div class="space-y-4">{groups}</div>
            <button type="submit" class="btn btn-sm btn-primary mt-4 text-13">"Save the settings"</button>
        </ActionForm>
    }
    .into_any()
}

fn field(setting: OrgSetting, errors: Errors) -> AnyView {
    let name = format!("values[{}]", setting.key);
    if setting.kind == "lines" {
        return view! { <TextBox form="settings" name=name label=setting.label value=setting.value hint=setting.hint rows=5 errors=errors/> }
            .into_any();
    }
    let (hint, fixed) = match setting.fixed_by {
        Some(by) => (format!("{} Fixed by {by}.", setting.hint), true),
        None => (setting.hint, false),
    };
    view! { <Field form="settings" name=name label=setting.label value=setting.value hint=hint disabled=fixed errors=errors/> }.into_any()
}
