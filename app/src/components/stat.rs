//! Stat tiles: three to six headline figures in one strip (DESIGN 6.1).

use leptos::prelude::*;

use super::number;

/// The strip around two to four tiles.
#[component]
pub fn StatStrip(
    /// What the figures are of.
    label: &'static str,
    /// Tiles.
    children: Children,
) -> impl IntoView {
    view! {
        <section
            class="panel mb-4 grid grid-cols-2 lg:grid-cols-4 lg:[&>*+*]:border-l max-lg:[&>*:nth-child(n+3)]:border-t max-lg:[&>*:nth-child(even)]:border-l"
            aria-label=label
        >
            {children()}
        </section>
    }
    .into_any()
}

/// A figure that opens, with its count and a line of context.
#[component]
pub fn StatTile(
    /// Label.
    label: &'static str,
    /// The figure.
    #[prop(into)]
    figure: String,
    /// Where its rows are.
    #[prop(into)]
    href: String,
    /// Count beside it.
    #[prop(into)]
    side: String,
    /// Context below it.
    #[prop(into)]
    note: String,
) -> impl IntoView {
    view! {
        <div class="min-w-0 border-line p-4 max-sm:p-3.5">
            <h2 class="eyebrow">{label}</h2>
            <p class="mt-1 flex flex-wrap items-baseline gap-x-2">
                {number(figure, label, href, "fig max-sm:text-xl")} <span class="text-13 font-medium text-ink-2">{side}</span>
            </p>
            <p class="mt-1 text-xs text-ink-3">{note}</p>
        </div>
    }
    .into_any()
}
