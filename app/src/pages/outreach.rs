//! `/finder/outreach/{found}`: a mail text from the evidence, to be edited, copied and recorded (PRODUCT 5).

use domain::{id::FoundId, view::finder::OutreachDraft};
use leptos::{html::Textarea, prelude::*};
use leptos_router::hooks::use_params_map;

use crate::{
    browser,
    components::{Errors, Field, FormAlert, Glyph, Hidden, PageHead, errors_of, icon, load, no_errors},
    context,
    error::WireError,
    server_fns::steps::{RecordOutreach, load_draft},
    url::encode,
};

/// The draft.
#[component]
pub fn Outreach() -> impl IntoView {
    let params = use_params_map();
    let found = Memo::new(move |_| params.with(|params| params.get("found")).and_then(|id| id.parse::<FoundId>().ok()));
    let action = ServerAction::<RecordOutreach>::new();
    let draft = Resource::new_blocking(
        move || found.get(),
        |found| async move {
            match found {
                Some(found) => load_draft(found).await,
                None => Err(WireError::NotFound),
            }
        },
    );
    load(draft, move |draft| found.get_untracked().map(|found| page(draft, found, action)).into_any())
}

fn page(draft: OutreachDraft, found: FoundId, action: ServerAction<RecordOutreach>) -> AnyView {
    let errors: Errors = errors_of(action);
    let text = NodeRef::<Textarea>::new();
    let hydrated = context::hydrated();
    let copy = move |_| {
        if let Some(text) = text.get_untracked() {
            browser::copy(&text.value());
        }
    };
    let mail = format!("mailto:{}?subject={}&body={}", encode(&draft.to), encode(&draft.subject), encode(&draft.body));
    let what = format!("Mail: {}", draft.subject);
    view! {
        <PageHead title=format!("Outreach to {}", draft.account) sub=format!("{}. A text from the evidence; read and change it before you send it.", draft.name)/>
        <section class="panel max-w-3xl space-y-3 p-4">
            <Field form="draft" name="to" label="To" value=draft.to errors=no_errors()/>
            <Field form="draft" name="subject" label="Subject" value=draft.subject errors=no_errors()/>
            <div>
                <label class="field-label" for="draft-body">"Text"</label>
                <textarea id="draft-body" node_ref=text rows="14" class="textarea w-full">{draft.body}</textarea>
            </div>
            <div class="flex flex-wrap gap-2">
                <button type="button" class=move || if hydrated.get() { "btn btn-sm btn-line gap-1.5 text-13" } else { "hidden" } on:click=copy>
                    {icon(Glyph::Note, "size-3.5")}
                    "Copy the text"
                </button>
                <a class="btn btn-sm btn-line gap-1.5 text-13" href=mail rel="external">{icon(Glyph::Mail, "size-3.5")} "Open in the mail program"</a>
            </div>
            <ActionForm action=action>
                <FormAlert errors=errors/>
                <Hidden name="found" value=found.to_string()/>
                <div class="hair flex flex-wrap items-end gap-2 pt-3">
                    <div class="min-w-0 flex-1 basis-64">
                        <Field form="outreach" name="what" label="What was sent" value=what errors=errors required=true/>
                    </div>
                    <button type="submit" class="btn btn-sm btn-primary text-13">"I sent it"</button>
                </div>
                <p class="mt-1 text-xs text-ink-3">"Recorded outreach holds new alerts of this account back for 14 days, so that nobody writes twice."</p>
            </ActionForm>
        </section>
    }
    .into_any()
}
