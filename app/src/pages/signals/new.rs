//! `/signals/new`: a signal that a person saw, with evidence (PRODUCT 4, rule `manual`).

use domain::{opportunity::OpportunityType, view::signals::NewSignalForm};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{Errors, Field, FormAlert, PageHead, Pick, TextBox, errors_of, load},
    server_fns::signals::{LogSignal, load_new_signal},
};

/// The form.
#[component]
pub fn NewSignalPage() -> impl IntoView {
    let action = ServerAction::<LogSignal>::new();
    let form = Resource::new_blocking(|| (), |()| load_new_signal());
    let customer = use_query_map().with_untracked(|query| query.get("customer")).unwrap_or_default();
    let customer = StoredValue::new(customer);
    load(form, move |data| form_view(data, customer.get_value(), action).into_any())
}

fn pairs(items: &[(&str, &str)]) -> Vec<(String, String)> {
    items.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect()
}

fn form_view(form: NewSignalForm, customer: String, action: ServerAction<LogSignal>) -> AnyView {
    let errors: Errors = errors_of(action);
    let types: Vec<_> = OpportunityType::ALL.iter().map(|kind| (kind.key(), kind.label())).collect();
    let products: Vec<_> = [(String::new(), "No particular one".to_owned())].into_iter().chain(form.products).collect();
    let sources = pairs(&[
        ("meeting", "Meeting or call"),
        ("email", "Mail"),
        ("support", "Support"),
        ("usage", "Usage"),
        ("other", "Other"),
    ]);
    let strengths =
        pairs(&[("strong", "Strong, 0.85"), ("moderate", "Moderate, 0.70"), ("exploratory", "Exploratory, 0.50")]);
    view! {
        <PageHead title="Log a signal" sub="What you saw or heard, with evidence. It joins the running signal of the same kind if there is one."/>
        <section class="panel max-w-3xl p-4">
            <ActionForm action=action>
                <FormAlert errors=errors/>
                <div class="grid gap-4 sm:grid-cols-2">
                    <Pick form="signal" name="signal[customer]" label="Account" options=form.accounts value=customer errors=errors/>
                    <Pick form="signal" name="signal[leads_to]" label="Leads to" options=pairs(&types) errors=errors/>
                    <Pick form="signal" name="signal[product]" label="Product" options=products errors=errors/>
                    <Pick form="signal" name="signal[strength]" label="Strength" options=strengths value="moderate" errors=errors/>
                    <Pick form="signal" name="signal[source]" label="Where it comes from" options=sources errors=errors/>
                    <Field form="signal" name="signal[source_reference]" label="Reference" hint="Title of the meeting, number of the ticket, or a link." errors=errors/>
                    <Field form="signal" name="signal[seen_on]" label="Seen on" kind="date" value=form.today errors=errors required=true/>
                    <Field form="signal" name="signal[speaker]" label="Who said it" hint="For quotes." errors=errors/>
                    <div class="sm:col-span-2">
                        <TextBox form="signal" name="signal[text]" label="What it says" hint="One sentence: “Finance wants 20 seats for the new team”." rows=2 errors=errors required=true/>
                    </div>
                    <div class="sm:col-span-2">
                        <TextBox form="signal" name="signal[quote]" label="The customer’s words" hint="Word for word, when there are any." errors=errors/>
                    </div>
                </div>
                <div class="mt-4 flex gap-2">
                    <button type="submit" class="btn btn-sm btn-primary text-13">"Log the signal"</button>
                    <a class="btn btn-sm btn-quiet text-13" href="/signals">"Cancel"</a>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}
