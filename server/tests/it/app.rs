//! One builder for every test: the demo portfolio in a temporary SQLite file, its roles signed in, tokens made.

use std::{collections::BTreeMap, path::PathBuf};

use axum::{Router, body::Body};
use domain::time::{At, Day};
use http::{Method, Request, StatusCode, header};
use server::{
    state::SecretKey,
    web::{WebConfig, router},
};
use services::{Clock, Services, import::Progress};
use tower::ServiceExt;

/// The roles of the demo, by the name of their login.
pub const ROLES: [&str; 5] = ["admin", "leader", "csm", "rep", "viewer"];

/// The application with a signed-in cookie and a token for each role.
pub struct App {
    router: Router,
    /// Use cases behind it.
    pub services: Services,
    cookies: BTreeMap<&'static str, String>,
    tokens: BTreeMap<&'static str, String>,
    _folder: tempfile::TempDir,
}

/// An answer, read to its end.
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: http::HeaderMap,
    /// Body.
    pub body: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

impl App {
    /// The demo as it stands on 2 February 2026.
    pub async fn demo() -> App {
        let folder = tempfile::tempdir().unwrap();
        let now: At = "2026-02-02T09:05:00Z".parse().unwrap();
        let db = store::Db::connect(&format!("sqlite://{}/t.db", folder.path().display()), store::Options::default())
            .await
            .unwrap();
        db.migrate().await.unwrap();
        let config = services::org::Config {
            data_dir: folder.path().to_owned(),
            demo_logins: true,
            ..services::org::Config::default()
        };
        let services = Services::new(db, Clock::fixed(now), config);
        let as_of: Day = "2026-02-02".parse().unwrap();
        let seed = services::demo::DEFAULT_SEED;
        services::seed::demo(&services, seed, as_of, 60, now, &Progress::default()).await.unwrap();
        let web = WebConfig {
            site_root: PathBuf::from("none"),
            tls: false,
            secret: SecretKey(b"0123456789abcdef0123456789abcdef".as_slice().into()),
        };
        let mut app = App {
            router: router(services.clone(), &web),
            services,
            cookies: BTreeMap::new(),
            tokens: BTreeMap::new(),
            _folder: folder,
        };
        for role in ROLES {
            let email = format!("{role}@example.com");
            let form = format!("email={email}&password={}", services::seed::PASSWORD);
            let answer = app.send("", Method::POST, "/login", Some(("application/x-www-form-urlencoded", &form))).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{role}: {}", answer.body);
            let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
            app.cookies.insert(role, cookie);
            let user = store::users::by_email(app.services.db.read(), &email).await.unwrap().unwrap();
            let token =
                services::auth::create_token(&app.services, "test", user.id, "test", "read,write,import,admin", "1d");
            app.tokens.insert(role, token.await.unwrap());
        }
        app
    }

    /// Sends a request; `who` is a role (its cookie), `token:role` (its token), or empty.
    pub async fn send(&self, who: &str, method: Method, path: &str, body: Option<(&str, &str)>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "localhost");
        if let Some(role) = who.strip_prefix("token:") {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.tokens[role]));
        } else if !who.is_empty() {
            request = request.header(header::COOKIE, &self.cookies[who]);
        }
        let request = match body {
            Some((kind, text)) => request.header(header::CONTENT_TYPE, kind).body(Body::from(text.to_owned())),
            None => request.body(Body::empty()),
        };
        let response = self.router.clone().oneshot(request.unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 64 << 20).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// Sends a GET.
    pub async fn get(&self, who: &str, path: &str) -> Answer {
        self.send(who, Method::GET, path, None).await
    }

    /// Sends JSON with a role's token.
    pub async fn post_json(&self, role: &str, path: &str, body: &serde_json::Value) -> Answer {
        self.send(&format!("token:{role}"), Method::POST, path, Some(("application/json", &body.to_string()))).await
    }
}
