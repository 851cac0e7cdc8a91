//! `/invite/{token}`: sets the first password. A plain form, like sign-in.

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::Gate;
use crate::{components::Field, error::WireError, url::encode};

/// The invitation.
#[component]
pub fn Invite() -> impl IntoView {
    let token = use_params_map().with_untracked(|params| params.get("token")).unwrap_or_default();
    let error = use_query_map().with_untracked(|query| query.get("error")).unwrap_or_default();
    let failed = match error.as_str() {
        "" => None,
        "different" => Some("The two passwords are not the same. Type the same one twice."),
        "short" => Some("The password is shorter than 10 or longer than 200 characters."),
        _ => Some("This invitation was used or has ended. Ask an admin for a new one."),
    };
    let errors = Signal::from(None::<WireError>);
    view! {
        <Gate title="Set your password">
            {failed
                .map(|text| {
                    view! { <p role="alert" class="chip-bad mb-3 rounded-field px-3 py-2 text-13">{text}</p> }
                })}
            <form method="post" action=format!("/invite/{}", encode(&token)) class="space-y-3">
                <Field form="invite" name="password" label="New password" kind="password" hint="At least 10 characters." errors=errors required=true autocomplete="new-password"/>
                <Field form="invite" name="again" label="The same again" kind="password" errors=errors required=true autocomplete="new-password"/>
                <button type="submit" class="btn btn-primary w-full text-13">"Set the password and sign in"</button>
            </form>
        </Gate>
    }
    .into_any()
}
