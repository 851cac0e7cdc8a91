//! A found opportunity as a row, closed or open (DESIGN 6.11).

use domain::view::finder::FinderRow;
use leptos::prelude::*;

use super::{Actions, detail};
use crate::{
    components::{Glyph, confidence, icon, number, stage},
    show,
    url::{Here, encode},
};

/// Where rows stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowKind {
    /// On the finder: ranked, opened by `why=` in the address.
    Found {
        /// Whether this person may confirm, dismiss, set quiet.
        may_decide: bool,
    },
    /// On an account page: no ranking, always open.
    OfAccount {
        /// As above.
        may_decide: bool,
    },
}

impl RowKind {
    pub(crate) const fn may_decide(self) -> bool {
        match self {
            RowKind::Found { may_decide } | RowKind::OfAccount { may_decide } => may_decide,
        }
    }
}

/// Rows, each an article.
pub(crate) fn rows(rows: Vec<FinderRow>, here: &Here, kind: RowKind, actions: Actions) -> AnyView {
    rows.into_iter().map(|row| article(row, here, kind, actions)).collect_view().into_any()
}

fn article(row: FinderRow, here: &Here, kind: RowKind, actions: Actions) -> AnyView {
    let head = head(&row, here, kind);
    let detail = row.detail.clone().map(|found| detail::detail(&row, found, kind, actions));
    // An account page shows all that was found; what stands under the first is open.
    let detail = match kind {
        RowKind::Found { .. } => detail.into_any(),
        RowKind::OfAccount { .. } => view! {
            <details open=row.rank == 1>
                <summary class="act px-4 pb-3 text-xs">"Why, approach and next steps"</summary>
                {detail}
            </details>
        }
        .into_any(),
    };
    view! { <article>{head} {detail}</article> }.into_any()
}

fn head(row: &FinderRow, here: &Here, kind: RowKind) -> AnyView {
    let ranked = matches!(kind, RowKind::Found { .. });
    let id = row.id.to_string();
    let open = row.detail.is_some();
    let account = encode(&row.account_ref);
    // On the finder the account leads to its page; on an account page the name of the opportunity is the title.
    let title = if ranked {
        view! {
            <a href=format!("/accounts/{account}") class="underline-offset-4 hover:underline">{row.account.clone()}</a>
            " "
            <span class="font-normal text-ink-2">{row.name.clone()}</span>
        }
        .into_any()
    } else {
        row.name.clone().into_any()
    };
    let open_value = format!("row:{id}");
    let value_opens =
        if ranked { here.with(&[("open", &open_value)]) } else { format!("/finder?open={}", encode(&open_value)) };
    let value = match row.value {
        Some(value) => {
            number(show::money(value), &format!("{} estimated value", row.account), value_opens, "").into_any()
        }
        None => view! { <span class="text-xs font-normal text-ink-3">"no amount"</span> }.into_any(),
    };
    let toggle = ranked.then(|| {
        let (words, glyph) = if open { ("Close", Glyph::Cross) } else { ("Why", Glyph::Down) };
        view! {
            <a
                href=here.toggled("why", &id)
                data-noscroll=""
                class="btn btn-sm btn-line w-[4.75rem] gap-1 text-xs max-sm:order-5"
                aria-expanded=if open { "true" } else { "false" }
                aria-label=format!("{words}: {}, {}", row.account, row.name)
            >
                {words}
                {icon(glyph, "size-3")}
            </a>
        }
    });
    view! {
        <div id=id class="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
            {ranked.then(|| view! { <span class="w-4 text-xs tabular-nums text-ink-3">{row.rank}</span> })}
            <div class="min-w-0 flex-1 basis-32">
                <h3 class="text-sm font-semibold">{title}</h3>
                <p class="mt-0.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-ink-3">
                    <span>{row.kind.label()}</span>
                    <span aria-hidden="true" class="max-sm:hidden">"·"</span>
                    {stage(row.stage, row.status)}
                    <span aria-hidden="true" class="max-sm:hidden">"·"</span>
                    <span>{row.source.clone()}</span>
                </p>
            </div>
            <div class="max-sm:order-3 max-sm:ml-8 sm:w-[9.25rem]">{confidence(row.confidence, row.level)}</div>
            <div class="w-20 text-xs text-ink-2 max-sm:order-4 max-sm:w-auto">{row.timeline.label()}</div>
            <div class="w-20 text-right text-sm font-semibold max-sm:ml-auto">{value}</div>
            {toggle}
        </div>
    }
    .into_any()
}
