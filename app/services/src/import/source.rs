//! A file as a stream of lines: gzip by its first bytes, UTF-8 with or without a mark, and a limit on everything.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};

/// A line, or a record of several lines in quotes, above this is rejected (CONTRACT 5). It bounds the memory of an import.
pub(super) const LINE_MAX: usize = 1 << 20;
/// A file above this, packed or unpacked, is refused (CONTRACT 5).
pub const BODY_MAX: u64 = 2 << 30;
/// How much of a file is looked at to tell text from something else.
const SNIFFED: usize = 8 << 10;
const BUFFER: usize = 256 << 10;

/// A file to import: where it lies and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The name that the report and the messages give it.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
}

impl Source {
    /// A file by its path, called by its file name.
    #[must_use]
    pub fn of(path: &Path) -> Source {
        let name =
            path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
        Source { name, path: path.to_owned() }
    }
}

/// A file can't be read at all. The text names the file and says what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {message}")]
pub struct FileError {
    /// File.
    pub file: String,
    /// Column, when the header is at fault.
    pub field: Option<String>,
    /// What is wrong.
    pub message: String,
}

impl FileError {
    pub(super) fn new(source: &Source, message: impl Into<String>) -> FileError {
        FileError { file: source.name.clone(), field: None, message: message.into() }
    }
}

/// Counts, hashes and bounds what it reads.
struct Measured<R> {
    inner: R,
    read: u64,
    hash: Option<Sha256>,
}

impl<R: Read> Read for Measured<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read += count as u64;
        if self.read > BODY_MAX {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "the file holds more than 2 GB of text; split it"));
        }
        if let (Some(hash), Some(read)) = (&mut self.hash, buffer.get(..count)) {
            hash.update(read);
        }
        Ok(count)
    }
}

/// One physical line.
pub(super) enum Line {
    /// The bytes, without the line's end.
    Text,
    /// Above [`LINE_MAX`]; its bytes were passed over.
    TooLong,
    /// No more lines.
    End,
}

/// Lines of an opened file.
pub(super) struct Lines {
    input: BufReader<Measured<Box<dyn Read + Send>>>,
    file: Source,
    /// The line's bytes, reused.
    pub line: Vec<u8>,
    /// Number of the line, from 1.
    pub number: u64,
}

impl Lines {
    /// Opens a file; with `hash` its content is hashed on the way.
    pub fn open(source: &Source, hash: bool) -> Result<Lines, FileError> {
        let failed = |error: &io::Error| FileError::new(source, explain(error));
        let file = File::open(&source.path).map_err(|error| failed(&error))?;
        let about = file.metadata().map_err(|error| failed(&error))?;
        if about.is_dir() {
            return Err(FileError::new(source, "is a folder, not a file"));
        }
        if about.len() > BODY_MAX {
            return Err(FileError::new(source, "is larger than 2 GB; split it"));
        }
        let mut raw = BufReader::with_capacity(BUFFER, file);
        let packed = raw.fill_buf().map_err(|error| failed(&error))?.starts_with(&[0x1f, 0x8b]);
        let inner: Box<dyn Read + Send> = if packed { Box::new(MultiGzDecoder::new(raw)) } else { Box::new(raw) };
        let measured = Measured { inner, read: 0, hash: hash.then(Sha256::new) };
        let mut lines = Lines {
            input: BufReader::with_capacity(BUFFER, measured),
            file: source.clone(),
            line: Vec::new(),
            number: 0,
        };
        lines.check_start()?;
        Ok(lines)
    }

    fn failed(&self, error: &io::Error) -> FileError {
        FileError::new(&self.file, format!("after line {}: {}", self.number, explain(error)))
    }

    /// Refuses what is no text, and passes over a byte order mark.
    fn check_start(&mut self) -> Result<(), FileError> {
        let file = self.file.clone();
        let start = self.input.fill_buf().map_err(|error| FileError::new(&file, explain(&error)))?;
        let start = start.get(..SNIFFED.min(start.len())).unwrap_or(start);
        if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
            return Err(FileError::new(&file, "is UTF-16; save it as CSV in UTF-8"));
        }
        if start.starts_with(b"PK\x03\x04") {
            return Err(FileError::new(&file, "is a zip archive or a spreadsheet; save it as CSV in UTF-8"));
        }
        if start.contains(&0) || start.starts_with(b"%PDF") || start.starts_with(&[0x89, b'P', b'N', b'G']) {
            return Err(FileError::new(&file, "is a binary file, not CSV or JSON Lines"));
        }
        if start.starts_with(&[0xef, 0xbb, 0xbf]) {
            self.input.consume(3);
        }
        Ok(())
    }

    /// Whether these are the first characters that are no space.
    pub fn starts_with(&mut self, wanted: &[u8]) -> Result<bool, FileError> {
        match self.input.fill_buf() {
            Ok(start) => {
                let mut start = start.iter().filter(|b| !b.is_ascii_whitespace());
                Ok(wanted.iter().all(|byte| start.next() == Some(byte)))
            }
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// Reads the next line. A line that is too long is passed over without keeping it.
    pub fn next(&mut self) -> Result<Line, FileError> {
        self.line.clear();
        let mut kept = true;
        let mut any = false;
        loop {
            let (used, ended) = {
                let buffer = match self.input.fill_buf() {
                    Ok(buffer) => buffer,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(error) => return Err(self.failed(&error)),
                };
                if buffer.is_empty() {
                    break;
                }
                any = true;
                let end = buffer.iter().position(|b| *b == b'\n');
                let part = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or_default();
                if kept && self.line.len() + part.len() > LINE_MAX {
                    kept = false;
                    self.line.clear();
                }
                if kept {
                    self.line.extend_from_slice(part);
                }
                (part.len() + usize::from(end.is_some()), end.is_some())
            };
            self.input.consume(used);
            if ended {
                break;
            }
        }
        if !any {
            return Ok(Line::End);
        }
        self.number += 1;
        if self.line.last() == Some(&b'\r') {
            self.line.pop();
        }
        Ok(if kept { Line::Text } else { Line::TooLong })
    }

    /// The hash of everything read, when it was asked for.
    pub fn sha256(self) -> String {
        self.input.into_inner().hash.map(|hash| hex::encode(hash.finalize())).unwrap_or_default()
    }
}

fn explain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "is not there".into(),
        io::ErrorKind::PermissionDenied => "may not be read; check its rights".into(),
        io::ErrorKind::UnexpectedEof => {
            "the gzip file ends too early; it was cut off on the way, fetch it again".into()
        }
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => format!("the gzip file is damaged ({error})"),
        _ => format!("can't be read ({error})"),
    }
}
