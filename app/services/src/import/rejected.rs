//! Rejected rows with their reasons, to be mended and imported again.

use domain::{access::Actor, id::ImportId};
use store::Db;

use super::authorise;
use crate::{Error, Result};

/// Rows of a download; a file of which more is wrong is mended at its source.
const ROWS_MAX: usize = 100_000;
const STEP: u64 = 2_000;

/// The rejected rows of a run as CSV: file, line, field, reason, and the row as it stood in the file.
///
/// # Errors
/// [`Error::NotFound`] for a run that is not there.
pub async fn rejected_csv(db: &Db, actor: &Actor, import: ImportId) -> Result<String> {
    authorise(actor)?;
    if store::import::run(db.read(), import).await?.is_none() {
        return Err(Error::NotFound);
    }
    let failed = |error: csv::Error| Error::Internal(format!("the rejected rows can't be written: {error}"));
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["file", "line", "field", "reason", "row"]).map_err(failed)?;
    let mut written = 0;
    for file in store::import::files(db.read(), import).await? {
        let mut after = 0;
        loop {
            let rows = store::import::rejections(db.read(), file.id, after, STEP).await?;
            let Some((last, _)) = rows.last() else { break };
            after = *last;
            for (_, row) in rows {
                let cells = [&file.report.file, &row.line.to_string(), &row.field, &row.reason, &row.raw];
                out.write_record(cells.map(|cell| harmless(cell))).map_err(failed)?;
                written += 1;
            }
            if written >= ROWS_MAX {
                break;
            }
        }
    }
    let bytes = out.into_inner().map_err(|error| Error::Internal(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| Error::Internal(error.to_string()))
}

/// A cell that a spreadsheet would take for a formula gets a `'` before it (CONTRACT 2).
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t']) && cell.parse::<f64>().is_err() {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn formulas_are_made_harmless_and_numbers_are_left_alone() {
        for (cell, written) in [("=1+1", "'=1+1"), ("-5", "-5"), ("-x", "'-x"), ("@a", "'@a"), ("a=b", "a=b")] {
            assert_eq!(harmless(cell), written);
        }
    }
}
