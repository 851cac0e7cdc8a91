//! `/login`: a plain form that the server answers, because a session can't begin while a page streams (ARCHITECTURE 4).

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::Gate;
use crate::{
    components::{Field, Hidden, Weight, note},
    context,
    error::WireError,
};

/// Sign-in.
#[component]
pub fn Login() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let get = |key: &str| query.get(key).unwrap_or_default();
    let (next, email, signed_out) = (get("next"), get("email"), get("done") == "signed-out");
    let demo = SharedValue::new(context::demo_logins).into_inner();
    let failed = match get("error").as_str() {
        "" => None,
        "blocked" => Some("Too many tries. Wait 15 minutes, then try again."),
        _ => Some("No active person has this e-mail address with this password. Check both, then try again."),
    };
    let errors = Signal::from(None::<WireError>);
    view! {
        <Gate title="Sign in">
            {signed_out.then(|| note(Weight::Info, "Signed out.", "Your session has ended."))}
            {failed
                .map(|text| {
                    view! { <p role="alert" class="chip-bad mb-3 rounded-field px-3 py-2 text-13">{text}</p> }
                })}
            <form method="post" action="/login" class="space-y-3">
                <Hidden name="next" value=next/>
                <Field form="login" name="email" label="E-mail" kind="email" value=email errors=errors required=true autocomplete="username"/>
                <Field form="login" name="password" label="Password" kind="password" errors=errors required=true autocomplete="current-password"/>
                <button type="submit" class="btn btn-primary w-full text-13">"Sign in"</button>
            </form>
            {demo
                .then(|| {
                    view! {
                        <p class="hair mt-4 pt-3 text-xs text-ink-3">
                            "Demo: admin@example.com, leader@example.com, csm@example.com, rep@example.com and viewer@example.com, with the password that was printed when the demo was made."
                        </p>
                    }
                })}
        </Gate>
    }
    .into_any()
}
