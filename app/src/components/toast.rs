//! What was just done, in the past tense (DESIGN 6.19). A form that worked sends to its page with `done=<key>`; only the
//! sentences in here are ever shown. To add one: a line in [`sentence`].

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{Glyph, icon};
use crate::context;

fn sentence(key: &str) -> Option<&'static str> {
    Some(match key {
        "confirmed" => "Confirmed. It is in the pipeline now.",
        "dismissed" => "Dismissed. The reason counts in how this signal type is judged.",
        "quiet" => "Held back until then. It is listed under “Not now”.",
        "acknowledged" => "Acknowledged.",
        "logged" => "Logged. The account is scanned again within minutes.",
        "merged" => "Added to the running signal of the same kind.",
        "task" => "Task created. It is in your inbox.",
        "task-done" => "Task ticked off.",
        "read" => "Marked as read.",
        "outreach" => "Outreach recorded. The account is held back from new alerts for 14 days.",
        "password" => "Password changed. Your other sessions have ended.",
        "invited" => "Password set. Sign in with it.",
        "revoked" => "Token revoked.",
        "saved" => "Saved.",
        "user" => "Person added. Make an invitation so that they can set a password.",
        "undone" => "Import undone.",
        "due" => "The job is due now; the worker takes it up in a moment.",
        _ => return None,
    })
}

/// The toast of the last form. It goes after 8 seconds, and stays while the pointer is on it.
#[component]
pub fn Toast() -> impl IntoView {
    let query = use_query_map();
    let closed = RwSignal::new(false);
    let held = RwSignal::new(false);
    let hydrated = context::hydrated();
    let text = Memo::new(move |_| query.with(|query| query.get_str("done").and_then(sentence)));
    Effect::new(move |_| {
        if text.get().is_some() {
            closed.set(false);
            let hide = move || {
                if !held.get_untracked() {
                    closed.set(true);
                }
            };
            set_timeout(hide, Duration::from_secs(8));
        }
    });
    let shown = move || text.get().filter(|_| !closed.get());
    view! {
        <div role="status" class="no-print fixed bottom-16 right-4 z-30 max-w-[calc(100vw-2rem)] lg:bottom-4">
            {move || {
                shown()
                    .map(|text| {
                        view! {
                            <div
                                class="flex items-center gap-3 rounded-box bg-neutral py-2 pl-4 pr-2 text-13 text-neutral-content shadow-xl"
                                on:mouseenter=move |_| held.set(true)
                                on:mouseleave=move |_| held.set(false)
                            >
                                <span class="min-w-0 flex-1">{text}</span>
                                <button
                                    type="button"
                                    hidden=move || !hydrated.get()
                                    class="btn btn-xs btn-square border-0 bg-transparent text-neutral-content"
                                    aria-label="Close the message"
                                    on:click=move |_| closed.set(true)
                                >
                                    {icon(Glyph::Cross, "size-3.5")}
                                </button>
                            </div>
                        }
                    })
            }}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_sentences_are_shown() {
        assert!(sentence("dismissed").is_some());
        assert_eq!(sentence("<b>call this number</b>"), None);
    }
}
