//! Addresses: filters, open rows and drawers live in the query (ARCHITECTURE 4).

use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Parameters that tell of the last form and never belong into a link.
const PASSING: [&str; 3] = ["done", "__path", "__err"];

/// The address that is shown: path and parameters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Here {
    path: String,
    params: Vec<(String, String)>,
}

impl Here {
    /// The address at this moment.
    #[must_use]
    pub fn now() -> Here {
        let location = use_location();
        let query = location.query.get_untracked();
        let params = query.into_iter().map(|(key, value)| (key.into_owned(), value)).collect();
        Here { path: location.pathname.get_untracked(), params }
    }

    /// A parameter, or the empty text.
    #[must_use]
    pub fn get(&self, key: &str) -> &str {
        self.params.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value)
    }

    /// The address with some parameters changed; an empty value takes one out.
    #[must_use]
    pub fn with(&self, changes: &[(&str, &str)]) -> String {
        let changed = |key: &str| changes.iter().any(|(name, _)| *name == key);
        let kept = self.params.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        let kept = kept.filter(|(key, _)| !changed(key) && !PASSING.contains(key));
        let all = kept.chain(changes.iter().copied()).filter(|(_, value)| !value.is_empty());
        let query: Vec<String> = all.map(|(key, value)| format!("{}={}", encode(key), encode(value))).collect();
        if query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, query.join("&")) }
    }

    /// The address as it is, without what tells of the last form.
    #[must_use]
    pub fn back(&self) -> String {
        self.with(&[])
    }

    /// The address with an id added to or taken out of a list like `fnd_3,fnd_9`.
    #[must_use]
    pub fn toggled(&self, key: &str, id: &str) -> String {
        let mut ids: Vec<&str> = self.get(key).split(',').filter(|other| !other.is_empty()).collect();
        match ids.iter().position(|other| *other == id) {
            Some(place) => _ = ids.remove(place),
            None => ids.push(id),
        }
        self.with(&[(key, &ids.join(","))])
    }
}

/// Text as it stands in a query.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b',' | b':' | b'@' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Where to go after a form: the page that it came from, with what was done. Only paths of our own are followed.
#[must_use]
pub fn finished(back: &str, done: &str) -> String {
    let own = back.starts_with('/') && !back.starts_with("//") && !back.contains('\\');
    let back = if own && back.bytes().all(|byte| byte.is_ascii_graphic()) { back } else { "/" };
    let separator = if back.contains('?') { '&' } else { '?' };
    if done.is_empty() { back.to_owned() } else { format!("{back}{separator}done={}", encode(done)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here(params: &[(&str, &str)]) -> Here {
        let params = params.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Here { path: "/finder".into(), params }
    }

    #[test]
    fn links_change_what_they_name_and_forget_the_last_form() {
        let here = here(&[("type", "upsell"), ("done", "dismissed"), ("page", "3")]);
        assert_eq!(here.with(&[("page", ""), ("open", "type:upsell")]), "/finder?type=upsell&open=type:upsell");
        assert_eq!(here.back(), "/finder?type=upsell&page=3");
        assert_eq!(here.with(&[("type", ""), ("page", "")]), "/finder");
        assert_eq!(here.with(&[("type", "a b&c")]), "/finder?page=3&type=a%20b%26c");
    }

    #[test]
    fn rows_open_and_close() {
        assert_eq!(here(&[("why", "fnd_3")]).toggled("why", "fnd_9"), "/finder?why=fnd_3,fnd_9");
        assert_eq!(here(&[("why", "fnd_3,fnd_9")]).toggled("why", "fnd_3"), "/finder?why=fnd_9");
    }

    #[test]
    fn only_own_paths_are_followed() {
        assert_eq!(finished("/finder?type=upsell", "dismissed"), "/finder?type=upsell&done=dismissed");
        for foreign in ["//evil.example", "https://evil.example", "/\\evil", "", "/a\r\nb", "javascript:1"] {
            assert_eq!(finished(foreign, ""), "/", "{foreign}");
        }
    }
}
