//! What is shown of what matches, with the way to the rest.

use domain::{format, view::PageInfo};
use leptos::prelude::*;

use super::{Glyph, icon};
use crate::url::Here;

/// The foot of a list.
#[component]
pub fn Pagination(
    /// Where the list stands.
    page: PageInfo,
    /// The address of the list.
    here: Here,
    /// What follows the range: ", $317,000 of $485,000".
    #[prop(optional, into)]
    note: String,
) -> impl IntoView {
    let link = |number: u32, label: &'static str, glyph: Glyph| {
        view! {
            <a class="btn btn-sm btn-line gap-1.5 text-13" href=here.with(&[("page", &number.to_string())])>
                {icon(glyph, "size-3.5")} {label}
            </a>
        }
    };
    view! {
        <nav aria-label="Pages" class="flex flex-wrap items-center justify-between gap-2 px-4 py-2.5 text-xs text-ink-3">
            <span>{range(page)} {note}</span>
            <span class="flex gap-1">
                {(page.page > 1).then(|| link(page.page - 1, "Previous", Glyph::Left))}
                {(page.page < page.pages()).then(|| link(page.page + 1, "Next", Glyph::Right))}
            </span>
        </nav>
    }
    .into_any()
}

/// "1–9 of 28".
fn range(page: PageInfo) -> String {
    if page.total == 0 {
        return "None".into();
    }
    let first = u64::from(page.page.max(1) - 1) * u64::from(page.per_page) + 1;
    let last = (first + u64::from(page.per_page) - 1).min(u64::from(page.total));
    let number = |n: u64| format::number(i64::try_from(n).unwrap_or(i64::MAX));
    format!("{}–{} of {}", number(first.min(last)), number(last), number(u64::from(page.total)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_names_first_last_and_all() {
        let info = |page, per_page, total| PageInfo { page, per_page, total };
        assert_eq!(range(info(1, 20, 28)), "1–20 of 28");
        assert_eq!(range(info(2, 20, 28)), "21–28 of 28");
        assert_eq!(range(info(1, 50, 0)), "None");
    }
}
