//! The HTTP API: shapes of CONTRACT 2–3, and a clear problem for every wrong request.

use http::{Method, StatusCode};
use serde_json::json;

use crate::app::App;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_api_keeps_its_contract() {
    let app = App::demo().await;
    found_opportunities(&app).await;
    signals(&app).await;
    imports(&app).await;
    wrong_requests(&app).await;
    description(&app).await;
}

async fn found_opportunities(app: &App) {
    let page = app.get("token:admin", "/api/intelligence/expansion-opportunities?limit=200").await.json();
    let rows = page["data"].as_array().unwrap();
    let counted = rows.iter().filter(|row| ["open", "candidate"].contains(&row["status"].as_str().unwrap()));
    let cents =
        |value: &serde_json::Value| value.as_str().map_or(0, |text| text.replace('.', "").parse::<i64>().unwrap());
    let (count, sum) = counted.fold((0, 0), |(n, sum), row| (n + 1, sum + cents(&row["estimated_value"])));
    assert_eq!(page["totals"]["count"], count, "the totals are of all that match");
    assert_eq!(cents(&page["totals"]["value"]), sum, "the rows add up to the total");
    for row in rows {
        let parts = row["confidence_parts"].as_object().unwrap();
        let points: f64 = parts.values().map(|part| part["points"].as_f64().unwrap()).sum();
        assert!((points - row["confidence_score"].as_f64().unwrap()).abs() < 1e-9, "{row}");
        assert!(!row["signals"].as_array().unwrap().is_empty(), "evidence or no opportunity: {row}");
    }
    let acme = rows.iter().find(|row| row["external_id"] == "OPP-1016").unwrap();
    assert_eq!((&acme["customer_name"], &acme["estimated_value"]), (&json!("Acme Corp"), &json!("45000.00")));
    assert_eq!(acme["champion"]["name"], "Sarah Chen");
    assert_eq!(acme["timeline"], "immediate");

    // Names of the requirement documents in camelCase, aliases, a page at a time.
    let seats =
        app.get("token:admin", "/api/intelligence/expansion-opportunities?type=seats&minValue=10000&limit=2").await;
    let seats = seats.json();
    assert_eq!(seats["data"].as_array().unwrap().len(), 2);
    assert!(seats["data"].as_array().unwrap().iter().all(|row| row["opportunity_type"] == "seat_expansion"));
    let next = format!(
        "/api/intelligence/expansion-opportunities?type=seats&minValue=10000&limit=2&cursor={}",
        seats["next_cursor"].as_str().unwrap()
    );
    let second = app.get("token:admin", &next).await.json();
    assert_ne!(second["data"][0]["id"], seats["data"][0]["id"]);
    let body = json!({ "opportunityTypes": ["upsell", "cross_sell"], "minConfidence": 60 });
    let search = app.post_json("leader", "/api/intelligence/expansion-opportunities", &body).await.json();
    assert!(search["data"].as_array().unwrap().iter().all(|row| row["confidence_score"].as_f64().unwrap() >= 60.0));
    let csv = app.get("admin", "/api/intelligence/expansion-opportunities?format=csv").await;
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(csv.body.lines().count(), rows.len() + 1);
}

async fn signals(app: &App) {
    let input = json!({
        "customer_id": "acme-corp", "signal_type": "upsell", "signal_strength": "strong", "source": "meeting",
        "source_reference": "QBR", "evidence": { "text": "Wants the workshop", "quote": "Can we get the workshop?" },
    });
    let first = app.post_json("leader", "/api/expansion/signal", &input).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    let again = app.post_json("leader", "/api/expansion/signal", &input).await;
    assert_eq!((again.status, &again.json()["merged"]), (StatusCode::OK, &json!(true)));
    assert_eq!(first.json()["id"], again.json()["id"]);
    let listed = app.get("token:csm", "/api/expansion/acme-corp/signals").await.json();
    let mine = listed["data"].as_array().unwrap().iter().find(|row| row["id"] == first.json()["id"]).unwrap();
    assert_eq!(mine["evidence"]["quote"], "Can we get the workshop?");
    // A viewer sees the signal, not the words.
    let hidden = app.get("token:viewer", "/api/expansion/acme-corp/signals").await;
    assert!(
        !hidden.body.contains("Can we get the workshop?") && !hidden.body.contains("Sarah Chen"),
        "{}",
        hidden.body
    );
}

async fn imports(app: &App) {
    let body = "\u{feff}external_id,name,arr,colour\nI-1,Imported,1200.50,red\nI-2,Broken,NaN,blue\nI-1,Twice,1,red\n";
    let ledger = app.send("token:admin", Method::POST, "/api/import/customers", Some(("text/csv", body))).await.json();
    let counts = &ledger["datasets"][0];
    assert_eq!(
        (&counts["rows"], &counts["created"], &counts["rejected"]),
        (&json!(3), &json!(1), &json!(2)),
        "{ledger}"
    );
    let customer = app.get("token:admin", "/api/customers/I-1").await.json();
    assert_eq!((&customer["name"], &customer["arr"]), (&json!("Imported"), &json!("1200.50")));
    let id = ledger["import_id"].as_str().unwrap();
    let undone = app.send("token:admin", Method::POST, &format!("/api/imports/{id}/undo"), None).await;
    assert_eq!(undone.status, StatusCode::OK, "{}", undone.body);
    assert_eq!(app.get("token:admin", "/api/customers/I-1").await.status, StatusCode::NOT_FOUND);
    let twice = app.send("token:admin", Method::POST, &format!("/api/imports/{id}/undo"), None).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
}

/// Who, method, path, content type and body, and the status that is right.
type WrongRequest = (&'static str, Method, &'static str, Option<(&'static str, &'static str)>, u16);

async fn wrong_requests(app: &App) {
    use Method as M;
    let json_kind = "application/json";
    let cases: &[WrongRequest] = &[
        ("", M::GET, "/api/customers", None, 401),
        ("token:admin", M::GET, "/api/customers?limit=many", None, 400),
        ("token:admin", M::GET, "/api/customers?cursor=foreign", None, 400),
        ("token:admin", M::GET, "/api/customers/nobody", None, 404),
        ("token:admin", M::GET, "/api/nothing", None, 404),
        ("token:admin", M::DELETE, "/api/customers", None, 405),
        ("token:admin", M::GET, "/api/intelligence/expansion-opportunities?type=magic", None, 400),
        ("token:admin", M::GET, "/api/intelligence/expansion-opportunities?min_value=NaN", None, 400),
        ("token:admin", M::GET, "/api/contracts?as_of=yesterday", None, 400),
        ("token:admin", M::POST, "/api/expansion/signal", Some((json_kind, "{")), 400),
        ("token:admin", M::POST, "/api/expansion/signal", Some(("text/plain", "{}")), 415),
        ("token:admin", M::POST, "/api/expansion/signal", Some((json_kind, "{}")), 422),
        ("token:admin", M::POST, "/api/import/nothing", Some(("text/csv", "a")), 404),
        ("token:admin", M::POST, "/api/import/customers", Some(("text/csv", "\u{1f}\u{8b}\u{8}x")), 422),
        ("token:csm", M::POST, "/api/import/customers", Some(("text/csv", "external_id,name\na,b\n")), 403),
        ("token:viewer", M::POST, "/api/expansion/signal", Some((json_kind, SIGNAL)), 403),
    ];
    for (who, method, path, body, status) in cases {
        let answer = app.send(who, method.clone(), path, *body).await;
        assert_eq!(answer.status.as_u16(), *status, "{method} {path}: {}", answer.body);
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{method} {path}");
        let problem = answer.json();
        for field in ["type", "title", "detail", "request_id"] {
            assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{method} {path}: {problem}");
        }
    }
}

const SIGNAL: &str = r#"{"customer_id":"acme-corp","signal_type":"upsell","source":"email","evidence":{"text":"x"}}"#;

async fn description(app: &App) {
    let document = app.get("", "/api/openapi.json").await.json();
    assert_eq!((&document["openapi"], &document["info"]["title"]), (&json!("3.1.0"), &json!("Headroom")));
    for (method, path) in server::api::listing() {
        assert!(document["paths"][&path][method.to_lowercase()].is_object(), "{method} {path} is not described");
    }
}
