//! A dataset as a stream of rows, and as a file.

use std::io::{self, Write};

/// The cells of one row, in the order of the header.
pub type Row = Vec<String>;

/// One dataset of the demo: its header, and its rows made one after the other.
pub struct Table {
    /// Name of the dataset (DATA_FORMATS).
    pub dataset: &'static str,
    /// Column names.
    pub header: &'static [&'static str],
    /// Rows; an account's worth of them is in memory at a time.
    pub rows: Box<dyn Iterator<Item = Row> + Send>,
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table").field("dataset", &self.dataset).finish_non_exhaustive()
    }
}

impl Table {
    /// Writes the dataset as CSV.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write_csv(self, out: &mut impl Write) -> io::Result<()> {
        write_line(out, self.header.iter().copied())?;
        for row in self.rows {
            write_line(out, row.iter().map(String::as_str))?;
        }
        Ok(())
    }
}

fn write_line<'a>(out: &mut impl Write, cells: impl Iterator<Item = &'a str>) -> io::Result<()> {
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            out.write_all(b",")?;
        }
        if cell.contains(['"', ',', '\n', '\r']) {
            out.write_all(b"\"")?;
            out.write_all(cell.replace('"', "\"\"").as_bytes())?;
            out.write_all(b"\"")?;
        } else {
            out.write_all(cell.as_bytes())?;
        }
    }
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_with_commas_quotes_and_lines_survive_the_file() {
        let cells = ["plain", "a, b", "say \"now\"", "two\nlines", ""];
        let row: Row = cells.iter().map(|cell| (*cell).to_owned()).collect();
        let table = Table { dataset: "x", header: &["a", "b", "c", "d", "e"], rows: Box::new([row].into_iter()) };
        let mut file = Vec::new();
        table.write_csv(&mut file).unwrap();
        let mut reader = csv::Reader::from_reader(file.as_slice());
        let read: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].iter().collect::<Vec<_>>(), cells);
    }
}
