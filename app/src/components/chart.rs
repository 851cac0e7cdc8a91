//! A chart with its table behind it: two radios, no script; without scripts there is only the table (DESIGN 6.22).

use leptos::prelude::*;

use super::{Glyph, icon};

/// A chart. The page that shows one loads `/echarts.js`.
#[component]
pub fn ChartBox(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// Title.
    #[prop(into)]
    title: String,
    /// The finding in words.
    #[prop(into)]
    summary: String,
    /// ECharts option, JSON. Empty with fewer than 3 points: then there is only the table.
    #[prop(into)]
    option: String,
    /// The table.
    children: Children,
) -> impl IntoView {
    let table = view! {
        <div class="as-table relative max-h-72 overflow-auto px-1 pb-2" tabindex="0" role="region" aria-label=format!("{title}, as a table")>
            {children()}
        </div>
    };
    if option.is_empty() {
        return view! {
            <div class="min-w-0">
                <h3 class="px-4 pb-2 pt-3 text-13 font-semibold">{title}</h3>
                {table.into_any()}
                <p class="px-4 pb-3 text-xs text-ink-3">{summary}</p>
            </div>
        }
        .into_any();
    }
    let (group, legend) = (format!("show-{id}"), format!("Show {title} as"));
    let radio = |value: &'static str, words: &'static str, glyph: Glyph, checked: bool| {
        view! {
            <label>
                <input class="sr-only" type="radio" name=group.clone() value=value checked=checked/>
                {icon(glyph, "size-3.5")}
                {words}
            </label>
        }
    };
    view! {
        <div class="figure-box min-w-0">
            <div class="flex flex-wrap items-center gap-2 px-4 pb-2 pt-3">
                <h3 class="text-13 font-semibold">{title}</h3>
                <fieldset class="seg chart-switch no-print ml-auto">
                    <legend class="sr-only">{legend}</legend>
                    {radio("chart", "Chart", Glyph::Chart, true)}
                    {radio("table", "Table", Glyph::Table, false)}
                </fieldset>
            </div>
            <div class="as-chart px-2 pb-2">
                <headroom-chart role="img" aria-label=summary.clone() data-option=option></headroom-chart>
            </div>
            {table.into_any()}
            <p class="px-4 pb-3 text-xs text-ink-3">{summary}</p>
        </div>
    }
    .into_any()
}
