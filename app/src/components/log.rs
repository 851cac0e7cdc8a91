//! The activity log: what happened, by whom, when (DESIGN 6.16).

use domain::view::account::ActivityLine;
use leptos::prelude::*;

/// A line of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// What happened.
    pub text: String,
    /// Who and when.
    pub detail: String,
}

impl From<ActivityLine> for LogLine {
    fn from(line: ActivityLine) -> LogLine {
        LogLine { text: line.text, detail: format!("{}, {}", line.actor, line.when) }
    }
}

/// The log, newest first.
pub fn log(lines: Vec<LogLine>) -> AnyView {
    let lines = lines.into_iter().map(|line| {
        view! { <li>{line.text} <span class="block text-xs text-ink-3">{line.detail}</span></li> }
    });
    view! { <ol class="log">{lines.collect_view()}</ol> }.into_any()
}
