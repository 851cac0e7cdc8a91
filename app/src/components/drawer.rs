//! How a number is made: formula, rows that add up, "data through" (DESIGN 6.14, CONTRACT 6). A section of the page
//! without scripts; a panel from the right with them.

use domain::view::finder::{Drawer, DrawerRow};
use leptos::{html::Section, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{Glyph, ScrollBox, Weight, icon, note};
use crate::{browser, context, show};

/// The drawer of an open number.
#[component]
pub fn NumberDrawer(
    /// What it shows.
    drawer: Drawer,
    /// The address without the drawer.
    close: String,
) -> impl IntoView {
    let floating = context::hydrated();
    let panel = NodeRef::<Section>::new();
    let navigate = use_navigate();
    hold_focus(panel);
    let leave = close.clone();
    let on_key = move |event: leptos::ev::KeyboardEvent| match event.key().as_str() {
        "Escape" => navigate(&leave, NavigateOptions { scroll: false, ..NavigateOptions::default() }),
        "Tab" if panel.get_untracked().is_some_and(|panel| browser::wrap_focus(&panel, event.shift_key())) => {
            event.prevent_default();
        }
        _ => {}
    };
    let count = u32::try_from(drawer.rows.len()).unwrap_or(u32::MAX);
    let backdrop = close.clone();
    view! {
        {move || {
            floating
                .get()
                .then(|| {
                    view! {
                        <a class="no-print fixed inset-0 z-40 bg-black/30" href=backdrop.clone() data-noscroll="" tabindex="-1" aria-hidden="true"></a>
                    }
                })
        }}
        <section
            node_ref=panel
            id="drawer"
            role="dialog"
            aria-modal=move || floating.get().then_some("true")
            aria-labelledby="drawer-title"
            class=move || if floating.get() { "made floating" } else { "made" }
            on:keydown=on_key
        >
            <div class="flex items-start gap-3 px-5 pb-3 pt-4">
                <div class="min-w-0">
                    <p class="eyebrow">"How this number is made"</p>
                    <h2 id="drawer-title" class="mt-0.5 text-base font-semibold tracking-[-0.01em]">{drawer.title}</h2>
                </div>
                <a class="btn btn-sm btn-square btn-quiet ml-auto" href=close data-noscroll="" aria-label="Close">
                    {icon(Glyph::Cross, "size-4")}
                </a>
            </div>
            <div class="px-5 pb-4">
                <p class="fig">{show::money(drawer.sum)}</p>
                <p class="mt-1 text-13 text-ink-3">{show::count(count, "row", "rows")}</p>
            </div>
            <div class="mx-5 mb-4 rounded-box border border-line bg-base-200 px-4 py-3 text-13">
                <p class="font-medium">{drawer.formula}</p>
                <p class="mt-1 text-xs text-ink-2">{format!("Data through {}.", drawer.data_through)}</p>
            </div>
            {drawer.not_covered.map(|text| view! { <div class="px-5">{note(Weight::Info, "Not covered:", text)}</div> })}
            <ScrollBox label="The rows">
                <table class="grid-table">
                    <caption class="sr-only">"The rows behind the number"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Row"</th>
                            <th scope="col" class="r">"Value"</th>
                        </tr>
                    </thead>
                    <tbody>{drawer.rows.into_iter().map(row).collect_view()}</tbody>
                    <tfoot>
                        <tr>
                            <th scope="row">"Sum"</th>
                            <td class="r">{show::money(drawer.sum)}</td>
                        </tr>
                    </tfoot>
                </table>
            </ScrollBox>
        </section>
    }
    .into_any()
}

fn row(row: DrawerRow) -> AnyView {
    view! {
        <tr>
            <td>
                <a class="font-medium underline-offset-4 hover:underline" href=row.href>{row.label}</a>
                <span class="block text-xs text-ink-3">{row.note}</span>
            </td>
            <td class="r">{show::money_or(row.value, "no amount")}</td>
        </tr>
    }
    .into_any()
}

/// The focus goes to Close, and back to where it was when the drawer closes.
fn hold_focus(panel: NodeRef<Section>) {
    Effect::new(move |before: Option<Option<StoredValue<_, LocalStorage>>>| {
        if let Some(Some(before)) = before {
            return Some(before);
        }
        let panel = panel.get()?;
        let before = StoredValue::new_local(browser::focused());
        browser::focus_first(&panel, "a[aria-label='Close']");
        on_cleanup(move || {
            if let Some(Some(element)) = before.try_get_value() {
                _ = element.focus();
            }
        });
        Some(before)
    });
}
