//! Stage mark: four steps that fill, and the word (DESIGN 6.3).

use domain::opportunity::{FoundStatus, Stage};
use leptos::prelude::*;

/// The stage of the record, or where a found opportunity stands without one.
pub fn stage(stage: Option<Stage>, status: FoundStatus) -> AnyView {
    let (word, steps) = match stage {
        Some(stage @ Stage::Identified) => (stage.label(), 1),
        Some(stage @ Stage::Qualified) => (stage.label(), 2),
        Some(stage @ Stage::Proposal) => (stage.label(), 3),
        Some(stage) => (stage.label(), 4),
        None => (status.label(), 0),
    };
    let step = |n: u8| view! { <b class=if n <= steps { "on" } else { "" }></b> };
    view! {
        <span class="stage">
            <i aria-hidden="true">{step(1)} {step(2)} {step(3)} {step(4)}</i>
            {word}
        </span>
    }
    .into_any()
}
