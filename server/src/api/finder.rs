//! `/api/intelligence/expansion-opportunities` (PRD-060).

use axum::{extract::State, response::Response};
use domain::{
    opportunity::{ConfidenceLevel, FoundStatus, OpportunityType, Timeline, totals},
    view::finder::{Figure, GroupRow},
};
use serde::{Deserialize, Serialize};
use services::finder::{Filter, FoundList};
use utoipa::{IntoParams, ToSchema};

use super::{
    extract::{Caller, Json, Query, json},
    page,
    types::{Amount, FoundOut},
};
use crate::{problem::Problem, state::AppState};

/// Parameters of the list. Names in camelCase are accepted too.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FoundQuery {
    /// A type, an alias (`seats`, `cross-sell`) or `all`.
    #[serde(default)]
    r#type: Option<String>,
    /// Smallest value, in whole units of the currency.
    #[serde(default, alias = "minValue")]
    min_value: Option<String>,
    /// `high`, `medium` or `all`.
    #[serde(default)]
    confidence: Option<String>,
    /// A CSM, by id or e-mail address.
    #[serde(default, alias = "csmId")]
    csm_id: Option<String>,
    /// `immediate`, `30_days`, `60_days` or `next_renewal`.
    #[serde(default)]
    timeline: Option<String>,
    /// `open`, `candidate`, `held_back` or `exploratory`; absent: the first three.
    #[serde(default)]
    status: Option<String>,
    /// Rows on a page, at most 200.
    #[serde(default)]
    limit: Option<String>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// `json` (default) or `csv`.
    #[serde(default)]
    format: Option<String>,
}

/// Body of the search. Names in camelCase are accepted too.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct FoundSearch {
    /// A CSM, by id or e-mail address.
    #[serde(default, alias = "csmId")]
    csm_id: Option<String>,
    /// Types; empty is all.
    #[serde(default, alias = "opportunityTypes")]
    opportunity_types: Vec<String>,
    /// Confidence at least, 0–100.
    #[serde(default, alias = "minConfidence")]
    #[schema(minimum = 0, maximum = 100)]
    min_confidence: Option<f64>,
    /// Smallest value, in whole units of the currency.
    #[serde(default, alias = "minValue")]
    #[schema(minimum = 0)]
    min_value: Option<f64>,
}

/// A count with its value.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FigureOut {
    /// Number of opportunities.
    count: u32,
    /// Their value.
    value: Amount,
}

impl From<Figure> for FigureOut {
    fn from(figure: Figure) -> FigureOut {
        FigureOut { count: figure.count, value: figure.value.to_string() }
    }
}

/// One group.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GroupOut {
    /// Key.
    key: String,
    /// Label.
    label: String,
    /// Number of opportunities.
    count: u32,
    /// Their value.
    value: Amount,
    /// Mean confidence.
    average_confidence: Option<f64>,
}

impl From<GroupRow> for GroupOut {
    fn from(group: GroupRow) -> GroupOut {
        GroupOut {
            key: group.key,
            label: group.label,
            count: group.figure.count,
            value: group.figure.value.to_string(),
            average_confidence: group.average_confidence,
        }
    }
}

/// Totals of all that match: open ones and candidates. Held back and exploratory ones are listed, not added.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundTotals {
    /// Number.
    count: u32,
    /// Value.
    value: Amount,
    /// Currency.
    currency: String,
    /// Confidence above 70.
    high_confidence: FigureOut,
    /// Immediate.
    immediate: FigureOut,
    /// With a record.
    in_pipeline: FigureOut,
    /// Without a record yet.
    candidates: FigureOut,
    /// Held back; in no other figure.
    held_back: FigureOut,
    /// Counted without an amount.
    no_amount: u32,
    /// By type.
    by_type: Vec<GroupOut>,
    /// By timeline.
    by_timeline: Vec<GroupOut>,
}

/// The list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundPage {
    /// Ranked by value × confidence.
    data: Vec<FoundOut>,
    /// Cursor of the page after.
    next_cursor: Option<String>,
    /// Rows on a page, after the cut to 200.
    limit: u32,
    /// Totals of all that match.
    totals: FoundTotals,
}

fn answer(state: &AppState, list: FoundList, name: &str, window: page::Window) -> FoundPage {
    let totals = list.totals;
    FoundPage {
        data: list.items.iter().map(|item| FoundOut::of(item, &list.currency)).collect(),
        next_cursor: page::next(&state.secret, name, window, list.matching),
        limit: window.limit,
        totals: FoundTotals {
            count: totals.found.count,
            value: totals.found.value.to_string(),
            currency: list.currency,
            high_confidence: totals.high.into(),
            immediate: totals.immediate.into(),
            in_pipeline: totals.in_pipeline.into(),
            candidates: totals.candidates.into(),
            held_back: totals.held.into(),
            no_amount: totals.no_amount,
            by_type: totals.by_type.into_iter().map(GroupOut::from).collect(),
            by_timeline: totals.by_timeline.into_iter().map(GroupOut::from).collect(),
        },
    }
}

fn word<T>(
    name: &str,
    text: Option<&str>,
    read: impl Fn(&str) -> Option<T>,
    known: &str,
) -> Result<Option<T>, Problem> {
    match text.map(str::trim).filter(|text| !text.is_empty() && *text != "all") {
        None => Ok(None),
        Some(text) => match read(text) {
            Some(value) => Ok(Some(value)),
            None => Err(Problem::bad_request(format!("{name} = {text:?}: write {known} or all."))),
        },
    }
}

fn amount(name: &str, text: &str) -> Result<domain::money::Money, Problem> {
    let wrong = || Problem::bad_request(format!("{name} = {text:?}: write an amount of 0 or more, like 10000."));
    let amount: domain::money::Money = text.trim().parse().map_err(|_| wrong())?;
    if amount.0 < 0 { Err(wrong()) } else { Ok(amount) }
}

impl FoundQuery {
    fn filter(&self) -> Result<Filter, Problem> {
        let kind = match self.r#type.as_deref().map(str::trim).filter(|kind| !kind.is_empty() && *kind != "all") {
            None => None,
            Some(kind) => Some(
                kind.parse::<OpportunityType>()
                    .map_err(|message| Problem::bad_request(format!("type: {message}, or all.")))?,
            ),
        };
        let min_value = match self.min_value.as_deref().filter(|text| !text.trim().is_empty()) {
            None => None,
            Some(text) => Some(amount("min_value", text)?),
        };
        Ok(Filter {
            row: totals::Filter {
                kinds: kind.into_iter().collect(),
                level: word("confidence", self.confidence.as_deref(), ConfidenceLevel::from_key, "high, medium, low")?,
                min_confidence: None,
                timeline: word(
                    "timeline",
                    self.timeline.as_deref(),
                    Timeline::from_key,
                    "immediate, 30_days, 60_days, next_renewal",
                )?,
                min_value,
                status: word(
                    "status",
                    self.status.as_deref(),
                    FoundStatus::from_key,
                    "open, candidate, held_back, exploratory",
                )?,
            },
            csm: self.csm_id.as_deref().map(str::trim).filter(|csm| !csm.is_empty()).map(str::to_owned),
        })
    }

    /// What a cursor of this list is bound to.
    fn name(&self) -> String {
        format!(
            "found {:?} {:?} {:?} {:?} {:?} {:?}",
            self.r#type, self.min_value, self.confidence, self.csm_id, self.timeline, self.status
        )
    }
}

/// Opportunities found, ranked by value × confidence.
#[utoipa::path(get, path = "/intelligence/expansion-opportunities", tag = "Intelligence", params(FoundQuery), responses(
    (status = 200, description = "The list; with format=csv a file", content((FoundPage = "application/json"), (String = "text/csv"))),
    (status = 400, description = "A parameter that can't be read", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "No or bad token", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "The role or the token does not allow it", body = Problem, content_type = "application/problem+json"),
))]
pub async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    headers: http::HeaderMap,
    Query(query): Query<FoundQuery>,
) -> Result<Response, Problem> {
    let filter = query.filter()?;
    let name = query.name();
    if super::csv::wanted(query.format.as_deref(), &headers)? {
        let list = services::finder::list(&state.services, &actor, &filter, 0, u32::MAX).await?;
        return Ok(super::csv::found(&list));
    }
    let window = page::window(&state.secret, &name, query.limit.as_deref(), query.cursor.as_deref())?;
    let list = services::finder::list(&state.services, &actor, &filter, window.offset, window.limit).await?;
    Ok(json(answer(&state, list, &name, window)))
}

/// The same by a body: several types, a smallest confidence. It changes nothing.
#[utoipa::path(post, path = "/intelligence/expansion-opportunities", tag = "Intelligence", request_body = FoundSearch, responses(
    (status = 200, description = "The first 200", body = FoundPage),
    (status = 400, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "No or bad token", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "The role or the token does not allow it", body = Problem, content_type = "application/problem+json"),
    (status = 413, description = "Too large", body = Problem, content_type = "application/problem+json"),
    (status = 415, description = "Not sent as JSON", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A field that is wrong", body = Problem, content_type = "application/problem+json"),
))]
pub async fn search(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Json(body): Json<FoundSearch>,
) -> Result<Response, Problem> {
    let mut kinds = std::collections::BTreeSet::new();
    for kind in body.opportunity_types.iter().filter(|kind| kind.as_str() != "all") {
        kinds.insert(kind.parse::<OpportunityType>().map_err(|message| Problem::field("opportunity_types", message))?);
    }
    if body.min_confidence.is_some_and(|least| !(0.0..=100.0).contains(&least)) {
        return Err(Problem::field("min_confidence", "Write a confidence from 0 to 100."));
    }
    let min_value = match body.min_value {
        None => None,
        Some(value) => Some(
            amount("min_value", &format!("{value:.2}"))
                .map_err(|_| Problem::field("min_value", "Write an amount of 0 or more that fits."))?,
        ),
    };
    let filter = Filter {
        row: totals::Filter { kinds, min_confidence: body.min_confidence, min_value, ..totals::Filter::default() },
        csm: body.csm_id.filter(|csm| !csm.trim().is_empty()),
    };
    let window = page::Window { offset: 0, limit: page::MAX_LIMIT };
    let list = services::finder::list(&state.services, &actor, &filter, 0, window.limit).await?;
    let mut page = answer(&state, list, "search", window);
    // A search has no cursor: the list by GET has.
    page.next_cursor = None;
    Ok(json(page))
}
