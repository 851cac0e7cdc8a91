//! Confidence: the meter in rows, and the table of its four parts (DESIGN 6.6).

use domain::{
    format,
    opportunity::{ConfidenceLevel, found::ConfidencePart},
};
use leptos::prelude::*;

use super::{Tone, chip};
use crate::show;

/// Confidence 0–100 with its level.
pub fn confidence(value: f64, level: ConfidenceLevel) -> AnyView {
    let bar = match level {
        ConfidenceLevel::High => "bg-chart-1",
        ConfidenceLevel::Medium => "bg-stage-1",
        ConfidenceLevel::Low => "bg-line-strong",
    };
    view! {
        <span class="inline-flex items-center gap-2 whitespace-nowrap">
            <span class="track h-1.5 w-14" aria-hidden="true"><span class=bar style=show::bar(value / 100.0)></span></span>
            <span class="tabular-nums font-medium">{format::confidence(value)}</span>
            <span class="text-xs text-ink-3">{level.label()}</span>
        </span>
    }
    .into_any()
}

fn part_label(key: &str) -> &'static str {
    match key {
        "signal_strength" => "Signal strength",
        "health" => "Health",
        "champion" => "Champion",
        "history" => "History",
        _ => "Other",
    }
}

/// The parts with value × weight = points; they add up to the confidence.
#[component]
pub fn ConfidenceParts(
    /// The four parts.
    parts: Vec<ConfidencePart>,
    /// Their sum.
    total: f64,
) -> impl IntoView {
    let known = parts.iter().filter(|part| part.known).count();
    let all = parts.len();
    let rows = parts.into_iter().map(|part| {
        view! {
            <tr class="border-t border-line align-top">
                <th scope="row" class="py-2 text-left font-medium">
                    {part_label(&part.key)}
                    <span class="block text-xs font-normal text-ink-3">{part.evidence}</span>
                </th>
                <td class="px-3 py-2 max-sm:hidden">
                    <div class="track mt-1.5 h-1.5" aria-hidden="true">
                        <span class="bg-chart-1" style=show::bar(part.value)></span>
                    </div>
                </td>
                <td class="whitespace-nowrap py-2 text-right tabular-nums text-ink-2">
                    {format::score(part.value)} " × " {format::decimal(part.weight * 100.0, 0)}
                    {(!part.known).then(|| view! { " " {chip("unknown", Tone::Quiet)} })}
                </td>
                <td class="py-2 pl-3 text-right font-medium tabular-nums">{format::decimal(part.points, 1)}</td>
            </tr>
        }
    });
    view! {
        <table class="w-full text-13">
            <caption class="sr-only">"Confidence by part"</caption>
            <thead>
                <tr class="text-left text-xs text-ink-3">
                    <th scope="col" class="pb-1.5 font-medium">"Part"</th>
                    <th scope="col" class="w-[17%] pb-1.5 font-medium max-sm:hidden">
                        <span class="sr-only">"Share of its maximum"</span>
                    </th>
                    <th scope="col" class="whitespace-nowrap pb-1.5 text-right font-medium">"Value × weight"</th>
                    <th scope="col" class="pb-1.5 pl-3 text-right font-medium">"Points"</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
            <tfoot>
                <tr class="border-t border-line font-semibold">
                    <th scope="row" class="py-2 text-left">"Confidence"</th>
                    <td class="max-sm:hidden"></td>
                    <td class="whitespace-nowrap text-right text-xs font-normal text-ink-3">
                        {format!("{known} of {all} parts known")}
                    </td>
                    <td class="pl-3 text-right tabular-nums">{format::decimal(total, 1)}</td>
                </tr>
            </tfoot>
        </table>
    }
    .into_any()
}
