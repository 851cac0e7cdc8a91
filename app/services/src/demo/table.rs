//! A dataset as a stream of rows, and the same as bytes of a CSV file.

use std::io::{self, Read};

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
    /// The dataset as the file that `headroom import` would read.
    #[must_use]
    pub fn into_csv(self) -> CsvReader {
        let mut buffer = Vec::with_capacity(BUFFER);
        write_line(&mut buffer, self.header.iter().copied());
        CsvReader { rows: self.rows, buffer, read: 0 }
    }
}

/// Rows are turned into bytes in pieces of about this size: large enough that a read is not a row, small enough not to
/// count beside the reader's own buffers.
const BUFFER: usize = 64 * 1024;

/// Bytes of a CSV file, made as they are read.
pub struct CsvReader {
    rows: Box<dyn Iterator<Item = Row> + Send>,
    buffer: Vec<u8>,
    read: usize,
}

impl Read for CsvReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.read == self.buffer.len() {
            self.buffer.clear();
            self.read = 0;
            while self.buffer.len() < BUFFER {
                let Some(row) = self.rows.next() else { break };
                write_line(&mut self.buffer, row.iter().map(String::as_str));
            }
        }
        let ready = self.buffer.get(self.read..).unwrap_or(&[]);
        let length = ready.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..length), ready.get(..length)) {
            to.copy_from_slice(from);
        }
        self.read += length;
        Ok(length)
    }
}

fn write_line<'a>(buffer: &mut Vec<u8>, cells: impl Iterator<Item = &'a str>) {
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            buffer.push(b',');
        }
        if cell.contains(['"', ',', '\n', '\r']) {
            buffer.push(b'"');
            buffer.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
            buffer.push(b'"');
        } else {
            buffer.extend_from_slice(cell.as_bytes());
        }
    }
    buffer.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_with_commas_quotes_and_lines_survive_the_file() {
        let cells = ["plain", "a, b", "say \"now\"", "two\nlines", ""];
        let row: Row = cells.iter().map(|cell| (*cell).to_owned()).collect();
        let table = Table { dataset: "x", header: &["a", "b", "c", "d", "e"], rows: Box::new([row].into_iter()) };
        let mut reader = csv::Reader::from_reader(table.into_csv());
        let read: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].iter().collect::<Vec<_>>(), cells);
    }
}
