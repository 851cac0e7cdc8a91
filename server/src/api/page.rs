//! Lists: `{"data", "next_cursor", "totals"}` with `limit` and a signed `cursor` (CONTRACT 2, 6).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{problem::Problem, state::SecretKey};

/// Rows on a page when nothing is asked for.
const DEFAULT_LIMIT: u32 = 50;
/// Most rows on a page; more is cut to this, and the answer says so in `limit`.
pub const MAX_LIMIT: u32 = 200;

/// Where a list goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Rows to leave out.
    pub offset: u64,
    /// Rows to answer.
    pub limit: u32,
}

/// Reads `limit` and `cursor`. A cursor belongs to one list and one filter: another's is refused.
///
/// # Errors
/// 400 for a limit that is no number, or a foreign cursor.
pub fn window(secret: &SecretKey, list: &str, limit: Option<&str>, cursor: Option<&str>) -> Result<Window, Problem> {
    let limit = match limit.map(str::trim).filter(|text| !text.is_empty()) {
        None => DEFAULT_LIMIT,
        Some(text) => match text.parse::<u64>() {
            Ok(0) | Err(_) => {
                return Err(Problem::bad_request(format!(
                    "limit = {text:?}: write a whole number from 1 to {MAX_LIMIT}."
                )));
            }
            Ok(number) => u32::try_from(number).unwrap_or(u32::MAX).min(MAX_LIMIT),
        },
    };
    let offset = match cursor.filter(|text| !text.is_empty()) {
        None => 0,
        Some(text) => open(secret, list, text).ok_or_else(|| {
            Problem::bad_request("The cursor belongs to another list or filter; take `next_cursor` of the page before.")
        })?,
    };
    Ok(Window { offset, limit })
}

/// The cursor of the page after, or none at the end.
#[must_use]
pub fn next(secret: &SecretKey, list: &str, window: Window, total: u64) -> Option<String> {
    let offset = window.offset + u64::from(window.limit);
    (offset < total).then(|| cursor(secret, list, offset))
}

/// The cursor of a place in a list: rows left out, or the id after which it goes on.
#[must_use]
pub fn cursor(secret: &SecretKey, list: &str, place: u64) -> String {
    let tag = tag(secret, list, place);
    URL_SAFE_NO_PAD.encode(format!("{place}.{tag}"))
}

fn open(secret: &SecretKey, list: &str, cursor: &str) -> Option<u64> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (offset, given) = text.split_once('.')?;
    let offset = offset.parse().ok()?;
    (given == tag(secret, list, offset)).then_some(offset)
}

fn tag(secret: &SecretKey, list: &str, offset: u64) -> String {
    let key = String::from_utf8_lossy(&secret.0).into_owned();
    services::auth::digest(&format!("{key}\n{list}\n{offset}")).chars().take(24).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_belongs_to_its_list() {
        let secret = SecretKey(b"0123456789abcdef0123456789abcdef".as_slice().into());
        let first = window(&secret, "customers?q=", None, None).unwrap();
        assert_eq!((first.offset, first.limit), (0, 50));
        let cursor = next(&secret, "customers?q=", first, 120).unwrap();
        let second = window(&secret, "customers?q=", Some("500"), Some(&cursor)).unwrap();
        assert_eq!((second.offset, second.limit), (50, MAX_LIMIT));
        assert_eq!(next(&secret, "customers?q=", second, 120), None);
        assert!(window(&secret, "contracts?", None, Some(&cursor)).is_err());
        for wrong in ["many", "0", "-1", "1.5"] {
            assert!(window(&secret, "x", Some(wrong), None).is_err(), "{wrong}");
        }
        assert!(window(&secret, "x", None, Some("%%%")).is_err());
    }
}
