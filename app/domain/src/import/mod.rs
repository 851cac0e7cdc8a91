//! Files become checked rows (PRODUCT 3, DATA_FORMATS, CONTRACT 5). Pure: the bytes come from `services::import`.
//!
//! The way of a file: its header and an optional mapping section make a [`Plan`]; a first pass over all records fills a
//! [`Survey`] (date styles, percent or ratio), which becomes [`Formats`]; a second pass turns each record into typed
//! [`Row`]s or a [`Rejection`]. Two passes, because the last line may be the one that says how all dates are written.
//!
//! One more column: add it to the dataset's table in `columns.rs` and to the migration. One more dataset: a variant of
//! [`Dataset`] at its place in import order, its columns, and its table.

mod columns;
mod dates;
mod mapping;
mod plan;
mod report;
mod value;
mod words;

pub use columns::{Column, Dataset, Kind};
pub use dates::DateStyle;
pub use mapping::{ColumnSource, Filter, Mapping, MappingError, Section};
pub use plan::{Cells, Formats, HeaderError, Plan, Row, Survey};
pub use report::{DatasetReport, ImportReport, LISTED_AT_MOST, Rejection, Warning};
pub use value::{Value, is_email};
pub use words::{read_stage, read_type};
