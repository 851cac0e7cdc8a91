//! Nothing here.

use leptos::prelude::*;

use crate::{components::failed, error::WireError};

/// The page for addresses that lead nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::context::answer_status(http::StatusCode::NOT_FOUND);
    view! {
        <main class="px-4">{failed(WireError::NotFound)}</main>
    }
    .into_any()
}
