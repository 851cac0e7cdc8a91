//! What stands under an open row: why, approach, confidence, value, champion, blockers, next steps.

use domain::{
    format,
    opportunity::found::{BlockerNote, Objection, Step, ValueEstimate},
    view::finder::{FinderDetail, FinderRow, SignalLine},
};
use leptos::prelude::*;

use super::{Actions, RowKind, decide};
use crate::{
    components::{ConfidenceParts, EvidenceBlock, Glyph, icon, strength},
    show,
};

/// The opened part of a row.
pub(crate) fn detail(row: &FinderRow, found: FinderDetail, kind: RowKind, actions: Actions) -> AnyView {
    let known = found.parts.iter().filter(|part| part.known).count();
    let facts = [
        ("Champion", champion(&found)),
        ("Value, low to high", value_range(&found.value)),
        ("Timeline", format!("{}. {}", row.timeline.label(), found.timeline_reason)),
        ("Evidence complete", format!("{known} of {} parts", found.parts.len())),
        ("CSM", show::or_dash(row.csm.clone())),
        ("Composite score", format!("{}, scored {}", format::score(row.composite), found.scored_at)),
    ];
    let facts = facts
        .into_iter()
        .map(|(label, text)| view! { <div class="min-w-0"><dt class="eyebrow">{label}</dt><dd>{text}</dd></div> });
    let facts = facts.collect_view();
    let guards =
        row.guards.iter().map(|guard| (guard.text.clone(), format!("{}; until {}", guard.detail, guard.until)));
    let guards: Vec<_> = guards.collect();
    let steps = decide::next_steps(row, &found.next_steps, kind.may_decide(), actions);
    view! {
        <div class="grid gap-x-8 gap-y-5 border-t border-line bg-base-200/60 px-4 py-4 sm:pl-12 lg:grid-cols-2">
            <div class="min-w-0">{sub_title("Why this opportunity")} {signal_lines(found.signals)} {held(guards)}</div>
            <div class="min-w-0">
                {sub_title("Approach")}
                {numbered(found.approach)}
                <dl class="mt-4 grid grid-cols-2 gap-x-4 gap-y-2.5 text-13">{facts}</dl>
                {blockers(found.blockers)}
            </div>
            <div class="min-w-0">
                {sub_title("Confidence, part by part")} <ConfidenceParts parts=found.parts total=row.confidence/>
            </div>
            <div class="min-w-0">{sub_title("Value, how it is made")} {value(found.value)}</div>
            <div class="min-w-0">{sub_title("Talking points")} {points(found.talking_points)}</div>
            <div class="min-w-0">{sub_title("Likely objections")} {objections(found.objections)}</div>
            <div class="min-w-0 lg:col-span-2">{steps}</div>
        </div>
    }
    .into_any()
}

fn sub_title(words: &'static str) -> AnyView {
    view! { <h4 class="mb-2 text-xs font-semibold text-ink-2">{words}</h4> }.into_any()
}

/// Signals with strength and evidence.
pub(crate) fn signal_lines(signals: Vec<SignalLine>) -> AnyView {
    let lines = signals.into_iter().map(|signal| {
        let decay = (signal.strength - signal.decayed_strength >= 0.005)
            .then(|| format!("{} before decay", format::score(signal.strength)));
        let under = signal.title.clone();
        let evidence = signal
            .evidence
            .into_iter()
            .map(|evidence| view! { <EvidenceBlock evidence=evidence under=under.clone()/> });
        view! {
            <li class="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-1 text-13">
                <span class="font-medium">{signal.title}</span>
                {strength(signal.decayed_strength)}
                <span class="col-span-2 text-xs text-ink-3">
                    {signal.rule.label()} " v" {signal.rule_version} ", " {signal.when}
                    {decay.map(|text| format!(", {text}"))}
                </span>
                <div class="col-span-2 flex flex-wrap gap-x-5 gap-y-2">{evidence.collect_view()}</div>
            </li>
        }
    });
    view! { <ul class="space-y-3">{lines.collect_view()}</ul> }.into_any()
}

fn champion(found: &FinderDetail) -> String {
    match &found.champion {
        Some(champion) => {
            let title = champion.title.as_ref().map(|title| format!(", {title}")).unwrap_or_default();
            let engagement = champion.engagement.map_or_else(|| "unknown".to_owned(), format::confidence);
            format!("{}{title}; engagement {engagement}", champion.name)
        }
        None => "No champion known".into(),
    }
}

fn value_range(value: &ValueEstimate) -> String {
    match (value.low, value.high) {
        (Some(low), Some(high)) => format!("{}–{}", show::money(low), show::money(high)),
        _ => "no amount".into(),
    }
}

fn numbered(steps: Vec<Step>) -> AnyView {
    let steps = steps.into_iter().enumerate().map(|(i, step)| {
        view! {
            <li class="flex gap-2.5">
                <span class="mt-px grid size-[1.15rem] shrink-0 place-items-center rounded-full bg-base-300 text-2xs font-semibold text-ink-2">
                    {(i + 1).to_string()}
                </span>
                <span class="min-w-0">{step.text} <span class="block text-xs text-ink-3">{step.evidence}</span></span>
            </li>
        }
    });
    view! { <ol class="space-y-2 text-13">{steps.collect_view()}</ol> }.into_any()
}

fn points(steps: Vec<Step>) -> AnyView {
    let none = steps.is_empty();
    let steps = steps.into_iter().map(|step| {
        view! { <li>{step.text} <span class="block text-xs text-ink-3">{step.evidence}</span></li> }
    });
    view! {
        <ul class="list-disc space-y-1.5 pl-4 text-13">{steps.collect_view()}</ul>
        {none.then(|| view! { <p class="text-13 text-ink-3">"None from the evidence."</p> })}
    }
    .into_any()
}

fn objections(objections: Vec<Objection>) -> AnyView {
    let none = objections.is_empty();
    let lines = objections.into_iter().map(|objection| {
        view! {
            <div>
                <dt class="font-medium">{format!("“{}”", objection.says)}</dt>
                <dd class="text-ink-2">{objection.answer}</dd>
            </div>
        }
    });
    view! {
        <dl class="space-y-2 text-13">{lines.collect_view()}</dl>
        {none.then(|| view! { <p class="text-13 text-ink-3">"None expected from the evidence."</p> })}
    }
    .into_any()
}

fn blockers(blockers: Vec<BlockerNote>) -> AnyView {
    let none = blockers.is_empty();
    let lines = blockers.into_iter().map(|blocker| (blocker.text, blocker.detail)).collect::<Vec<_>>();
    view! {
        <h4 class="mb-1 mt-4 text-xs font-semibold text-ink-2">"Blockers"</h4>
        {none.then(|| view! { <p class="text-13">"None found"</p> })}
        {held(lines)}
    }
    .into_any()
}

/// Statements that hold something back, each with what is behind it.
fn held(lines: Vec<(String, String)>) -> AnyView {
    let lines = lines.into_iter().map(|(text, detail)| {
        view! {
            <li class="flex items-start gap-2 text-xs text-warning">
                <span class="mt-px">{icon(Glyph::Warn, "size-3.5")}</span>
                <span class="min-w-0">{text} <span class="block text-ink-3">{detail}</span></span>
            </li>
        }
    });
    view! { <ul class="mt-2 space-y-1.5">{lines.collect_view()}</ul> }.into_any()
}

fn value(value: ValueEstimate) -> AnyView {
    let inputs = value.inputs.into_iter().map(|(label, text)| {
        view! {
            <tr class="border-t border-line">
                <th scope="row" class="py-1.5 text-left font-normal">{label}</th>
                <td class="py-1.5 text-right tabular-nums">{text}</td>
            </tr>
        }
    });
    let inputs = inputs.collect_view();
    view! {
        <table class="w-full text-13">
            <caption class="mb-1 text-left text-xs text-ink-3">{value.method}</caption>
            <tbody>{inputs}</tbody>
            <tfoot>
                <tr class="border-t border-line font-semibold">
                    <th scope="row" class="py-1.5 text-left">"Expected, per year"</th>
                    <td class="py-1.5 text-right tabular-nums">{show::money_or(value.expected, "no amount")}</td>
                </tr>
            </tfoot>
        </table>
    }
    .into_any()
}
