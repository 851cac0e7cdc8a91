//! Guard and warning notes: one bold claim, the numbers behind it (DESIGN 6.23).

use leptos::prelude::*;

use super::{Glyph, icon};

/// How heavy a note is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// To know.
    Info,
    /// To watch.
    Warn,
}

/// A note with its claim and what is behind it.
pub fn note(weight: Weight, claim: impl Into<String>, detail: impl Into<String>) -> AnyView {
    let (class, glyph) = match weight {
        Weight::Info => ("chip-info mb-4 flex items-start gap-2 rounded-box px-4 py-3 text-13", Glyph::Info),
        Weight::Warn => ("chip-warn mb-4 flex items-start gap-2 rounded-box px-4 py-3 text-13", Glyph::Warn),
    };
    view! {
        <div role="note" class=class>
            <span class="mt-0.5">{icon(glyph, "size-4")}</span>
            <span class="min-w-0"><strong class="font-semibold">{claim.into()}</strong> " " {detail.into()}</span>
        </div>
    }
    .into_any()
}
