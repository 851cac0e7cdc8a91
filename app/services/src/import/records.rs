//! Lines become records: CSV (with `,`, `;` or tabs, quotes as RFC 4180) and JSON Lines.

use std::collections::HashMap;

use domain::import::Cells;
use serde_json::Value as Json;

use super::source::{FileError, LINE_MAX, Line, Lines, Source};

/// Distinct keys of a JSON Lines file; beyond it is no table of records.
const JSON_KEYS_MAX: usize = 20_000;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Header and cells.
    Csv {
        /// What stands between cells.
        delimiter: u8,
    },
    /// One object per line.
    JsonLines,
}

/// One record, reused from call to call.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// Line on which it begins.
    pub line: u64,
    /// As it stood in the file.
    pub raw: Vec<u8>,
    text: String,
    ends: Vec<usize>,
    /// Cells of a JSON line: `None` is a key that the object does not have.
    sparse: Option<Vec<Option<String>>>,
}

impl Cells for Record {
    fn cell(&self, index: usize) -> Option<&str> {
        match &self.sparse {
            Some(cells) => cells.get(index).and_then(|cell| cell.as_deref()),
            None => {
                let end = *self.ends.get(index)?;
                let start = index.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
                self.text.get(start..end)
            }
        }
    }
}

impl Record {
    fn len(&self) -> usize {
        self.ends.len()
    }

    /// All cells, owned.
    pub fn cells(&self) -> Vec<String> {
        let count = self.sparse.as_ref().map_or(self.len(), Vec::len);
        (0..count).map(|at| self.cell(at).unwrap_or("").to_owned()).collect()
    }
}

/// What [`Records::next`] found.
pub(super) enum Next {
    /// A record.
    Record,
    /// A row that is no record, and why. Line and text stand in the record.
    Refused(String),
    /// No more.
    End,
}

/// Records of an opened file.
pub(super) struct Records {
    lines: Lines,
    format: Format,
    headers: Vec<String>,
    keys: HashMap<String, usize>,
    cell_bytes: Vec<u8>,
}

impl Records {
    /// Opens a file and reads its header. For JSON Lines that is a pass over the whole file, because each line may have
    /// keys of its own.
    pub fn open(source: &Source, hash: bool) -> Result<Records, FileError> {
        let mut lines = Lines::open(source, hash)?;
        let named_json = {
            let name = source.name.to_ascii_lowercase();
            let name = name.strip_suffix(".gz").unwrap_or(&name);
            [".jsonl", ".ndjson", ".json"].iter().any(|end| name.ends_with(end))
        };
        if lines.starts_with(b"[{")? || (named_json && lines.starts_with(b"[")?) {
            return Err(FileError::new(source, "is one JSON array; write JSON Lines, one object per line"));
        }
        if named_json || lines.starts_with(b"{")? {
            let headers = json_keys(source)?;
            return Ok(Records::new(lines, Format::JsonLines, headers));
        }
        let mut records = Records::new(lines, Format::Csv { delimiter: b',' }, Vec::new());
        let mut record = Record::default();
        match records.next(&mut record)? {
            Next::End => return Err(FileError::new(source, "is empty; its first line has to name the columns")),
            Next::Refused(reason) => return Err(FileError::new(source, format!("line 1: {reason}"))),
            Next::Record => {}
        }
        // A header without commas but with semicolons or tabs is written with those.
        if record.len() == 1
            && let Some(delimiter) = [b';', b'\t'].into_iter().find(|delimiter| record.raw.contains(delimiter))
        {
            records = Records::new(Lines::open(source, hash)?, Format::Csv { delimiter }, Vec::new());
            records.next(&mut record)?;
        }
        records.headers = record.cells().iter().map(|cell| cell.trim().to_owned()).collect();
        Ok(records)
    }

    fn new(lines: Lines, format: Format, headers: Vec<String>) -> Records {
        let keys = headers.iter().enumerate().map(|(at, key)| (key.clone(), at)).collect();
        Records { lines, format, headers, keys, cell_bytes: Vec::new() }
    }

    /// Columns of the file.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// How the file is written.
    pub const fn format(&self) -> Format {
        self.format
    }

    /// The hash of everything read, when it was asked for.
    pub fn sha256(self) -> String {
        self.lines.sha256()
    }

    /// Reads the next record; empty lines are passed over.
    pub fn next(&mut self, record: &mut Record) -> Result<Next, FileError> {
        loop {
            record.raw.clear();
            let line = self.lines.next()?;
            record.line = self.lines.number;
            match line {
                Line::End => return Ok(Next::End),
                Line::TooLong => {
                    return Ok(Next::Refused("the line is longer than 1 MB; no record needs that".into()));
                }
                Line::Text if self.lines.line.iter().all(u8::is_ascii_whitespace) => {}
                Line::Text => break,
            }
        }
        match self.format {
            Format::JsonLines => Ok(self.json(record)),
            Format::Csv { delimiter } => self.csv(record, delimiter),
        }
    }

    fn csv(&mut self, record: &mut Record, delimiter: u8) -> Result<Next, FileError> {
        record.sparse = None;
        record.ends.clear();
        self.cell_bytes.clear();
        let mut state = State::CellStart;
        loop {
            record.raw.extend_from_slice(&self.lines.line);
            state = split(&self.lines.line, delimiter, state, &mut self.cell_bytes, &mut record.ends);
            if state != State::Quoted {
                break;
            }
            // The cell goes on on the next line.
            self.cell_bytes.push(b'\n');
            record.raw.push(b'\n');
            match self.lines.next()? {
                Line::Text if record.raw.len() + self.lines.line.len() <= LINE_MAX => {}
                Line::End => {
                    return Ok(Next::Refused(format!(
                        "a cell that begins with a quote on line {} never ends",
                        record.line
                    )));
                }
                Line::Text | Line::TooLong => {
                    return Ok(Next::Refused(format!(
                        "a cell that begins with a quote on line {} does not end within 1 MB",
                        record.line
                    )));
                }
            }
        }
        record.ends.push(self.cell_bytes.len());
        record.text.clear();
        match std::str::from_utf8(&self.cell_bytes) {
            Ok(text) => record.text.push_str(text),
            Err(error) => {
                let at = error.valid_up_to();
                let cell = record.ends.iter().position(|end| at < *end).unwrap_or(0);
                let name = self.headers.get(cell).map_or_else(|| format!("cell {}", cell + 1), Clone::clone);
                return Ok(Next::Refused(format!("{name} is not valid UTF-8; save the file as UTF-8")));
            }
        }
        let wanted = self.headers.len();
        // More cells than columns are fine as long as nothing stands in them: some programs end every line with commas.
        let extra_empty = (wanted..record.len()).all(|at| record.cell(at).is_some_and(|cell| cell.trim().is_empty()));
        if wanted > 0 && (record.len() < wanted || !extra_empty) {
            let found = record.len();
            return Ok(Next::Refused(format!("the line has {found} cells, the header has {wanted}")));
        }
        Ok(Next::Record)
    }

    fn json(&mut self, record: &mut Record) -> Next {
        record.raw.extend_from_slice(&self.lines.line);
        let object = match serde_json::from_slice::<Json>(&self.lines.line) {
            Ok(Json::Object(object)) => object,
            Ok(_) => return Next::Refused("the line is no JSON object, like {\"external_id\": \"C-1\"}".into()),
            Err(error) if std::str::from_utf8(&self.lines.line).is_err() => {
                return Next::Refused(format!("the line is not valid UTF-8 ({error}); save the file as UTF-8"));
            }
            Err(error) => return Next::Refused(format!("the line is not valid JSON ({error})")),
        };
        let mut cells = vec![None; self.headers.len()];
        for (key, value) in object {
            let text = match json_cell(value) {
                Ok(text) => text,
                Err(reason) => return Next::Refused(format!("{key} {reason}")),
            };
            if let Some(cell) = self.keys.get(&key).and_then(|at| cells.get_mut(*at)) {
                *cell = Some(text);
            }
        }
        record.sparse = Some(cells);
        Next::Record
    }
}

/// A JSON value as the text that a CSV cell would hold.
fn json_cell(value: Json) -> Result<String, String> {
    match value {
        Json::Null => Ok(String::new()),
        Json::String(text) => Ok(text),
        Json::Bool(truth) => Ok(truth.to_string()),
        Json::Number(number) => Ok(number.to_string()),
        Json::Array(items) => {
            let texts: Result<Vec<String>, String> = items
                .into_iter()
                .map(|item| match item {
                    Json::Array(_) | Json::Object(_) => Err("holds a list of objects; write texts".to_owned()),
                    plain => json_cell(plain),
                })
                .collect();
            // Lines of a transcript hold a colon after the speaker and stand on lines of their own.
            let texts = texts?;
            let separator = if texts.iter().any(|text| text.contains(": ")) { "\n" } else { ";" };
            Ok(texts.join(separator))
        }
        Json::Object(_) => Err("holds an object; write a text or a number".to_owned()),
    }
}

/// All keys of a JSON Lines file, in the order in which they appear.
fn json_keys(source: &Source) -> Result<Vec<String>, FileError> {
    let mut lines = Lines::open(source, false)?;
    let mut seen: HashMap<String, ()> = HashMap::new();
    let mut keys = Vec::new();
    loop {
        match lines.next()? {
            Line::End => return Ok(keys),
            Line::TooLong => continue,
            Line::Text => {}
        }
        let Ok(Json::Object(object)) = serde_json::from_slice::<Json>(&lines.line) else { continue };
        for (key, _) in object {
            if !seen.contains_key(&key) {
                if keys.len() == JSON_KEYS_MAX {
                    return Err(FileError::new(
                        source,
                        format!("its objects have more than {JSON_KEYS_MAX} different keys"),
                    ));
                }
                seen.insert(key.clone(), ());
                keys.push(key);
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    CellStart,
    Plain,
    Quoted,
    /// A quote inside a quoted cell: its end, or the first half of a doubled one.
    QuoteInQuoted,
}

/// Splits one line into cells: bytes without quotes into `bytes`, where each but the last cell ends into `ends`.
fn split(line: &[u8], delimiter: u8, mut state: State, bytes: &mut Vec<u8>, ends: &mut Vec<usize>) -> State {
    if state == State::CellStart && !line.contains(&b'"') {
        for (at, cell) in line.split(|b| *b == delimiter).enumerate() {
            if at > 0 {
                ends.push(bytes.len());
            }
            bytes.extend_from_slice(cell);
        }
        return State::Plain;
    }
    for byte in line {
        state = match (state, *byte) {
            (State::CellStart, b'"') => State::Quoted,
            (State::Quoted, b'"') => State::QuoteInQuoted,
            (State::QuoteInQuoted, b'"') => {
                bytes.push(b'"');
                State::Quoted
            }
            (State::Quoted, other) => {
                bytes.push(other);
                State::Quoted
            }
            (_, other) if other == delimiter => {
                ends.push(bytes.len());
                State::CellStart
            }
            (_, other) => {
                bytes.push(other);
                State::Plain
            }
        };
    }
    state
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;

    type Rows = Vec<(u64, Result<Vec<String>, String>)>;

    /// Reads bytes as a file of this name: header, then cells or reasons with their lines.
    fn read(name: &str, bytes: &[u8]) -> Result<(Vec<String>, Rows), FileError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let source = Source { name: name.into(), path: file.path().into() };
        let mut records = Records::open(&source, true)?;
        let mut record = Record::default();
        let mut out = Vec::new();
        loop {
            match records.next(&mut record)? {
                Next::Record => out.push((record.line, Ok(record.cells()))),
                Next::Refused(reason) => out.push((record.line, Err(reason))),
                Next::End => return Ok((records.headers().to_vec(), out)),
            }
        }
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    fn texts(cells: &[&str]) -> Result<Vec<String>, String> {
        Ok(cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn csv_has_marks_quotes_blank_lines_and_other_separators() {
        let (headers, rows) =
            read("a.csv", b"\xef\xbb\xbfid,name\r\n1,\"A, \"\"B\"\"\nC\"\r\n\r\n2,plain \"x\"\n3,,\n4\n").unwrap();
        assert_eq!(headers, ["id", "name"]);
        assert_eq!(rows[0], (2, texts(&["1", "A, \"B\"\nC"])));
        assert_eq!(rows[1], (5, texts(&["2", "plain \"x\""])));
        assert_eq!(rows[2].0, 6);
        assert!(rows[2].1.is_ok(), "empty cells beyond the header are let through");
        assert_eq!(rows[3], (7, Err("the line has 1 cells, the header has 2".into())));
        let (headers, rows) = read("a.csv", b"id;name\n1;x,y\n").unwrap();
        assert_eq!((headers.len(), rows[0].1.clone()), (2, texts(&["1", "x,y"])));
    }

    #[test]
    fn json_lines_have_types_and_missing_keys() {
        let (headers, rows) = read(
            "a.jsonl",
            b"{\"id\":1,\"name\":\"A\"}\n[1]\n{\"id\":2,\"tags\":[\"x\",\"y\"],\"on\":true}\n{\"id\":{}}\n{bad\n{\"id\":null}\n",
        )
        .unwrap();
        assert_eq!(headers, ["id", "name", "tags", "on"]);
        assert_eq!(rows[0], (1, texts(&["1", "A", "", ""])));
        assert!(rows[1].1.as_ref().unwrap_err().contains("JSON object"));
        assert_eq!(rows[2], (3, texts(&["2", "", "x;y", "true"])));
        assert!(rows[3].1.as_ref().unwrap_err().starts_with("id holds an object"));
        assert!(rows[4].1.as_ref().unwrap_err().contains("valid JSON"));
        assert!(rows[5].1.is_ok());
        assert!(read("a.jsonl", b"[{\"id\":1}]").unwrap_err().message.contains("one object per line"));
        assert!(read("customers", b" [\n {\"id\":1}]").unwrap_err().message.contains("one object per line"));
        assert_eq!(read("a.jsonl", b"").unwrap().1.len(), 0);
    }

    #[test]
    fn gzip_is_told_by_its_bytes_and_a_cut_one_is_refused() {
        let packed = gzip(b"id,name\n1,A\n2,B\n");
        let (_, rows) = read("a.csv", &packed).unwrap();
        assert_eq!(rows.len(), 2);
        let many: Vec<u8> = (0..20_000).flat_map(|n| format!("{n},name {}\n", n * 7919).into_bytes()).collect();
        let packed = gzip(&[b"id,name\n".to_vec(), many].concat());
        let error = read("a.csv.gz", &packed[..packed.len() / 2]).unwrap_err();
        assert!(error.to_string().contains("cut off"), "{error}");
        let mut damaged = packed.clone();
        let middle = damaged.len() / 2;
        damaged[middle..middle + 50].fill(0xaa);
        assert!(read("a.csv.gz", &damaged).is_err());
    }

    #[test]
    fn what_is_no_text_is_refused_and_bad_utf8_is_a_row() {
        assert!(read("a.csv", &[0, 1, 2, 3]).unwrap_err().message.contains("binary"));
        assert!(read("a.csv", b"PK\x03\x04rest").unwrap_err().message.contains("spreadsheet"));
        assert!(read("a.csv", &[0xff, 0xfe, b'i', 0]).unwrap_err().message.contains("UTF-16"));
        assert!(read("a.csv", b"").unwrap_err().message.contains("empty"));
        let (_, rows) = read("a.csv", b"id,name\n1,\xe9t\xe9\n2,B\n").unwrap();
        assert!(rows[0].1.as_ref().unwrap_err().contains("name is not valid UTF-8"));
        assert_eq!(rows[1].1, texts(&["2", "B"]));
    }

    #[test]
    fn long_lines_and_open_quotes_are_rows_and_cost_no_memory() {
        let long = "x".repeat(5 << 20);
        let text = format!("id,name\n1,{long}\n2,B\n");
        let (_, rows) = read("a.csv", text.as_bytes()).unwrap();
        assert!(rows[0].1.as_ref().unwrap_err().contains("1 MB"));
        assert_eq!(rows[1], (3, texts(&["2", "B"])));
        let (_, rows) = read("a.csv", b"id,name\n1,\"open\n2,B\n").unwrap();
        assert!(rows[0].1.as_ref().unwrap_err().contains("line 2 never ends"));
        let text = format!("id,name\n1,\"{}", "line\n".repeat(300_000));
        let (_, rows) = read("a.csv", text.as_bytes()).unwrap();
        assert!(rows[0].1.as_ref().unwrap_err().contains("within 1 MB"));
        assert!(read("a.csv", long.as_bytes()).unwrap_err().message.contains("1 MB"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = read("a.csv", &bytes);
            let _ = read("a.jsonl", &bytes);
        }

        #[test]
        fn csv_is_split_as_the_csv_crate_does(rows in proptest::collection::vec(proptest::collection::vec("[a-z ,\"\n]{0,8}", 3), 1..6)) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(["a", "b", "c"]).unwrap();
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let bytes = writer.into_inner().unwrap();
            let (_, read) = read("a.csv", &bytes).unwrap();
            let read: Vec<Vec<String>> = read.into_iter().map(|(_, cells)| cells.unwrap()).collect();
            prop_assert_eq!(read, rows);
        }
    }
}
