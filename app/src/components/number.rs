//! Every number opens: a figure with rows behind it is a link (PRODUCT 1.1, DESIGN 1.2).

use domain::format;
use leptos::prelude::*;

/// A figure that opens: its text, what it is in words, where its rows are, further classes.
pub fn number<T, H>(text: T, what: &str, href: H, class: &'static str) -> AnyView
where
    T: Into<String>,
    H: Into<String>,
{
    let (text, href) = (text.into(), href.into());
    let label = format!("{text}, {what}: open");
    view! { <a class=format!("num {class}") href=href aria-label=label data-noscroll="">{text}</a> }.into_any()
}

/// A figure that leads to the list of what it counts.
pub fn list_link(text: impl Into<String>, what: &str, href: impl Into<String>) -> AnyView {
    let (text, href) = (text.into(), href.into());
    let label = format!("{text}, {what}: show");
    view! { <a class="underline-offset-4 hover:underline" href=href aria-label=label>{text}</a> }.into_any()
}

/// The letters of a person on a quiet disc.
pub fn avatar(name: &str, class: &'static str) -> AnyView {
    let letters = format::initials(name);
    view! {
        <span
            class=format!("inline-grid shrink-0 place-items-center rounded-full bg-base-300 text-[0.625rem] font-semibold text-base-content {class}")
            aria-hidden="true"
        >
            {letters}
        </span>
    }
    .into_any()
}
