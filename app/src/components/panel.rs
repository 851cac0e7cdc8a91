//! Page heads, panels and scroll boxes.

use leptos::prelude::*;
use leptos_meta::Title;

/// The title of a page with its subtitle and actions. The children are the actions on the right.
#[component]
pub fn PageHead(
    /// Title; also the title of the document.
    #[prop(into)]
    title: String,
    /// One sentence below it.
    #[prop(optional, into)]
    sub: String,
    /// Actions.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <Title text=title.clone()/>
        <div class="mb-4 flex flex-wrap items-end gap-x-4 gap-y-3">
            <div class="min-w-0">
                <h1 class="text-xl font-semibold leading-7 tracking-[-0.018em]">{title}</h1>
                {(!sub.is_empty()).then(|| view! { <p class="mt-0.5 text-13 text-ink-3">{sub}</p> })}
            </div>
            {children
                .map(|children| {
                    view! { <div class="no-print ml-auto flex flex-wrap items-center gap-2">{children()}</div> }
                })}
        </div>
    }
    .into_any()
}

/// A panel with a title.
#[component]
pub fn Panel(
    /// Title.
    #[prop(into)]
    title: String,
    /// Note beside the title.
    #[prop(optional, into)]
    note: String,
    /// Further classes, whole.
    #[prop(optional)]
    class: &'static str,
    /// Content.
    children: Children,
) -> impl IntoView {
    view! {
        <section class=format!("panel min-w-0 {class}")>
            <div class="panel-head">
                <h2 class="panel-title">{title}</h2>
                {(!note.is_empty()).then(|| view! { <span class="panel-note">{note}</span> })}
            </div>
            {children()}
        </section>
    }
    .into_any()
}

/// A box in which a wide table scrolls by itself.
#[component]
pub fn ScrollBox(
    /// What is inside, for screen readers.
    #[prop(into)]
    label: String,
    /// The table.
    children: Children,
) -> impl IntoView {
    view! { <div class="relative overflow-x-auto" tabindex="0" role="region" aria-label=format!("{label}, table")>{children()}</div> }
        .into_any()
}
