//! Evidence beside the claim: words with their speaker, numbers with limit, window and series (DESIGN 6.7, 6.8).

use domain::{
    format,
    signal::{Evidence, EvidenceSource},
};
use leptos::prelude::*;

use crate::show;

/// A short series as a line with a dot at its end; hidden from screen readers, the numbers stand beside it.
pub fn sparkline(series: &[f64], width: f64, height: f64) -> AnyView {
    let path = spark_path(series, width, height);
    path.map(|(path, (x, y))| {
        view! {
            <svg
                width=width.to_string()
                height=height.to_string()
                viewBox=format!("0 0 {width} {height}")
                aria-hidden="true"
                class="shrink-0"
            >
                <path d=path fill="none" stroke="var(--chart-1)" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round"></path>
                <circle cx=format!("{x:.1}") cy=format!("{y:.1}") r="2.2" fill="var(--chart-1)"></circle>
            </svg>
        }
    })
    .into_any()
}

/// The path and its last point; fewer than 3 points are no line (DESIGN 6.22).
fn spark_path(series: &[f64], width: f64, height: f64) -> Option<(String, (f64, f64))> {
    if series.len() < 3 || series.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let low = series.iter().copied().fold(f64::INFINITY, f64::min);
    let high = series.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let range = if high > low { high - low } else { 1.0 };
    let step = (width - 5.0) / (series.len() - 1) as f64;
    let points: Vec<(f64, f64)> = series
        .iter()
        .enumerate()
        .map(|(i, value)| (2.0 + i as f64 * step, height - 3.0 - (value - low) / range * (height - 6.0)))
        .collect();
    let text: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
    points.last().map(|last| (format!("M{}", text.join("L")), *last))
}

/// The word for where evidence comes from.
fn source_word(source: EvidenceSource) -> &'static str {
    match source {
        EvidenceSource::Usage => "usage",
        EvidenceSource::Contract => "contract",
        EvidenceSource::Meeting => "meeting",
        EvidenceSource::Email => "mail",
        EvidenceSource::Support => "support",
        EvidenceSource::Peers => "peers",
        EvidenceSource::Health => "health",
        EvidenceSource::People => "people",
        EvidenceSource::Manual => "logged by hand",
    }
}

/// Where a piece of evidence comes from, in words: "meeting MTG-12, line 14, 28 Jan".
fn origin(evidence: &Evidence) -> String {
    let mut text = source_word(evidence.source).to_owned();
    if !evidence.source_reference.is_empty() {
        text.push(' ');
        text.push_str(&evidence.source_reference);
    }
    if let Some(line) = evidence.line {
        text.push_str(&format!(", line {line}"));
    }
    match (evidence.window, evidence.at) {
        (Some((from, to)), _) => text.push_str(&format!(", {} to {}", show::day(from), show::day(to))),
        (None, Some(at)) => text.push_str(&format!(", {}", show::day(at.day_utc()))),
        (None, None) => {}
    }
    text
}

/// One piece of evidence in full.
#[component]
pub fn EvidenceBlock(
    /// The evidence.
    evidence: Evidence,
    /// The headline that it stands under; a text that says the same is not said twice.
    #[prop(optional)]
    under: String,
) -> impl IntoView {
    let origin = origin(&evidence);
    let instant = evidence.at.map(|at| at.to_string());
    if let Some(quote) = evidence.quote {
        let speaker = evidence.speaker.map(|speaker| format!("{speaker}, ")).unwrap_or_default();
        return view! {
            <blockquote class="quote min-w-0 flex-1 basis-72">
                {format!("“{quote}”")} <cite title=instant>{speaker} {origin}</cite>
            </blockquote>
        }
        .into_any();
    }
    let figure = |value: f64, label: &'static str| {
        view! {
            <span>
                <span class="block text-sm font-semibold tabular-nums">{format::quantity(value)}</span>
                <span class="block text-xs text-ink-3">{label}</span>
            </span>
        }
    };
    view! {
        <div class="flex min-w-0 flex-1 basis-72 flex-wrap items-center gap-x-5 gap-y-1.5">
            <span class="min-w-0 flex-1 basis-48 text-13">
                {(evidence.text != under).then_some(evidence.text)} <span class="block text-xs text-ink-3" title=instant>{origin}</span>
            </span>
            {evidence.value.map(|value| figure(value, "value"))}
            {evidence.limit.map(|limit| figure(limit, "limit"))}
            {sparkline(&evidence.series, 128.0, 30.0)}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_fits_its_box_and_too_short_ones_are_no_line() {
        let (path, (x, y)) = spark_path(&[1.0, 2.0, 3.0], 88.0, 24.0).unwrap();
        assert_eq!(path, "M2.0 21.0L43.5 12.0L85.0 3.0");
        assert_eq!((x, y), (85.0, 3.0));
        assert!(spark_path(&[1.0, 2.0], 88.0, 24.0).is_none());
        assert!(spark_path(&[5.0, 5.0, 5.0], 88.0, 24.0).is_some(), "a flat line is a line");
        assert!(spark_path(&[1.0, f64::NAN, 2.0], 88.0, 24.0).is_none());
    }
}
