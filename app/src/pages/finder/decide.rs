//! Next steps that work, and the decisions: confirm, not now, dismiss (PRODUCT 5). Forms that need an answer stand in
//! `<details>`, so that they do without scripts.

use domain::{
    id::FoundId,
    opportunity::{FoundStatus, found::NextStep},
    view::finder::FinderRow,
};
use leptos::prelude::*;

use super::Actions;
use crate::{
    components::{Errors, Field, Glyph, Hidden, Pick, icon, no_errors},
    context,
    pages::dismiss_reasons,
    url::Here,
};

/// Everything that can be done with a row.
pub(crate) fn next_steps(row: &FinderRow, steps: &[NextStep], may_decide: bool, actions: Actions) -> AnyView {
    let id = row.id;
    let waits = matches!(row.status, FoundStatus::Candidate | FoundStatus::Exploratory);
    let confirm = (may_decide && waits).then(|| confirm(id, actions));
    let buttons = steps.iter().enumerate().map(|(i, step)| step_button(*step, row, i == 0 && !waits, actions));
    let buttons = buttons.collect_view();
    let decisions = may_decide.then(|| {
        view! {
            <span class="ml-auto flex flex-wrap gap-2">
                {quiet(id, actions)} {dismiss(id, actions)}
            </span>
        }
    });
    view! { <div class="flex flex-wrap items-start gap-2">{confirm} {may_decide.then_some(buttons)} {decisions}</div> }
        .into_any()
}

fn confirm(id: FoundId, actions: Actions) -> AnyView {
    view! {
        <ActionForm action=actions.confirm>
            <Hidden name="found" value=id.to_string()/>
            <Hidden name="back" value=Here::now().back()/>
            <button type="submit" class="btn btn-sm btn-primary gap-1.5 text-13">
                {icon(Glyph::Check, "size-3.5")}
                "Confirm"
            </button>
        </ActionForm>
    }
    .into_any()
}

fn step_button(step: NextStep, row: &FinderRow, first: bool, actions: Actions) -> AnyView {
    let class = if first { "btn btn-sm btn-primary gap-1.5 text-13" } else { "btn btn-sm btn-line gap-1.5 text-13" };
    let id = row.id;
    let link = |href: String, rel: Option<&'static str>, glyph: Glyph, words: &'static str| {
        view! { <a class=class href=href rel=rel>{icon(glyph, "size-3.5")} {words}</a> }.into_any()
    };
    match step {
        NextStep::ScheduleCall => {
            link(format!("/actions/invite.ics?found={id}"), Some("external"), Glyph::Calendar, "Schedule a call")
        }
        NextStep::DraftOutreach => link(format!("/finder/outreach/{id}"), None, Glyph::Mail, "Draft outreach"),
        NextStep::Proposal => link(format!("/proposal/{id}"), None, Glyph::Doc, "Proposal"),
        NextStep::RequestDemo => {
            let title = format!("Arrange a demo for {}: {}", row.account, row.name);
            task(id, "demo", "Request a demo", title, class, actions)
        }
        NextStep::CreateTask => {
            let title = format!("{}: {}", row.account, row.name);
            task(id, "task", "Create a task", title, class, actions)
        }
    }
}

/// A form that opens below its button.
fn fold(words: &'static str, glyph: Glyph, class: &'static str, form: AnyView) -> AnyView {
    view! {
        <details class="min-w-0">
            <summary class=format!("bare {class}")>{icon(glyph, "size-3.5")} {words}</summary>
            <div class="mt-2 w-72 max-w-full rounded-box border border-line bg-base-100 p-3">{form}</div>
        </details>
    }
    .into_any()
}

fn task(
    id: FoundId,
    prefix: &'static str,
    words: &'static str,
    title: String,
    class: &'static str,
    actions: Actions,
) -> AnyView {
    let errors = no_errors();
    let due = context::shell().map(|shell| (shell.today + 7).to_string()).unwrap_or_default();
    let form = format!("{prefix}-{id}");
    let form = view! {
        <ActionForm action=actions.task>
            <div class="space-y-3">
                <Hidden name="found" value=id.to_string()/>
                <Hidden name="back" value=Here::now().back()/>
                <Field form=form.clone() name="title" label="Task" value=title errors=errors required=true/>
                <Field form=form name="due_on" label="Due on" kind="date" value=due errors=errors required=true/>
                <button type="submit" class="btn btn-sm btn-primary text-13">"Create the task"</button>
            </div>
        </ActionForm>
    };
    fold(words, Glyph::Task, class, form.into_any()).into_any()
}

fn quiet(id: FoundId, actions: Actions) -> AnyView {
    let errors = no_errors();
    let form = view! {
        <ActionForm action=actions.quiet>
            <Hidden name="found" value=id.to_string()/>
            <Hidden name="back" value=Here::now().back()/>
            {quiet_fields(format!("quiet-{id}"), errors)}
        </ActionForm>
    };
    fold("Not now", Glyph::Pause, "btn btn-sm btn-quiet gap-1.5 text-13", form.into_any())
}

/// The fields of "not now": a day, or the renewal.
pub(crate) fn quiet_fields(form: String, errors: Errors) -> AnyView {
    let until = context::shell().map(|shell| (shell.today + 30).to_string()).unwrap_or_default();
    view! {
        <div class="space-y-3">
            <Field form=form name="until" label="Quiet until" kind="date" value=until errors=errors/>
            <label class="flex items-center gap-2 text-13">
                <input type="checkbox" class="checkbox checkbox-sm" name="renewal" value="true"/>
                "Until the renewal instead"
            </label>
            <button type="submit" class="btn btn-sm btn-primary text-13">"Hold back"</button>
        </div>
    }
    .into_any()
}

fn dismiss(id: FoundId, actions: Actions) -> AnyView {
    let errors = no_errors();
    let form = view! {
        <ActionForm action=actions.dismiss>
            <Hidden name="found" value=id.to_string()/>
            <Hidden name="back" value=Here::now().back()/>
            {dismiss_fields(format!("dismiss-{id}"), errors)}
        </ActionForm>
    };
    fold("Dismiss", Glyph::Cross, "btn btn-sm btn-quiet gap-1.5 text-13", form.into_any())
}

/// The fields of a dismissal: reason and note.
pub(crate) fn dismiss_fields(form: String, errors: Errors) -> AnyView {
    view! {
        <div class="space-y-3">
            <Pick form=form.clone() name="reason" label="Reason" options=dismiss_reasons() errors=errors/>
            <Field form=form name="note" label="Note" hint="Optional." errors=errors/>
            <button type="submit" class="btn btn-sm btn-error text-13">"Dismiss"</button>
        </div>
    }
    .into_any()
}
