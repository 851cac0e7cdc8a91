//! The column-mapping file, which lets foreign headers in without editing the data (DATA_FORMATS).
//!
//! ```toml
//! [customers]
//! file = "accounts.csv"                # which file feeds the dataset; default: the dataset's own name
//! external_id = "account_id"           # a column of that file
//! name = { column = "company", default = "Unnamed" }
//! arr = { column = "mrr", scale = 12 } # numbers and amounts are multiplied
//! status = { column = "churned", values = { "Yes" = "churned", "No" = "active" } }
//! segment = { constant = "smb" }       # the same in every row; "" leaves the column out
//! where = { is_deleted = ["false"] }   # only these rows; or "set", "unset"
//!
//! [usage_metrics]                      # a wide table: one column per metric
//! file = "usage_weekly.csv"
//! observed_on = { column = "week_start", shift_days = 6 }
//! metrics = { api_call = "api_calls", report_view = "feature.report_view" }
//! skip_zero = true                     # no row where the cell is 0
//!
//! [[entitlements]]                     # a dataset may be fed more than once
//! metric = { column = "feature", prefix = "feature." }
//! ```
//!
//! `plus_hours = "resolution_time"` adds the hours of another column to an instant. `via = "contracts"` on a `customer_external_id` takes the account of the contract that the column names. Columns that
//! a section does not mention are still matched by their own name.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::columns::{Dataset, Kind};

/// Longest shift; more is a mistake, not a week.
const SHIFT_DAYS_MAX: i64 = 366;

/// The mapping file is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("mapping, {place}: {message}")]
pub struct MappingError {
    /// Where: `[opportunities] stage`.
    pub place: String,
    /// What would be right.
    pub message: String,
}

/// Sections of a mapping file, in import order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mapping {
    sections: Vec<(Dataset, Section)>,
}

/// How one file feeds one dataset.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Section {
    /// The file's name; none: the dataset's own.
    pub file: Option<String>,
    /// Where columns of the dataset come from, by name.
    pub columns: BTreeMap<String, ColumnSource>,
    /// Columns of a wide table: header and metric.
    pub metrics: Vec<(String, String)>,
    /// Leave out zeros of a wide table.
    pub skip_zero: bool,
    /// Conditions on columns of the file; all must hold.
    pub filters: Vec<(String, Filter)>,
}

/// Where the values of a column come from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ColumnSource {
    /// A column of the file.
    pub column: Option<String>,
    /// The same in every row.
    pub constant: Option<String>,
    /// Instead of an empty cell.
    pub default: Option<String>,
    /// Instead of these cells.
    pub values: Vec<(String, String)>,
    /// Put before the cell.
    pub prefix: Option<String>,
    /// Factor for numbers and amounts.
    pub scale: Option<f64>,
    /// Days added to a date.
    pub shift_days: i32,
    /// A column of the file whose hours are added to an instant; without hours the cell is empty.
    pub plus_hours: Option<String>,
    /// The dataset whose row names the account.
    pub via: Option<Dataset>,
}

impl ColumnSource {
    /// Just a column of the file.
    #[must_use]
    pub fn column(name: &str) -> ColumnSource {
        ColumnSource { column: Some(name.to_owned()), ..ColumnSource::default() }
    }
}

/// A condition on a column of the file.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// Not empty.
    Set,
    /// Empty.
    Unset,
    /// One of these, without regard to case.
    OneOf(Vec<String>),
}

impl Filter {
    /// Whether a cell passes.
    #[must_use]
    pub fn passes(&self, cell: &str) -> bool {
        match self {
            Filter::Set => !cell.is_empty(),
            Filter::Unset => cell.is_empty(),
            Filter::OneOf(allowed) => allowed.iter().any(|word| word.to_lowercase() == cell.to_lowercase()),
        }
    }
}

impl Mapping {
    /// One dataset from headers, as the upload page makes it: column → header; an empty header leaves the column out.
    #[must_use]
    pub fn of_headers(dataset: Dataset, headers: &BTreeMap<String, String>) -> Mapping {
        let columns = headers
            .iter()
            .filter(|(column, _)| dataset.position(column).is_some())
            .map(|(column, header)| {
                let source = if header.trim().is_empty() {
                    ColumnSource { constant: Some(String::new()), ..ColumnSource::default() }
                } else {
                    ColumnSource::column(header)
                };
                (column.clone(), source)
            })
            .collect();
        Mapping { sections: vec![(dataset, Section { columns, ..Section::default() })] }
    }

    /// Sections in import order.
    #[must_use]
    pub fn sections(&self) -> &[(Dataset, Section)] {
        &self.sections
    }

    /// The sections of a dataset.
    pub fn of(&self, dataset: Dataset) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(move |(of, _)| *of == dataset).map(|(_, section)| section)
    }

    /// Reads the tables of a mapping file (TOML or JSON, given as JSON).
    ///
    /// # Errors
    /// The place and what would be right.
    pub fn from_json(json: &Json) -> Result<Mapping, MappingError> {
        let Json::Object(tables) = json else {
            return Err(wrong("top", "one table per dataset is expected, like [customers]"));
        };
        let mut sections = Vec::new();
        for (name, body) in tables {
            let place = format!("[{name}]");
            let dataset: Dataset = name.parse().map_err(|message: String| wrong(&place, message))?;
            let bodies = match body {
                Json::Array(bodies) => bodies.iter().collect(),
                body => vec![body],
            };
            for body in bodies {
                sections.push((dataset, read_section(dataset, &place, body)?));
            }
        }
        sections.sort_by_key(|(dataset, _)| *dataset);
        Ok(Mapping { sections })
    }
}

fn wrong(place: &str, message: impl Into<String>) -> MappingError {
    MappingError { place: place.to_owned(), message: message.into() }
}

fn read_section(dataset: Dataset, place: &str, body: &Json) -> Result<Section, MappingError> {
    let Json::Object(entries) = body else {
        return Err(wrong(place, "a table is expected"));
    };
    let mut section = Section::default();
    for (key, value) in entries {
        let here = format!("{place} {key}");
        match key.as_str() {
            "file" => section.file = Some(text(&here, value)?),
            "skip_zero" => {
                section.skip_zero = value.as_bool().ok_or_else(|| wrong(&here, "write true or false"))?;
            }
            "metrics" if dataset == Dataset::UsageMetrics => section.metrics = pairs(&here, value)?,
            "where" => section.filters = read_filters(&here, value)?,
            column if dataset.position(column).is_some() => {
                section.columns.insert(column.to_owned(), read_source(dataset, column, &here, value)?);
            }
            _ => {
                let known = dataset.columns_text();
                return Err(wrong(
                    &here,
                    format!("{dataset} has no such column; it has {known}, and a section may hold file, where"),
                ));
            }
        }
    }
    Ok(section)
}

/// A string, or a number or truth as one.
fn text(place: &str, value: &Json) -> Result<String, MappingError> {
    match value {
        Json::String(text) => Ok(text.clone()),
        Json::Number(number) => Ok(number.to_string()),
        Json::Bool(truth) => Ok(truth.to_string()),
        _ => Err(wrong(place, "a text is expected")),
    }
}

fn pairs(place: &str, value: &Json) -> Result<Vec<(String, String)>, MappingError> {
    let Json::Object(entries) = value else {
        return Err(wrong(place, "a table is expected, like { \"theirs\" = \"ours\" }"));
    };
    entries.iter().map(|(from, to)| Ok((from.clone(), text(place, to)?))).collect()
}

fn read_filters(place: &str, value: &Json) -> Result<Vec<(String, Filter)>, MappingError> {
    let Json::Object(entries) = value else {
        return Err(wrong(place, "a table is expected, like { is_deleted = [\"false\"] }"));
    };
    let read = |value: &Json| match value {
        Json::String(word) if word == "set" => Ok(Filter::Set),
        Json::String(word) if word == "unset" => Ok(Filter::Unset),
        Json::Array(words) => {
            words.iter().map(|word| text(place, word)).collect::<Result<Vec<_>, _>>().map(Filter::OneOf)
        }
        other => text(place, other).map(|word| Filter::OneOf(vec![word])),
    };
    entries.iter().map(|(column, value)| Ok((column.clone(), read(value)?))).collect()
}

fn read_source(dataset: Dataset, column: &str, place: &str, value: &Json) -> Result<ColumnSource, MappingError> {
    let entries = match value {
        Json::String(name) => return Ok(ColumnSource::column(name)),
        Json::Object(entries) => entries,
        _ => return Err(wrong(place, "write the name of a column, or a table with `column` or `constant`")),
    };
    let mut source = ColumnSource::default();
    for (key, value) in entries {
        match key.as_str() {
            "column" => source.column = Some(text(place, value)?),
            "constant" => source.constant = Some(text(place, value)?),
            "default" => source.default = Some(text(place, value)?),
            "prefix" => source.prefix = Some(text(place, value)?),
            "values" => source.values = pairs(place, value)?,
            "scale" => {
                let scale = value.as_f64().filter(|scale| scale.is_finite() && *scale != 0.0 && scale.abs() <= 1e9);
                source.scale = Some(scale.ok_or_else(|| wrong(place, "scale is a number other than 0"))?);
            }
            "shift_days" => {
                let days = value.as_i64().filter(|days| days.abs() <= SHIFT_DAYS_MAX);
                let days = days.ok_or_else(|| wrong(place, "shift_days is a whole number from -366 to 366"))?;
                source.shift_days = days as i32;
            }
            "plus_hours" => {
                let instant =
                    dataset.position(column).and_then(|at| dataset.columns().get(at)).map(|column| column.kind);
                if instant != Some(Kind::Instant) {
                    return Err(wrong(place, "plus_hours stands on a column that holds an instant, like closed_at"));
                }
                source.plus_hours = Some(text(place, value)?);
            }
            "via" => {
                let via: Dataset = text(place, value)?.parse().map_err(|message: String| wrong(place, message))?;
                let names_accounts =
                    via.position("external_id").is_some() && via.position("customer_external_id").is_some();
                if column != "customer_external_id" || !names_accounts || via >= dataset {
                    return Err(wrong(
                        place,
                        "via stands on customer_external_id and names a dataset imported before that has an external_id and an account, like contracts",
                    ));
                }
                source.via = Some(via);
            }
            other => {
                return Err(wrong(
                    place,
                    format!(
                        "{other:?} is not known here; known are column, constant, default, values, prefix, scale, shift_days, plus_hours, via"
                    ),
                ));
            }
        }
    }
    if source.column.is_some() == source.constant.is_some() {
        return Err(wrong(place, "write either `column` or `constant`"));
    }
    Ok(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping(text: &str) -> Result<Mapping, MappingError> {
        Mapping::from_json(&toml::from_str(text).unwrap())
    }

    #[test]
    fn the_example_of_the_formats_page_is_read() {
        let read = mapping(
            r#"
            [opportunities]
            external_id = "opportunity_id"
            stage = { column = "deal_stage", values = { "Engaging" = "qualified" } }
            type = { constant = "upsell" }
            where = { upgrade_date = "set", kind = ["a", "b"] }
            [[usage_metrics]]
            file = "usage_weekly.csv"
            observed_on = { column = "week_start", shift_days = 6 }
            metrics = { api_call = "api_calls" }
            [[usage_metrics]]
            customer_external_id = { column = "subscription_id", via = "contracts" }
            "#,
        )
        .unwrap();
        assert_eq!(read.sections().len(), 3);
        let section = read.of(Dataset::Opportunities).next().unwrap();
        assert_eq!(section.columns["stage"].values, [("Engaging".to_owned(), "qualified".to_owned())]);
        assert_eq!(section.columns["type"].constant.as_deref(), Some("upsell"));
        let usage: Vec<&Section> = read.of(Dataset::UsageMetrics).collect();
        assert_eq!(usage[0].columns["observed_on"].shift_days, 6);
        assert_eq!(usage[0].metrics, [("api_call".to_owned(), "api_calls".to_owned())]);
        assert_eq!(usage[1].columns["customer_external_id"].via, Some(Dataset::Contracts));
    }

    #[test]
    fn a_wrong_mapping_names_the_place() {
        for (text, place, part) in [
            ("[accounts]\na = \"b\"", "[accounts]", "customers"),
            ("[customers]\nid = \"x\"", "[customers] id", "external_id*"),
            ("[customers]\nname = 3", "[customers] name", "column"),
            ("[customers]\nname = { colum = \"x\" }", "[customers] name", "colum"),
            ("[customers]\nname = { column = \"x\", constant = \"y\" }", "[customers] name", "either"),
            ("[customers]\narr = { column = \"x\", scale = 0 }", "[customers] arr", "other than 0"),
            ("[customers]\nname = { column = \"x\", via = \"contracts\" }", "[customers] name", "via"),
            ("[tickets]\ntopic = { column = \"x\", plus_hours = \"y\" }", "[tickets] topic", "instant"),
            ("customers = 1", "[customers]", "table"),
        ] {
            let error = mapping(text).unwrap_err();
            assert_eq!(error.place, place);
            assert!(error.message.contains(part), "{error}");
        }
    }
}
