//! Usage: a million rows in one go.

use std::collections::{HashMap, HashSet};

use domain::{
    id::ImportId,
    import::{Dataset, DatasetReport, Value},
};
use store::{Tx, import::UsagePoint};

use super::{
    refused,
    rows::References,
    survey::{Batch, Parsed, rejected},
};
use crate::Result;

/// Metrics of one file; more is a column mistaken for the metric.
const METRICS_MAX: usize = 10_000;

/// Writes batches of usage rows.
pub(super) struct UsageWriter {
    metrics: HashMap<String, i64>,
    counts: [i64; 3],
}

impl UsageWriter {
    pub fn new() -> UsageWriter {
        UsageWriter { metrics: HashMap::new(), counts: [0; 3] }
    }

    /// Puts the counts of all batches into the report.
    pub fn finish(&self, report: &mut DatasetReport) {
        let [created, updated, unchanged] = self.counts.map(|count| u64::try_from(count).unwrap_or(0));
        (report.created, report.updated, report.unchanged) = (created, updated, unchanged);
    }

    /// Writes one batch; what can't be written is added to `batch.refused`.
    pub async fn write(
        &mut self,
        tx: &Tx,
        import: ImportId,
        via: Option<Dataset>,
        references: &mut References,
        batch: &mut Batch,
        touched: &mut HashSet<i64>,
    ) -> Result<()> {
        let rows = std::mem::take(&mut batch.rows);
        let customers = rows.iter().filter_map(|parsed| text(parsed, 0));
        references.load(tx, Dataset::Customers, via, customers).await?;
        self.load_metrics(tx, &rows).await?;
        let mut points: Vec<UsagePoint> = Vec::with_capacity(rows.len());
        let mut places: HashMap<(i64, i64, i32), usize> = HashMap::with_capacity(rows.len());
        for parsed in &rows {
            let point = match self.point(parsed, references, via) {
                Ok(point) => point,
                Err(rejection) => {
                    batch.refused.push(rejected(rejection, &parsed.raw));
                    continue;
                }
            };
            match places.entry((point.customer, point.metric, point.day)) {
                std::collections::hash_map::Entry::Vacant(place) => {
                    place.insert(points.len());
                    points.push(point);
                }
                // The last one of the file wins.
                std::collections::hash_map::Entry::Occupied(place) => {
                    if let Some(first) = points.get_mut(*place.get()) {
                        first.value = point.value;
                        first.times += 1;
                    }
                }
            }
        }
        let counts = store::import::put_usage(tx, import, &points).await?;
        self.counts[0] += counts.created;
        self.counts[1] += counts.updated;
        self.counts[2] += counts.unchanged;
        touched.extend(counts.touched);
        Ok(())
    }

    fn point(
        &self,
        parsed: &Parsed,
        references: &References,
        via: Option<Dataset>,
    ) -> Result<UsagePoint, domain::import::Rejection> {
        let line = parsed.row.line;
        let customer = text(parsed, 0).unwrap_or_default();
        let customer = references.id(Dataset::Customers, via, customer).ok_or_else(|| {
            refused(line, "customer_external_id", super::rows::unknown(Dataset::Customers, via, customer))
        })?;
        let metric = text(parsed, 1).and_then(|name| self.metrics.get(name)).copied().ok_or_else(|| {
            refused(line, "metric", format!("the file has more than {METRICS_MAX} metrics; is this column the metric?"))
        })?;
        let (Some(Some(Value::Int(day))), Some(Some(Value::Real(value)))) =
            (parsed.row.cells.get(2), parsed.row.cells.get(3))
        else {
            return Err(refused(line, "", "day and value are needed"));
        };
        Ok(UsagePoint { customer, metric, day: *day as i32, value: *value, times: 1 })
    }

    async fn load_metrics(&mut self, tx: &Tx, rows: &[Parsed]) -> Result<()> {
        let mut missing: Vec<String> = Vec::new();
        for name in rows.iter().filter_map(|parsed| text(parsed, 1)) {
            if !self.metrics.contains_key(name) && !missing.iter().any(|known| known == name) {
                if self.metrics.len() + missing.len() >= METRICS_MAX {
                    break;
                }
                missing.push(name.to_owned());
            }
        }
        if !missing.is_empty() {
            self.metrics.extend(store::import::metric_ids(tx, &missing).await?);
        }
        Ok(())
    }
}

fn text(parsed: &Parsed, at: usize) -> Option<&str> {
    parsed.row.cells.get(at)?.as_ref()?.text()
}
