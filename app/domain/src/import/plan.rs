//! From the header of a file to checked rows.

use std::collections::HashMap;

use crate::calendar::Calendar;

use super::{
    columns::{Column, Dataset, Kind},
    dates::{DateStyle, DateSurvey},
    mapping::{ColumnSource, Filter, Section},
    report::{Rejection, Warning},
    value::{self, Reading, Value},
    words::{shown, squash},
};

/// Columns of a file; beyond it is no table of records.
const COLUMNS_MAX: usize = 20_000;
/// Unknown columns that are reported one by one; more are counted in one warning.
const UNKNOWN_LISTED: usize = 20;

/// One record of a file. `None` is a column that the record does not have (JSON Lines), which leaves a stored value alone;
/// an empty text empties it.
pub trait Cells {
    /// The cell of a column of the file.
    fn cell(&self, index: usize) -> Option<&str>;
}

impl Cells for Vec<String> {
    fn cell(&self, index: usize) -> Option<&str> {
        self.get(index).map(String::as_str)
    }
}

impl Cells for Vec<Option<String>> {
    fn cell(&self, index: usize) -> Option<&str> {
        self.get(index).and_then(|cell| cell.as_deref())
    }
}

/// The header does not fit the dataset: nothing of the file can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct HeaderError {
    /// Column of the dataset.
    pub field: String,
    /// What would be right.
    pub message: String,
}

/// A checked row. Cells stand in the order of the dataset's columns; `None` is not given.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Line of the file.
    pub line: u64,
    /// Cells.
    pub cells: Vec<Option<Value>>,
}

/// Which column of the file feeds which column of the dataset, and how.
#[derive(Debug, Clone)]
pub struct Plan {
    dataset: Dataset,
    sources: Vec<Source>,
    metrics: Vec<(usize, String)>,
    skip_zero: bool,
    filters: Vec<(usize, Filter)>,
    unknown: Vec<String>,
}

#[derive(Debug, Clone, Default)]
struct Source {
    at: Option<usize>,
    constant: Option<String>,
    default: Option<String>,
    values: HashMap<String, String>,
    prefix: Option<String>,
    scale: Option<f64>,
    shift_days: i32,
    /// The column of the file that holds hours to add.
    plus_hours: Option<usize>,
    via: Option<Dataset>,
}

impl Source {
    /// Whether the file says anything about the column.
    fn given(&self) -> bool {
        self.at.is_some() || self.constant.as_ref().is_some_and(|text| !text.is_empty())
    }

    /// The text that counts, trimmed.
    fn text<'a>(&'a self, cells: &'a impl Cells) -> Option<&'a str> {
        let cell = match (&self.constant, self.at) {
            (Some(constant), _) => constant.trim(),
            (None, Some(at)) => cells.cell(at)?.trim(),
            (None, None) => return None,
        };
        let cell = if self.values.is_empty() {
            cell
        } else {
            self.values.get(&cell.to_lowercase()).map_or(cell, String::as_str)
        };
        Some(if cell.is_empty() { self.default.as_deref().unwrap_or("") } else { cell })
    }
}

impl Plan {
    /// Lays the header beside the dataset's columns.
    ///
    /// # Errors
    /// A required column that is missing, a column that is there twice, a mapped column that is not there.
    pub fn new(dataset: Dataset, headers: &[String], section: Option<&Section>) -> Result<Plan, HeaderError> {
        let wrong = |field: &str, message: String| HeaderError { field: field.to_owned(), message };
        if headers.len() > COLUMNS_MAX {
            return Err(wrong("", format!("the file has {} columns; at most {COLUMNS_MAX} are read", headers.len())));
        }
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, header) in headers.iter().enumerate() {
            places.entry(squash(header)).or_default().push(at);
        }
        let find = |field: &str, header: &str| match places.get(&squash(header)).map(Vec::as_slice) {
            None => Ok(None),
            Some([at]) => Ok(Some(*at)),
            Some(all) => {
                let numbers: Vec<String> = all.iter().map(|at| (at + 1).to_string()).collect();
                let message =
                    format!("the column {} stands more than once (columns {})", shown(header), numbers.join(", "));
                Err(wrong(field, message))
            }
        };
        let missing = |field: &str, header: &str| {
            wrong(field, format!("the file has no column {}; it has {}", shown(header), listed(headers)))
        };

        let no_section = Section::default();
        let section = section.unwrap_or(&no_section);
        let wide = !section.metrics.is_empty();
        let mut used = vec![false; headers.len()];
        let mut take = |at: Option<usize>| {
            if let Some(used) = at.and_then(|at| used.get_mut(at)) {
                *used = true;
            }
            at
        };
        let mut sources = Vec::new();
        for column in dataset.columns() {
            if wide && matches!(column.name, "metric" | "value") {
                sources.push(Source::default());
                continue;
            }
            let source = match section.columns.get(column.name) {
                Some(mapped) => {
                    let at = match &mapped.column {
                        Some(header) => Some(find(column.name, header)?.ok_or_else(|| missing(column.name, header))?),
                        None => None,
                    };
                    let mut source = Source::of(mapped, take(at));
                    if let Some(header) = &mapped.plus_hours {
                        let hours = find(column.name, header)?.ok_or_else(|| missing(column.name, header))?;
                        source.plus_hours = take(Some(hours));
                    }
                    source
                }
                None => Source { at: take(find(column.name, column.name)?), ..Source::default() },
            };
            if column.required && !source.given() && source.default.is_none() {
                return Err(wrong(
                    column.name,
                    format!(
                        "the file has no column {}, which {dataset} needs; its columns are {} (* = needed), the file has {}",
                        column.name,
                        dataset.columns_text(),
                        listed(headers)
                    ),
                ));
            }
            sources.push(source);
        }
        let mut metrics = Vec::new();
        for (header, metric) in &section.metrics {
            let at = find("metrics", header)?.ok_or_else(|| missing("metrics", header))?;
            take(Some(at));
            metrics.push((at, metric.trim().to_owned()));
        }
        let mut filters = Vec::new();
        for (header, filter) in &section.filters {
            let at = find("where", header)?.ok_or_else(|| missing("where", header))?;
            take(Some(at));
            filters.push((at, filter.clone()));
        }
        // A column without a name comes from a comma at the end of every line.
        let unknown = headers.iter().zip(&used).filter(|(header, used)| !**used && !header.trim().is_empty());
        let unknown = unknown.map(|(header, _)| header.clone()).collect();
        Ok(Plan { dataset, sources, metrics, skip_zero: section.skip_zero, filters, unknown })
    }

    /// The dataset.
    #[must_use]
    pub const fn dataset(&self) -> Dataset {
        self.dataset
    }

    /// Whether the file says anything about a column of the dataset.
    #[must_use]
    pub fn gives(&self, column: usize) -> bool {
        self.sources.get(column).is_some_and(Source::given)
            || (!self.metrics.is_empty()
                && self.dataset.columns().get(column).is_some_and(|c| matches!(c.name, "metric" | "value")))
    }

    /// The header position that feeds a column.
    #[must_use]
    pub fn fed_by(&self, column: usize) -> Option<usize> {
        self.sources.get(column).and_then(|source| source.at)
    }

    /// The dataset through which a column names an account, when the mapping says so.
    #[must_use]
    pub fn via(&self, column: usize) -> Option<Dataset> {
        self.sources.get(column).and_then(|source| source.via)
    }

    /// Columns of the file that nothing uses, as warnings on line 1.
    #[must_use]
    pub fn unknown_columns(&self) -> Vec<Warning> {
        let warning = |field: &str, message: String| Warning { line: 1, field: clipped(field), message };
        match self.unknown.as_slice() {
            [] => Vec::new(),
            few if few.len() <= UNKNOWN_LISTED => few
                .iter()
                .map(|name| warning(name, format!("the column {} is unknown and was not imported", shown(name))))
                .collect(),
            [first, ..] => vec![warning(
                first,
                format!("{} columns are unknown and were not imported: {}", self.unknown.len(), listed(&self.unknown)),
            )],
        }
    }

    /// The texts of the key, as they stand in the file; `None` when a part is missing. Not the typed key: two spellings
    /// of one day differ.
    #[must_use]
    pub fn reference_text<'a>(&'a self, column: usize, cells: &'a impl Cells) -> Option<&'a str> {
        self.sources.get(column)?.text(cells).filter(|text| !text.is_empty())
    }

    /// Whether the record belongs to the dataset at all (`where`).
    #[must_use]
    pub fn takes(&self, cells: &impl Cells) -> bool {
        self.filters.iter().all(|(at, filter)| filter.passes(cells.cell(*at).unwrap_or("").trim()))
    }

    /// Turns one record into rows: one, or one per metric of a wide table. Each is checked, or refused with its reason.
    pub fn read(
        &self,
        line: u64,
        cells: &impl Cells,
        formats: &Formats,
        calendar: &Calendar,
        mut sink: impl FnMut(Result<Row, Rejection>),
    ) {
        if !self.takes(cells) {
            return;
        }
        let row = self.read_columns(line, cells, formats, calendar);
        if self.metrics.is_empty() {
            return sink(row.and_then(|row| check_row(self.dataset, row)));
        }
        let (Some(metric_at), Some(value_at)) = (self.dataset.position("metric"), self.dataset.position("value"))
        else {
            return;
        };
        for (at, metric) in &self.metrics {
            let text = cells.cell(*at).unwrap_or("").trim();
            if text.is_empty() {
                continue;
            }
            let kind = self.dataset.columns().get(value_at).map_or(Kind::Text, |column| column.kind);
            let value = value::read(kind, text, &Reading::default(), calendar);
            if self.skip_zero && value.as_ref().is_ok_and(|value| value.real() == Some(0.0)) {
                continue;
            }
            sink(row.clone().and_then(|mut row| {
                let value = value.map_err(|reason| Rejection { line, field: metric.clone(), reason })?;
                if let Some(cell) = row.cells.get_mut(metric_at) {
                    *cell = Some(Value::Text(metric.clone()));
                }
                if let Some(cell) = row.cells.get_mut(value_at) {
                    *cell = Some(value);
                }
                Ok(row)
            }));
        }
    }

    fn read_columns(
        &self,
        line: u64,
        cells: &impl Cells,
        formats: &Formats,
        calendar: &Calendar,
    ) -> Result<Row, Rejection> {
        let wide = !self.metrics.is_empty();
        let mut read = Vec::with_capacity(self.sources.len());
        for ((column, source), format) in self.dataset.columns().iter().zip(&self.sources).zip(&formats.columns) {
            let refuse = |reason: String| Rejection { line, field: column.name.to_owned(), reason };
            let text = source.text(cells);
            let value = match text {
                None | Some("") if column.required && !(wide && source.at.is_none()) => {
                    return Err(refuse(format!("{} is needed and is empty", column.name)));
                }
                None => None,
                Some("") => Some(Value::Null),
                Some(text) => {
                    let reading = format.as_ref().map_err(|reason| refuse(reason.clone()))?;
                    let value = read_prefixed(column, source, text, reading, calendar).map_err(refuse)?;
                    Some(match source.plus_hours {
                        Some(at) => plus_hours(&value, cells.cell(at).unwrap_or("")).map_err(refuse)?,
                        None => value,
                    })
                }
            };
            read.push(value);
        }
        Ok(Row { line, cells: read })
    }
}

fn read_prefixed(
    column: &Column,
    source: &Source,
    text: &str,
    reading: &Reading,
    calendar: &Calendar,
) -> Result<Value, String> {
    match &source.prefix {
        Some(prefix) => value::read(column.kind, &format!("{prefix}{text}"), reading, calendar),
        None => value::read(column.kind, text, reading, calendar),
    }
}

/// An instant so many hours later; without hours there is none.
fn plus_hours(value: &Value, hours: &str) -> Result<Value, String> {
    const HOURS_MAX: f64 = 1_000_000.0;
    let hours = hours.trim();
    if hours.is_empty() {
        return Ok(Value::Null);
    }
    let Value::Real(hours) =
        value::read(Kind::Number(0.0, HOURS_MAX), hours, &Reading::default(), &Calendar::default())?
    else {
        return Ok(Value::Null);
    };
    Ok(value.int().map_or(Value::Null, |at| Value::Int(at + (hours * 3_600_000.0) as i64)))
}

/// What no single cell can say.
fn check_row(dataset: Dataset, row: Row) -> Result<Row, Rejection> {
    let ends_before_start = |from: &str, to: &str| {
        let cell = |name: &str| dataset.position(name).and_then(|at| row.cells.get(at)?.as_ref()?.int());
        matches!((cell(from), cell(to)), (Some(from), Some(to)) if to < from)
    };
    let pair = match dataset {
        Dataset::Contracts | Dataset::Entitlements => ("starts_on", "ends_on"),
        Dataset::Tickets => ("opened_at", "closed_at"),
        _ => return Ok(row),
    };
    if ends_before_start(pair.0, pair.1) {
        let reason = format!("{} is before {}", pair.1, pair.0);
        return Err(Rejection { line: row.line, field: pair.1.to_owned(), reason });
    }
    Ok(row)
}

impl Source {
    fn of(mapped: &ColumnSource, at: Option<usize>) -> Source {
        Source {
            at,
            constant: mapped.constant.clone(),
            default: mapped.default.as_ref().map(|text| text.trim().to_owned()),
            values: mapped.values.iter().map(|(from, to)| (from.trim().to_lowercase(), to.trim().to_owned())).collect(),
            prefix: mapped.prefix.clone(),
            scale: mapped.scale,
            shift_days: mapped.shift_days,
            plus_hours: None,
            via: mapped.via,
        }
    }
}

/// Names for a message: the first twenty, then how many more.
fn listed(names: &[String]) -> String {
    let mut out: Vec<String> = names.iter().take(UNKNOWN_LISTED).map(|name| clipped(name)).collect();
    if names.len() > UNKNOWN_LISTED {
        out.push(format!("… and {} more", names.len() - UNKNOWN_LISTED));
    }
    if out.is_empty() { "none".to_owned() } else { out.join(", ") }
}

/// A header as it is shown: a header may be as long as a line.
fn clipped(name: &str) -> String {
    name.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// What the first pass over a file collects.
#[derive(Debug, Clone)]
pub struct Survey {
    columns: Vec<ColumnSurvey>,
}

#[derive(Debug, Clone)]
enum ColumnSurvey {
    Dates(DateSurvey),
    Ratio { above_one: Option<u64> },
    Other,
}

/// How the columns of a file are read.
#[derive(Debug, Clone)]
pub struct Formats {
    columns: Vec<Result<Reading, String>>,
}

impl Survey {
    /// Nothing seen yet.
    #[must_use]
    pub fn new(plan: &Plan) -> Survey {
        let columns = plan.dataset.columns().iter().zip(&plan.sources).map(|(column, source)| match column.kind {
            _ if source.at.is_none() => ColumnSurvey::Other,
            Kind::Day | Kind::Instant => ColumnSurvey::Dates(DateSurvey::default()),
            Kind::Ratio => ColumnSurvey::Ratio { above_one: None },
            _ => ColumnSurvey::Other,
        });
        Survey { columns: columns.collect() }
    }

    /// Takes one record into account.
    pub fn see(&mut self, plan: &Plan, line: u64, cells: &impl Cells) {
        if !plan.takes(cells) {
            return;
        }
        for (column, source) in self.columns.iter_mut().zip(&plan.sources) {
            match column {
                ColumnSurvey::Other => {}
                ColumnSurvey::Dates(dates) => {
                    if let Some(text) = source.text(cells) {
                        dates.see(text, line);
                    }
                }
                ColumnSurvey::Ratio { above_one } => {
                    let in_percent = |text: &str| match text.strip_suffix('%') {
                        Some(_) => true,
                        None => text.parse::<f64>().is_ok_and(|number| number > 1.0),
                    };
                    if above_one.is_none() && source.text(cells).is_some_and(in_percent) {
                        *above_one = Some(line);
                    }
                }
            }
        }
    }

    /// What the whole file says.
    #[must_use]
    pub fn finish(&self, plan: &Plan) -> Formats {
        let mut signs = self.columns.iter().filter_map(|column| match column {
            ColumnSurvey::Dates(dates) => dates.slash_begins_with_day(),
            _ => None,
        });
        // What one column shows holds for the others of the file; columns that contradict each other decide alone.
        let first = signs.next();
        let file = first.filter(|first| signs.all(|sign| sign == *first));
        let columns = self.columns.iter().zip(&plan.sources).map(|(column, source)| {
            let reading = Reading { scale: source.scale, shift_days: source.shift_days, ..Reading::default() };
            match column {
                ColumnSurvey::Other => Ok(reading),
                ColumnSurvey::Ratio { above_one } => Ok(Reading { percent: above_one.is_some(), ..reading }),
                ColumnSurvey::Dates(dates) => dates.finish(file).map(|style| Reading { style, ..reading }),
            }
        });
        Formats { columns: columns.collect() }
    }
}

impl Formats {
    /// How dates were read: `closed_on: DD.MM.YYYY`.
    #[must_use]
    pub fn date_styles(&self, plan: &Plan) -> Vec<String> {
        self.each(plan).filter_map(|(column, reading)| Some(format!("{}: {}", column.name, reading.style?))).collect()
    }

    /// Choices that a reader of the report has to know: dates that are not ISO, probabilities in percent.
    #[must_use]
    pub fn choices(&self, plan: &Plan) -> Vec<Warning> {
        let of = |column: &Column, message: String| Warning { line: 1, field: column.name.to_owned(), message };
        self.each(plan)
            .filter_map(|(column, reading)| match reading.style {
                Some(style) if style != DateStyle::YearDash => Some(of(column, format!("dates were read as {style}"))),
                _ if reading.percent => {
                    Some(of(column, "values above 1, or a percent sign, were found: all were read as percent".into()))
                }
                _ => None,
            })
            .collect()
    }

    fn each<'a>(&'a self, plan: &Plan) -> impl Iterator<Item = (&'static Column, &'a Reading)> {
        plan.dataset
            .columns()
            .iter()
            .zip(&self.columns)
            .filter_map(|(column, reading)| Some((column, reading.as_ref().ok()?)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::import::Mapping;

    fn record(line: &str) -> Vec<String> {
        line.split(',').map(str::to_owned).collect()
    }

    /// Reads a small table the way the service does.
    fn import(
        dataset: Dataset,
        mapping: Option<&str>,
        lines: &[&str],
    ) -> Result<(Plan, Vec<Result<Row, Rejection>>), HeaderError> {
        let mapping = mapping.map(|text| Mapping::from_json(&toml::from_str(text).unwrap()).unwrap());
        let section = mapping.as_ref().and_then(|mapping| mapping.of(dataset).next());
        let plan = Plan::new(dataset, &record(lines[0]), section)?;
        let mut survey = Survey::new(&plan);
        for (at, line) in lines.iter().enumerate().skip(1) {
            survey.see(&plan, at as u64 + 1, &record(line));
        }
        let formats = survey.finish(&plan);
        let mut out = Vec::new();
        for (at, line) in lines.iter().enumerate().skip(1) {
            plan.read(at as u64 + 1, &record(line), &formats, &Calendar::default(), |row| out.push(row));
        }
        Ok((plan, out))
    }

    fn reason(row: &Result<Row, Rejection>) -> &str {
        &row.as_ref().unwrap_err().reason
    }

    #[test]
    fn headers_match_without_regard_to_case_space_and_dash() {
        let (plan, rows) =
            import(Dataset::Customers, None, &["External-Id, NAME ,colour,Created On", "C-1,Acme,red,2025-01-31"])
                .unwrap();
        let row = rows[0].as_ref().unwrap();
        assert_eq!(row.cells[0], Some(Value::Text("C-1".into())));
        assert_eq!(row.cells[2], None, "a column that is not there is not given");
        assert_eq!(row.cells[15], Some(Value::Int(20_119)));
        let unknown = plan.unknown_columns();
        assert_eq!((unknown.len(), unknown[0].line, unknown[0].field.as_str()), (1, 1, "colour"));
    }

    #[test]
    fn ten_thousand_unknown_columns_are_one_bounded_warning() {
        let mut headers = record("external_id,name");
        headers.extend((0..10_000).map(|n| format!("x{n}")));
        let plan = Plan::new(Dataset::Customers, &headers, None).unwrap();
        let warnings = plan.unknown_columns();
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].message.contains("10000 columns") && warnings[0].message.len() < 400);
    }

    #[test]
    fn a_header_that_does_not_fit_says_what_is_missing() {
        let error = import(Dataset::Customers, None, &["id,name", "1,A"]).unwrap_err();
        assert_eq!(error.field, "external_id");
        let error = import(Dataset::Customers, None, &["external_id,name,Name", "1,A,B"]).unwrap_err();
        assert!(error.message.contains("columns 2, 3"), "{error}");
        let mapping = "[customers]\nexternal_id = \"account\"";
        let error = import(Dataset::Customers, Some(mapping), &["id,name", "1,A"]).unwrap_err();
        assert!(error.message.contains("account") && error.message.contains("id, name"), "{error}");
    }

    #[test]
    fn mixed_styles_refuse_the_rows_and_name_both_lines() {
        let (_, rows) = import(
            Dataset::HealthScores,
            None,
            &["customer_external_id,scored_on,score", "C-1,2025-06-30,50", "C-1,01.07.2025,60"],
        )
        .unwrap();
        for row in &rows {
            assert!(reason(row).contains("line 2") && reason(row).contains("line 3"), "{row:?}");
        }
    }

    #[test]
    fn one_value_above_one_makes_the_column_percent() {
        let lines = [
            "external_id,customer_external_id,name,type,stage,probability",
            "1,C,A,upsell,Proposal,1",
            "2,C,B,upsell,Proposal,60",
        ];
        let (plan, rows) = import(Dataset::Opportunities, None, &lines).unwrap();
        assert_eq!(rows[0].as_ref().unwrap().cells[7], Some(Value::Real(0.01)));
        assert_eq!(rows[1].as_ref().unwrap().cells[7], Some(Value::Real(0.6)));
        drop(plan);
        let (_, rows) = import(Dataset::Opportunities, None, &lines[..2]).unwrap();
        assert_eq!(rows[0].as_ref().unwrap().cells[7], Some(Value::Real(1.0)));
    }

    #[test]
    fn a_mapping_scales_filters_and_unfolds() {
        let mapping = r#"
            [usage_metrics]
            customer_external_id = "customer_id"
            observed_on = { column = "week_start", shift_days = 6 }
            metrics = { api_call = "api_calls", report_view = "feature.report_view" }
            skip_zero = true
            where = { kind = ["live"] }
        "#;
        let (_, rows) = import(
            Dataset::UsageMetrics,
            Some(mapping),
            &[
                "customer_id,week_start,api_call,report_view,kind",
                "c,2025-06-02,7,0,live",
                "c,2025-06-09,x,2,LIVE",
                "c,2025-06-16,1,1,test",
            ],
        )
        .unwrap();
        assert_eq!(rows.len(), 3, "a zero and a filtered line give none");
        let row = rows[0].as_ref().unwrap();
        assert_eq!(row.cells[1], Some(Value::Text("api_calls".into())));
        assert_eq!(row.cells[2], Some(Value::Int(20_247)), "the last day of the week");
        assert_eq!(row.cells[3], Some(Value::Real(7.0)));
        assert!(reason(&rows[1]).contains("not a number"));
        assert_eq!(rows[2].as_ref().unwrap().cells[1], Some(Value::Text("feature.report_view".into())));
    }

    #[test]
    fn hours_of_another_column_are_added() {
        let mapping = r#"
            [tickets]
            opened_at = "made"
            closed_at = { column = "made", plus_hours = "took" }
        "#;
        let (plan, rows) = import(
            Dataset::Tickets,
            Some(mapping),
            &[
                "external_id,customer_external_id,made,took",
                "1,C,2025-06-01,1.5",
                "2,C,2025-06-01,",
                "3,C,2025-06-01,x",
            ],
        )
        .unwrap();
        let cell = |row: usize, at: usize| rows[row].as_ref().unwrap().cells[at].clone();
        let opened = cell(0, 2).unwrap().int().unwrap();
        assert_eq!(cell(0, 3), Some(Value::Int(opened + 5_400_000)));
        assert_eq!(cell(1, 3), Some(Value::Null));
        assert!(reason(&rows[2]).contains("not a number"));
        assert!(plan.unknown_columns().is_empty());
    }

    #[test]
    fn an_end_before_its_start_is_refused() {
        let (_, rows) = import(
            Dataset::Contracts,
            None,
            &[
                "external_id,customer_external_id,starts_on,ends_on,licensed_seats",
                "K,C,2025-02-01,2025-01-01,5",
                "L,C,2025-02-01,,-1",
                "M,C,,,1",
            ],
        )
        .unwrap();
        assert!(reason(&rows[0]).contains("before"));
        assert!(reason(&rows[1]).contains("negative"));
        assert!(reason(&rows[2]).contains("starts_on is needed"));
    }

    proptest! {
        #[test]
        fn every_record_of_a_plain_table_ends_in_exactly_one_result(cells in proptest::collection::vec(proptest::collection::vec(".{0,12}", 17), 0..6)) {
            for dataset in Dataset::ALL {
                let headers: Vec<String> = dataset.columns().iter().map(|c| c.name.to_owned()).collect();
                let plan = Plan::new(dataset, &headers, None).unwrap();
                let mut survey = Survey::new(&plan);
                for (at, record) in cells.iter().enumerate() {
                    survey.see(&plan, at as u64 + 2, record);
                }
                let formats = survey.finish(&plan);
                let mut results = 0;
                for (at, record) in cells.iter().enumerate() {
                    plan.read(at as u64 + 2, record, &formats, &Calendar::default(), |_| results += 1);
                }
                prop_assert_eq!(results, cells.len());
            }
        }
    }
}
