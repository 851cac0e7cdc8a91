//! Lists as CSV: raw values, ISO dates, one header row, cells that a spreadsheet would run as a formula made harmless
//! (CONTRACT 2).

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};
use services::finder::FoundList;

use crate::problem::Problem;

/// Whether the list is asked for as CSV, by `format` or by `Accept`.
///
/// # Errors
/// 400 for another format.
pub fn wanted(format: Option<&str>, headers: &HeaderMap) -> Result<bool, Problem> {
    match format.map(str::trim).filter(|format| !format.is_empty()) {
        Some("csv") => Ok(true),
        Some("json") => Ok(false),
        Some(other) => Err(Problem::bad_request(format!("format = {other:?}: write json or csv."))),
        None => {
            let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
            Ok(accept.split(',').any(|kind| kind.trim().starts_with("text/csv")))
        }
    }
}

/// A cell; what begins with `= + - @` or a tab gets a `'` in front, numbers excepted.
#[must_use]
pub fn cell(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let safe = if risky { format!("'{text}") } else { text.to_owned() };
    if safe.contains([',', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

/// Rows as a file.
#[must_use]
pub fn file(name: &str, head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Response {
    let mut out = head.join(",");
    out.push_str("\r\n");
    for row in rows {
        let cells: Vec<String> = row.iter().map(|text| cell(text)).collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, disposition)], out)
        .into_response()
}

/// Found opportunities as a file.
#[must_use]
pub fn found(list: &FoundList) -> Response {
    const HEAD: [&str; 17] = [
        "id",
        "opportunity_id",
        "customer_external_id",
        "customer_name",
        "name",
        "opportunity_type",
        "status",
        "stage",
        "estimated_value",
        "currency",
        "confidence_score",
        "confidence_level",
        "composite_score",
        "timeline",
        "csm_email",
        "signals",
        "scored_at",
    ];
    let rows = list.items.iter().map(|item| {
        let signals: Vec<&str> = item.signals.iter().map(|signal| signal.episode.rule.key()).collect();
        vec![
            item.row.id.to_string(),
            item.row.opportunity_ref.clone().unwrap_or_default(),
            item.row.account_ref.clone(),
            item.row.account.clone(),
            item.row.name.clone(),
            item.row.kind.key().into(),
            item.row.status.key().into(),
            item.row.stage.map(|stage| stage.key().to_owned()).unwrap_or_default(),
            item.row.value.map(|value| value.to_string()).unwrap_or_default(),
            list.currency.clone(),
            item.row.confidence.to_string(),
            item.row.level.key().into(),
            item.row.composite.to_string(),
            item.row.timeline.key().into(),
            item.csm_email.clone().unwrap_or_default(),
            signals.join(" "),
            item.scored_at.to_string(),
        ]
    });
    file("expansion-opportunities.csv", &HEAD, rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_harmless_and_numbers_stay() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("@x", "'@x"),
            ("-12.50", "-12.50"),
            ("+1", "+1"),
            ("-a", "'-a"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("=a,b", "\"'=a,b\""),
        ] {
            assert_eq!(cell(text), expected, "{text}");
        }
    }
}
