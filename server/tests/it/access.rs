//! Who may do what (PRODUCT 12): every route and every server function × every role × another person's record. What is
//! not in the table fails the test, so nothing is forgotten.

use std::collections::BTreeSet;

use http::Method;

use crate::app::{App, ROLES};

/// What happens to a role: allowed (whatever the input is worth), not allowed, or as if it were not there.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Is {
    Allowed,
    Denied,
    Hidden,
}
use Is::{Allowed as A, Denied as D, Hidden as H};

/// Method, path, body; the answer for admin, leader, csm, rep, viewer. `{foreign}` is an account of the CSM Tom Becker,
/// who is not the csm of the demo and has routed nothing to its rep.
type Row = (&'static str, &'static str, &'static str, [Is; 5]);

const API: &[Row] = &[
    ("GET", "/api/intelligence/expansion-opportunities", "", [A, A, A, D, A]),
    ("POST", "/api/intelligence/expansion-opportunities", "{}", [A, A, A, D, A]),
    ("POST", "/api/expansion/signal", "{}", [A, A, A, A, A]),
    ("GET", "/api/expansion/{customer_id}/signals", "", [A, A, H, H, A]),
    ("GET", "/api/customers", "", [A, A, A, A, A]),
    ("GET", "/api/customers/{id}", "", [A, A, H, H, A]),
    ("GET", "/api/contracts", "", [A, A, A, A, A]),
    ("POST", "/api/import/{dataset}", "external_id,name\n", [A, D, D, D, D]),
    ("GET", "/api/imports/{id}", "", [A, D, D, D, D]),
    ("POST", "/api/imports/{id}/undo", "", [A, D, D, D, D]),
];

/// Server functions by endpoint. Those that change something are sent without input: a role that may not is refused
/// before its input is looked at, or its input is what is wrong.
const FUNCTIONS: &[(&str, [Is; 5])] = &[
    ("finder", [A, A, A, D, A]),
    ("signals", [A, A, A, A, A]),
    ("new_signal", [A, A, A, A, D]),
    ("accounts", [A, A, A, A, A]),
    ("account", [A, A, A, A, A]),
    ("inbox", [A, A, A, A, A]),
    ("me", [A, A, A, A, A]),
    ("users", [A, D, D, D, D]),
    ("imports", [A, D, D, D, D]),
    ("rules", [A, A, A, D, D]),
    ("settings", [A, D, D, D, D]),
    ("jobs", [A, D, D, D, D]),
    ("audit", [A, D, D, D, D]),
];

/// Server functions that only admins may send, each with input that is whole.
const ADMIN_FORMS: &[(&str, &str)] = &[
    ("create_user", "email=x@example.com&name=X&role=viewer&team="),
    ("update_user", "user=usr_1&role=viewer&team=&active=true&back=/"),
    ("invite_user", "user=usr_1"),
    ("run_job", "job=scan.full"),
    ("save_rule", "rule=seat_overage&enabled=true&values[strength]=0.9"),
    ("save_settings", "values[name]=X"),
    ("start_import", "upload=x&dataset=customers"),
    ("undo_import", "import=imp_1"),
];

/// Server functions on single records: their scope is proved in `anothers_records_can_t_be_changed`, or they touch the
/// person's own things only.
const ON_RECORDS: &[&str] = &[
    "acknowledge_signal",
    "add_task",
    "change_password",
    "complete_task",
    "confirm_found",
    "create_token",
    "dismiss_found",
    "dismiss_signal",
    "draft",
    "import",
    "log_signal",
    "mark_all_read",
    "mark_read",
    "preview",
    "proposal",
    "quiet_found",
    "quiet_signal",
    "record_outreach",
    "revoke_token",
    "shell",
    "theme",
];

fn judge(status: u16) -> Is {
    match status {
        403 => Is::Denied,
        404 => Is::Hidden,
        _ => Is::Allowed,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_route_for_every_role_and_anothers_record() {
    let app = App::demo().await;
    let foreign = "techstart";

    let described: BTreeSet<(String, String)> = server::api::listing().into_iter().collect();
    let listed: BTreeSet<(String, String)> =
        API.iter().map(|(method, path, ..)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(described, listed, "every operation of the API stands in the table");

    for (method, path, body, expected) in API {
        let address = path
            .replace("{customer_id}", foreign)
            .replace("{dataset}", "customers")
            .replace("/imports/{id}", "/imports/imp_1")
            .replace("/customers/{id}", &format!("/customers/{foreign}"));
        // The demo's own import must stay.
        if address.ends_with("/undo") {
            continue;
        }
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        for (role, expected) in ROLES.into_iter().zip(expected) {
            let kind = if body.starts_with('{') { "application/json" } else { "text/csv" };
            let body = (!body.is_empty()).then_some((kind, *body));
            let answer = app.send(&format!("token:{role}"), method.clone(), &address, body).await;
            assert_eq!(judge(answer.status.as_u16()), *expected, "{role} {method} {address}: {}", answer.body);
        }
        let stranger = app.send("", method.clone(), &address, None).await;
        assert_eq!(stranger.status.as_u16(), 401, "{method} {address} without a token");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_server_function_for_every_role() {
    let app = App::demo().await;
    let known: BTreeSet<String> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path.trim_start_matches("/fn/").to_owned())
        .collect();
    let listed: BTreeSet<String> = (FUNCTIONS.iter().map(|(name, _)| *name))
        .chain(ADMIN_FORMS.iter().map(|(name, _)| *name))
        .chain(ON_RECORDS.iter().copied())
        .map(str::to_owned)
        .collect();
    assert_eq!(known, listed, "every server function stands in a table");
    for (endpoint, form) in ADMIN_FORMS {
        for role in ROLES.into_iter().filter(|role| *role != "admin") {
            let form = ("application/x-www-form-urlencoded", *form);
            let answer = app.send(role, Method::POST, &format!("/fn/{endpoint}"), Some(form)).await;
            assert_eq!(answer.status.as_u16(), 403, "{role} {endpoint}: {}", answer.body);
        }
    }
    for (endpoint, expected) in FUNCTIONS {
        assert!(known.contains(*endpoint), "{endpoint} is not a server function");
        let query = match *endpoint {
            "finder" => "?query[type]=",
            "signals" => "?query[state]=live",
            "accounts" => "?query[sort]=name",
            "account" => "?reference=acme-corp&open=",
            "inbox" => "?page=1",
            "users" => "?q=&page=1",
            "imports" => "?page=1",
            "audit" => "?action=&q=&page=1",
            _ => "",
        };
        for (role, expected) in ROLES.into_iter().zip(expected) {
            let answer = app.get(role, &format!("/fn/{endpoint}{query}")).await;
            let judged = judge(answer.status.as_u16());
            // Acme is not the rep's: hidden is what allowed means there.
            let hidden = *endpoint == "account" && judged == Is::Hidden && role == "rep";
            assert!(judged == *expected || hidden, "{role} {endpoint}: {} {}", answer.status, answer.body);
        }
    }
    // Whatever it is: without a session there is nothing.
    for endpoint in &known {
        let answer = app.send("", Method::POST, &format!("/fn/{endpoint}"), Some(FORM)).await;
        assert!([401, 405, 422].contains(&answer.status.as_u16()), "{endpoint} without a session: {}", answer.status);
        let answer = app.get("", &format!("/fn/{endpoint}")).await;
        assert!([401, 405, 422].contains(&answer.status.as_u16()), "{endpoint} without a session: {}", answer.status);
    }
}

const FORM: (&str, &str) = ("application/x-www-form-urlencoded", "");

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn anothers_records_can_t_be_changed() {
    let app = App::demo().await;
    let services = &app.services;
    let actor = |email: &'static str| async move {
        let user = store::users::by_email(services.db.read(), email).await.unwrap().unwrap();
        services::auth::actor_of(services, user.id).await.unwrap().unwrap()
    };
    let (csm, rep, viewer) =
        (actor("csm@example.com").await, actor("rep@example.com").await, actor("viewer@example.com").await);
    let all = store::found::all(services.db.read(), &domain::access::Scope::All).await.unwrap();
    let foreign = all.iter().find(|row| row.customer_external_id == "techstart").unwrap();
    let not_found = |result: Result<(), services::Error>| matches!(result, Err(services::Error::NotFound));
    let denied = |result: Result<(), services::Error>| matches!(result, Err(services::Error::Denied));
    assert!(not_found(services::finder::dismiss(services, &csm, foreign.id, "not_a_fit", "").await));
    assert!(not_found(services::finder::quiet(services, &csm, foreign.id, "2026-03-01").await));
    assert!(not_found(services::steps::record_outreach(services, &csm, foreign.id, "mail").await));
    assert!(not_found(services::steps::add_task(services, &csm, foreign.id, "call", "2026-03-01").await));
    assert!(not_found(services::finder::confirm(services, &csm, foreign.id).await.map(drop)));
    assert!(not_found(services::steps::draft(services, &csm, foreign.id).await.map(drop)));
    assert!(not_found(services::steps::proposal(services, &csm, foreign.id).await.map(drop)));
    assert!(not_found(services::steps::invitation(services, &csm, foreign.id).await.map(drop)));
    assert!(denied(services::steps::draft(services, &viewer, foreign.id).await.map(drop)));
    assert!(denied(services::finder::dismiss(services, &rep, foreign.id, "not_a_fit", "").await));
    assert!(denied(services::finder::dismiss(services, &viewer, foreign.id, "not_a_fit", "").await));
    let signals = store::signals::of_found(services.db.read(), &[foreign.id]).await.unwrap();
    let signal = signals[&foreign.id][0].episode.id;
    assert!(not_found(services::signals::acknowledge(services, &csm, signal).await));
    assert!(not_found(services::signals::dismiss(services, &csm, signal, "other", "").await));
    assert!(not_found(services::signals::quiet(services, &csm, signal, "2026-03-01").await));
    assert!(denied(services::signals::dismiss(services, &viewer, signal, "other", "").await));
    let unchanged = store::found::all(services.db.read(), &domain::access::Scope::All).await.unwrap();
    assert_eq!(all, unchanged, "nothing was changed");
}
