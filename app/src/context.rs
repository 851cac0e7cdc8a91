//! What a page knows of its visit: who asks, the frame's figures, whether the browser has taken over.
//!
//! On the server the session layer puts a [`Visit`] into the request's extensions before pages are rendered, and
//! `services::Services` into the context. Pages are rendered with both; the frame travels to the browser with the page.

use domain::view::shell::Shell;
use leptos::prelude::*;

/// The frame's figures; none for visitors who are not signed in.
#[derive(Debug, Clone, Copy)]
pub struct Frame(pub RwSignal<Option<Shell>>);

/// Whether the page is alive: false on the server and until the first effect has run.
#[derive(Debug, Clone, Copy)]
pub struct Hydrated(pub RwSignal<bool>);

/// Items that arrived in the inbox since the page was shown.
#[derive(Debug, Clone, Copy)]
pub struct Arrivals(pub RwSignal<u32>);

/// Provides all of the above at the top of the application.
pub fn provide() {
    let shell = SharedValue::new(visiting_shell).into_inner();
    let frame = Frame(RwSignal::new(shell));
    let hydrated = Hydrated(RwSignal::new(false));
    provide_context(frame);
    provide_context(hydrated);
    provide_context(Arrivals(RwSignal::new(0)));
    Effect::new(move |_| hydrated.0.set(true));
}

/// Whether the page is alive. Without a frame it never is.
pub fn hydrated() -> Signal<bool> {
    use_context::<Hydrated>().map_or_else(|| Signal::from(false), |hydrated| hydrated.0.into())
}

/// The frame of this visit.
pub fn shell() -> Option<Shell> {
    use_context::<Frame>().and_then(|frame| frame.0.get_untracked())
}

#[cfg(not(feature = "ssr"))]
fn visiting_shell() -> Option<Shell> {
    None
}

/// Whether demo logins may be used; the server says so with the page.
#[cfg(not(feature = "ssr"))]
#[must_use]
pub fn demo_logins() -> bool {
    false
}

#[cfg(feature = "ssr")]
use server::visiting_shell;
#[cfg(feature = "ssr")]
pub use server::{
    Visit, answer_status, caller, content_security_policy, demo_logins, finish, hand_over_secret, request_id,
    take_secret,
};

#[cfg(feature = "ssr")]
mod server {
    use domain::{access::Actor, view::shell::Shell};
    use http::request::Parts;
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;
    use services::Services;

    use crate::error::WireError;

    /// Who asks. The server's session layer puts it into the extensions of every request of a signed-in person.
    #[derive(Debug, Clone)]
    pub struct Visit {
        /// The person.
        pub actor: Actor,
        /// Key of the session in use, kept when a password change ends the others.
        pub session: String,
        /// The frame's figures, for requests that render a page.
        pub shell: Option<Shell>,
    }

    fn visit() -> Option<Visit> {
        use_context::<Parts>()?.extensions.get::<Visit>().cloned()
    }

    pub(super) fn visiting_shell() -> Option<Shell> {
        visit()?.shell
    }

    /// The services and who asks; the start of every server function.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub fn caller() -> Result<(Services, Visit), WireError> {
        let services = use_context::<Services>();
        let services = services.ok_or_else(|| WireError::Unavailable("The server is starting.".into()))?;
        visit().map(|visit| (services, visit)).ok_or_else(|| {
            answer_status(http::StatusCode::UNAUTHORIZED);
            WireError::SignedOut
        })
    }

    /// Sends a form that worked to its page, with what was done.
    pub fn finish(back: &str, done: &str) {
        leptos_axum::redirect(&crate::url::finished(back, done));
    }

    /// Whether the request is the form of a browser without scripts.
    fn is_plain_form() -> bool {
        use_context::<Parts>().is_some_and(|parts| {
            let accepts = parts.headers.get(http::header::ACCEPT).and_then(|value| value.to_str().ok());
            parts.method == http::Method::POST && accepts.is_some_and(|accepts| accepts.contains("text/html"))
        })
    }

    /// Name of the cookie that carries a secret from a plain form to the page that shows it once.
    const SECRET_COOKIE: &str = "headroom-once";
    /// The page is asked for at once; a minute covers slow networks.
    const SECRET_COOKIE_SECONDS: u32 = 60;

    /// Hands a secret to the page that shows it once. With scripts the form's own answer carries it instead.
    pub fn hand_over_secret(path: &str, secret: &str) {
        if is_plain_form() {
            set_secret_cookie(path, secret, SECRET_COOKIE_SECONDS);
        }
    }

    /// Takes the secret that a plain form left for this page.
    #[must_use]
    pub fn take_secret(path: &str) -> Option<String> {
        let parts = use_context::<Parts>()?;
        let cookies = parts.headers.get_all(http::header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let secret = pairs.find(|(name, _)| *name == SECRET_COOKIE).map(|(_, secret)| secret.to_owned())?;
        set_secret_cookie(path, "", 0);
        Some(secret)
    }

    fn set_secret_cookie(path: &str, value: &str, seconds: u32) {
        let cookie = format!("{SECRET_COOKIE}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Strict");
        if let (Some(options), Ok(cookie)) = (use_context::<ResponseOptions>(), cookie.parse()) {
            options.append_header(http::header::SET_COOKIE, cookie);
        }
    }

    /// Sets the status of the answer, except for forms of browsers without scripts: those are sent back to their page.
    pub fn answer_status(status: http::StatusCode) {
        if let Some(options) = use_context::<ResponseOptions>()
            && !is_plain_form()
        {
            options.set_status(status);
        }
    }

    /// Sends the policy of a page: scripts of our own and the inline ones of this page's nonce (CONTRACT 4). Widths of
    /// bars are style attributes.
    pub fn content_security_policy() {
        let nonce = leptos::nonce::use_nonce().map(|nonce| format!(" 'nonce-{nonce}'")).unwrap_or_default();
        let policy = format!(
            "default-src 'self'; script-src 'self'{nonce} 'wasm-unsafe-eval'; style-src 'self'; \
             style-src-attr 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
             frame-ancestors 'none'; form-action 'self'"
        );
        if let (Some(options), Ok(policy)) = (use_context::<ResponseOptions>(), policy.parse()) {
            options.insert_header(http::header::CONTENT_SECURITY_POLICY, policy);
        }
    }

    /// Whether demo logins may be used.
    #[must_use]
    pub fn demo_logins() -> bool {
        use_context::<Services>().is_some_and(|services| services.config.demo_logins)
    }

    /// What the log calls this request.
    #[must_use]
    pub fn request_id() -> String {
        let parts = use_context::<Parts>();
        let id = parts.as_ref().and_then(|parts| parts.headers.get("x-request-id")).and_then(|id| id.to_str().ok());
        id.unwrap_or_default().to_owned()
    }
}
