//! Filters: a GET form whose fields live in the address. Selects send it by themselves once the page is alive; before
//! that, and without scripts, there is a button.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::{browser, context};

/// The form around filters.
#[component]
pub fn FilterForm(
    /// Path of the page.
    #[prop(into)]
    path: String,
    /// Filters.
    children: Children,
) -> impl IntoView {
    let navigate = use_navigate();
    let hydrated = context::hydrated();
    let target = path.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let query = browser::query_of_form(&event);
        let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
        navigate(&if query.is_empty() { target.clone() } else { format!("{target}?{query}") }, options);
    };
    view! {
        <form
            method="get"
            action=path
            class="no-print mb-3 flex flex-wrap items-center gap-2"
            aria-label="Filters"
            on:submit=submit
            on:change=move |event| browser::submit_form_of(&event)
        >
            {children()}
            <button type="submit" class=move || if hydrated.get() { "sr-only" } else { "btn btn-sm btn-line text-xs" }>
                "Filter"
            </button>
        </form>
    }
    .into_any()
}

/// A filter with a few values; the first option is "all".
#[component]
pub fn FilterPick(
    /// Name in the address.
    name: &'static str,
    /// Label.
    label: &'static str,
    /// Words for no filter.
    #[prop(default = "All")]
    all: &'static str,
    /// Value and words of each.
    options: Vec<(String, String)>,
    /// The chosen value.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    let options = options.into_iter().map(|(option, words)| {
        let selected = option == value;
        view! { <option value=option selected=selected>{words}</option> }
    });
    view! {
        <label class="pick">
            <span>{label}</span>
            <select name=name>
                <option value="">{all}</option>
                {options.collect_view()}
            </select>
        </label>
    }
    .into_any()
}
