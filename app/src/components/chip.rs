//! Status chips: never colour alone, always a word (DESIGN 6.5).

use leptos::prelude::*;

/// Tone of a chip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Neutral, outlined.
    Plain,
    /// Good.
    Good,
    /// To watch.
    Warn,
    /// Wrong.
    Bad,
    /// In progress.
    Info,
    /// Ours: in the pipeline, routed.
    Brand,
    /// Past or unimportant.
    Quiet,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Tone::Plain => "chip",
            Tone::Good => "chip chip-good",
            Tone::Warn => "chip chip-warn",
            Tone::Bad => "chip chip-bad",
            Tone::Info => "chip chip-info",
            Tone::Brand => "chip chip-brand",
            Tone::Quiet => "chip chip-quiet",
        }
    }
}

/// A chip with a word.
pub fn chip(text: impl Into<String>, tone: Tone) -> AnyView {
    view! { <span class=tone.class()>{text.into()}</span> }.into_any()
}
