//! Empty, loading and error states (DESIGN 6.24), and the one way in which pages read their data.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{Glyph, icon};
use crate::error::WireError;

/// Shows what a page's resource answers: its view, or what went wrong. One resource, one boundary (ARCHITECTURE 4).
pub fn load<T>(
    data: Resource<Result<T, WireError>>,
    show: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + 'static,
{
    view! {
        <Transition fallback=skeleton>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(page) => show(page),
                    Err(error) => failed(error).into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn skeleton() -> AnyView {
    view! {
        <div role="status" aria-busy="true" aria-label="Loading the page">
            <div class="skeleton mb-4 h-7 w-40 rounded-field"></div>
            <div class="skeleton mb-4 h-24 rounded-box"></div>
            <div class="skeleton h-72 rounded-box"></div>
        </div>
    }
    .into_any()
}

/// What is missing, the nearest fact, one action.
pub fn empty(title: impl Into<String>, fact: impl Into<String>, action: Option<(String, String)>) -> AnyView {
    view! {
        <div role="status" class="m-4 rounded-box border border-dashed border-line-strong px-6 py-7 text-center">
            <p class="text-sm font-semibold">{title.into()}</p>
            <p class="mt-1 text-13 text-ink-3">{fact.into()}</p>
            {action
                .map(|(words, href)| {
                    view! {
                        <p class="mt-3">
                            <a class="btn btn-sm btn-line text-13" href=href>{words}</a>
                        </p>
                    }
                })}
        </div>
    }
    .into_any()
}

/// What failed, what was kept, what to do.
pub fn failed(error: WireError) -> AnyView {
    let (title, action) = match &error {
        WireError::NotFound => ("Not found", Some(("Go to the start", "/"))),
        WireError::Denied => ("Not allowed", Some(("Go to the start", "/"))),
        WireError::SignedOut => ("Signed out", Some(("Sign in", "/login"))),
        _ => ("This could not be shown", None),
    };
    let request = match &error {
        WireError::Internal { request_id } if !request_id.is_empty() => Some(format!("request {request_id}")),
        _ => None,
    };
    view! {
        <Title text=title/>
        <div class="panel mx-auto mt-8 max-w-xl px-5 py-4" role="alert">
            <h1 class="flex items-center gap-2 text-sm font-semibold text-error">{icon(Glyph::Warn, "size-4")} {title}</h1>
            <p class="mt-1 text-13 text-ink-2">{error.to_string()}</p>
            {request.map(|request| view! { <p class="mt-2 font-mono text-xs text-ink-3">{request}</p> })}
            {action
                .map(|(words, href)| {
                    view! {
                        <p class="mt-3">
                            <a class="btn btn-sm btn-line text-13" href=href rel="external">{words}</a>
                        </p>
                    }
                })}
        </div>
    }
    .into_any()
}
