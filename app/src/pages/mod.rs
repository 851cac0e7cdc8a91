//! Pages: each reads one resource, shows it, and holds the actions of its forms. To add one: a file with its noun, a
//! route in `crate::App`, a place in the frame when it stands there.

pub mod accounts;
pub mod admin;
pub mod finder;
pub mod inbox;
pub mod invite;
pub mod login;
pub mod me;
pub mod not_found;
pub mod outreach;
pub mod proposal;
pub mod signals;

use leptos::prelude::*;

use crate::components::logo;

/// The box of pages outside the frame: sign-in and invitations.
#[component]
pub(crate) fn Gate(
    /// Title.
    title: &'static str,
    /// Content.
    children: Children,
) -> impl IntoView {
    view! {
        <leptos_meta::Title text=title/>
        <main id="main" class="grid min-h-dvh place-items-center px-4 py-10">
            <div class="w-full max-w-sm">
                <p class="mb-4 flex items-center justify-center gap-2 text-lg font-semibold tracking-[-0.015em]">
                    {logo("size-7")}
                    "Headroom"
                </p>
                <div class="panel px-5 py-5">
                    <h1 class="mb-4 text-base font-semibold">{title}</h1>
                    {children()}
                </div>
            </div>
        </main>
    }
    .into_any()
}

/// Reasons of a dismissal (PRODUCT 4).
pub(crate) fn dismiss_reasons() -> Vec<(String, String)> {
    [
        ("not_a_fit", "Not a fit"),
        ("bad_timing", "Bad timing"),
        ("in_progress", "Already in progress"),
        ("bad_data", "Bad data"),
        ("other", "Other"),
    ]
    .map(|(key, words)| (key.to_owned(), words.to_owned()))
    .to_vec()
}

/// Page number of an address, from 1.
pub(crate) fn page_number(text: Option<&str>) -> u32 {
    text.and_then(|text| text.parse().ok()).filter(|page| *page > 0).unwrap_or(1)
}
