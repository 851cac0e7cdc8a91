//! Every page as every role: it answers, its stream ends, and it stands complete in the HTML.

use http::StatusCode;

use crate::app::{App, ROLES};

const PAGES: [&str; 13] = [
    "/finder",
    "/signals",
    "/signals/new",
    "/accounts",
    "/accounts/acme-corp",
    "/inbox",
    "/me",
    "/admin/users",
    "/admin/imports",
    "/admin/detection-rules",
    "/admin/settings",
    "/admin/jobs",
    "/admin/audit",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_page_of_every_role_ends_with_its_own_status() {
    let app = App::demo().await;
    for role in ROLES {
        for page in PAGES {
            let answer = app.get(role, page).await;
            let expected: &[u16] = match (role, page) {
                ("admin", _) => &[200],
                (_, "/admin/detection-rules") if matches!(role, "leader" | "csm") => &[200],
                (_, page) if page.starts_with("/admin/") => &[403],
                ("rep", "/finder") => &[403],
                ("viewer", "/signals/new") => &[403],
                // An account that was not routed to this sales rep is not there.
                ("rep", "/accounts/acme-corp") => &[200, 404],
                _ => &[200],
            };
            assert!(expected.contains(&answer.status.as_u16()), "{role} {page}: {}", answer.status);
            assert!(answer.body.contains("</html>"), "{role} {page} breaks off");
            assert!(answer.headers["content-security-policy"].to_str().unwrap().contains("nonce-"), "{role} {page}");
        }
    }
    // The hammer: no stream hangs.
    for round in 0..40 {
        for page in PAGES {
            let answer = app.get("admin", page).await;
            assert_eq!(answer.status, StatusCode::OK, "{round} {page}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn numbers_open_and_their_rows_add_up() {
    let app = App::demo().await;
    let services = &app.services;
    let admin = store::users::by_email(services.db.read(), "admin@example.com").await.unwrap().unwrap();
    let actor = services::auth::actor_of(services, admin.id).await.unwrap().unwrap();
    let ask = |open: &str| domain::view::finder::FinderQuery { open: open.into(), ..Default::default() };
    let page = services::finder::page(services, &actor, &ask("")).await.unwrap();
    let mut figures = vec![
        ("found".to_owned(), page.found),
        ("in_pipeline".to_owned(), page.in_pipeline),
        ("candidates".to_owned(), page.candidates),
        ("high".to_owned(), page.high),
        ("immediate".to_owned(), page.immediate),
        ("held".to_owned(), page.held),
    ];
    figures.extend(page.by_type.iter().map(|row| (format!("type:{}", row.key), row.figure)));
    figures.extend(page.by_timeline.iter().map(|row| (format!("timeline:{}", row.key), row.figure)));
    for (open, figure) in figures {
        let drawer = services::finder::page(services, &actor, &ask(&open)).await.unwrap().drawer.unwrap();
        assert_eq!(drawer.rows.len() as u32, figure.count, "{open}");
        assert_eq!(drawer.sum, figure.value, "{open}");
        assert_eq!(
            drawer.rows.iter().filter_map(|row| row.value).sum::<domain::money::Money>(),
            figure.value,
            "{open}"
        );
    }
}
