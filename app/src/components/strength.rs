//! Signal strength: three-step meter, class word and number (DESIGN 6.4).

use domain::{format, signal::StrengthClass};
use leptos::prelude::*;

/// Strength 0–1 with its class.
pub fn strength(value: f64) -> AnyView {
    let (word, steps) = match StrengthClass::of(value) {
        StrengthClass::Strong => ("Strong", 3),
        StrengthClass::Moderate => ("Moderate", 2),
        StrengthClass::Exploratory => ("Exploratory", 1),
    };
    let step = |n: u8| {
        let class =
            if n <= steps { "h-2.5 w-1 rounded-[1px] bg-chart-1" } else { "h-2.5 w-1 rounded-[1px] bg-base-300" };
        view! { <span class=class></span> }
    };
    view! {
        <span class="inline-flex items-center gap-1 whitespace-nowrap text-xs text-ink-2">
            <span class="inline-flex gap-0.5" aria-hidden="true">{step(1)} {step(2)} {step(3)}</span>
            {word}
            <span class="tabular-nums">{format::score(value)}</span>
        </span>
    }
    .into_any()
}
