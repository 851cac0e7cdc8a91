//! "Why not?": each rule's clauses, the account's value, what is needed (PRODUCT 4).

use domain::{signal::Clause, view::account::WhyNot};
use leptos::prelude::*;

use crate::components::{Glyph, Panel, Tone, chip, icon};

/// Every rule's answer.
pub(super) fn why_not(rules: Vec<WhyNot>, account: &str) -> AnyView {
    let rules = rules.into_iter().map(rule).collect_view();
    view! {
        <Panel title=format!("Why not? Every rule at {account}") note="Each clause, its value and what it needs">
            <div class="divide-y divide-line border-t border-line">{rules}</div>
        </Panel>
    }
    .into_any()
}

fn rule(rule: WhyNot) -> AnyView {
    let unmet = rule.clauses.iter().filter(|clause| clause.met == Some(false)).count();
    let unknown = rule.clauses.iter().filter(|clause| clause.met.is_none()).count();
    let (words, tone) = match (rule.fires, unmet, unknown) {
        (true, ..) => ("Fires".to_owned(), Tone::Good),
        (false, 0, 0) => ("Does not fire".to_owned(), Tone::Quiet),
        (false, 0, unknown) => (format!("{unknown} unknown"), Tone::Quiet),
        (false, unmet, _) => (format!("{unmet} not met"), Tone::Plain),
    };
    let subject = (!rule.subject.is_empty()).then(|| format!(": {}", rule.subject));
    let clauses = rule.clauses.into_iter().map(clause).collect_view();
    view! {
        <details>
            <summary class="flex items-center gap-2 px-4 py-2 text-13 hover:bg-base-200/70">
                <span class="min-w-0 flex-1">{rule.label} <span class="text-ink-3">{subject}</span></span>
                {chip(words, tone)}
            </summary>
            <div class="relative overflow-x-auto pb-2" tabindex="0" role="region" aria-label="Clauses">
                <table class="grid-table edge">
                    <thead>
                        <tr>
                            <th scope="col">"Clause"</th>
                            <th scope="col" class="r">"Value"</th>
                            <th scope="col" class="r">"Needs"</th>
                            <th scope="col" class="w-8"><span class="sr-only">"Met"</span></th>
                        </tr>
                    </thead>
                    <tbody>{clauses}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}

fn clause(clause: Clause) -> AnyView {
    let (mark, class) = match clause.met {
        Some(true) => (
            view! { <span class="text-success">{icon(Glyph::Check, "size-4")} <span class="sr-only">"met"</span></span> }.into_any(),
            "r",
        ),
        Some(false) => (
            view! { <span class="text-error">{icon(Glyph::Cross, "size-4")} <span class="sr-only">"not met"</span></span> }.into_any(),
            "r font-medium text-error",
        ),
        None => (view! { <span class="text-xs text-ink-3">"unknown"</span> }.into_any(), "r text-ink-3"),
    };
    view! {
        <tr>
            <td>{clause.label}</td>
            <td class=class>{clause.value}</td>
            <td class="r whitespace-nowrap">{clause.needs}</td>
            <td>{mark}</td>
        </tr>
    }
    .into_any()
}
