//! Headroom's web application: pages, components and server functions.
//!
//! A page reads one resource with a server function and shows what services answer; its filters live in the address.
//! Every form is a plain HTML form first and comes alive once the page is hydrated.

pub mod browser;
pub mod components;
pub mod context;
pub mod error;
pub mod pages;
pub mod server_fns;
pub mod show;
pub mod url;

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

use components::FrameView;
use pages::{
    accounts::{AccountDetail, AccountList},
    admin::{
        audit::AuditLog, import::ImportRun, imports::Imports, jobs::Jobs, preview::Preview, rules::Rules,
        settings::Settings, users::Users,
    },
    finder::Finder,
    inbox::Inbox,
    invite::Invite,
    login::Login,
    me::Me,
    not_found::NotFound,
    outreach::Outreach,
    proposal::ProposalPage,
    signals::{NewSignalPage, SignalList},
};

/// The document around the application; rendered on the server only.
#[cfg(feature = "ssr")]
pub fn shell(options: leptos::config::LeptosOptions) -> impl IntoView {
    use leptos::hydration::{AutoReload, HydrationScripts};
    use leptos_meta::{HashedStylesheet, MetaTags};
    context::content_security_policy();
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <HashedStylesheet id="style" options=options.clone()/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options=options.clone()/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Pages leave the server complete: readers without scripts would be left with skeletons otherwise.
const COMPLETE: SsrMode = SsrMode::Async;

/// The application.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    context::provide();
    view! {
        <Title formatter=|title: String| if title.is_empty() { "Headroom".to_owned() } else { format!("{title} · Headroom") }/>
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/login") view=Login ssr=COMPLETE/>
                <Route path=path!("/invite/:token") view=Invite ssr=COMPLETE/>
                <ParentRoute path=path!("") view=FrameView ssr=COMPLETE>
                    <Route path=path!("/finder") view=Finder ssr=COMPLETE/>
                    <Route path=path!("/finder/outreach/:found") view=Outreach ssr=COMPLETE/>
                    <Route path=path!("/proposal/:found") view=ProposalPage ssr=COMPLETE/>
                    <Route path=path!("/signals") view=SignalList ssr=COMPLETE/>
                    <Route path=path!("/signals/new") view=NewSignalPage ssr=COMPLETE/>
                    <Route path=path!("/accounts") view=AccountList ssr=COMPLETE/>
                    <Route path=path!("/accounts/:id") view=AccountDetail ssr=COMPLETE/>
                    <Route path=path!("/inbox") view=Inbox ssr=COMPLETE/>
                    <Route path=path!("/me") view=Me ssr=COMPLETE/>
                    <Route path=path!("/admin/users") view=Users ssr=COMPLETE/>
                    <Route path=path!("/admin/imports") view=Imports ssr=COMPLETE/>
                    <Route path=path!("/admin/imports/:id") view=ImportRun ssr=COMPLETE/>
                    <Route path=path!("/admin/imports/preview/:upload") view=Preview ssr=COMPLETE/>
                    <Route path=path!("/admin/detection-rules") view=Rules ssr=COMPLETE/>
                    <Route path=path!("/admin/settings") view=Settings ssr=COMPLETE/>
                    <Route path=path!("/admin/jobs") view=Jobs ssr=COMPLETE/>
                    <Route path=path!("/admin/audit") view=AuditLog ssr=COMPLETE/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    /// Renders every page once without a visitor: none may panic, and each stands at its address.
    #[test]
    fn every_page_has_its_address() {
        let routes = leptos_axum::generate_route_list(App);
        let paths: Vec<&str> = routes.iter().map(|route| route.path()).collect();
        for path in ["/login", "/invite/{token}", "/finder", "/signals/new", "/accounts/{id}", "/admin/detection-rules"]
        {
            assert!(paths.contains(&path), "{path} is missing in {paths:?}");
        }
        assert!(!paths.contains(&"/"), "the start is the server's: it leads each role to its first page");
    }
}
