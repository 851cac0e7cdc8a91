//! The frame around every page: sidebar by role, top bar, and below 1024 px the bottom bar (DESIGN 2). Only
//! destinations that exist stand in it. To add one: a line in [`groups`].

use domain::{access::Role, format, view::shell::Shell};
use leptos::prelude::*;
use leptos_meta::Html;
use leptos_router::{components::Outlet, hooks::use_location};

use super::{Glyph, Hidden, Toast, avatar, icon, logo};
use crate::{
    browser,
    context::{Arrivals, Frame},
    server_fns::shell::{SetTheme, load_shell},
    url::Here,
};

/// A destination.
#[derive(Debug, Clone, Copy)]
struct Place {
    glyph: Glyph,
    words: &'static str,
    href: &'static str,
    count: Option<fn(&Shell) -> u32>,
}

const fn place(glyph: Glyph, words: &'static str, href: &'static str, count: Option<fn(&Shell) -> u32>) -> Place {
    Place { glyph, words, href, count }
}

const INBOX: Place = place(Glyph::Inbox, "Inbox", "/inbox", Some(|shell| shell.inbox));
const FINDER: Place = place(Glyph::Find, "Finder", "/finder", Some(|shell| shell.finder));
const SIGNALS: Place = place(Glyph::Pulse, "Signals", "/signals", Some(|shell| shell.signals));
const ACCOUNTS: Place = place(Glyph::Account, "Accounts", "/accounts", Some(|shell| shell.accounts));
const MY_ACCOUNTS: Place = place(Glyph::Account, "My accounts", "/accounts", Some(|shell| shell.accounts));
const RUN: [Place; 6] = [
    place(Glyph::Sliders, "Rules", "/admin/detection-rules", None),
    place(Glyph::Save, "Imports", "/admin/imports", None),
    place(Glyph::Sync, "Jobs", "/admin/jobs", Some(|shell| shell.troubles)),
    place(Glyph::Users, "Users", "/admin/users", None),
    place(Glyph::Note, "Audit log", "/admin/audit", None),
    place(Glyph::Clock, "Settings", "/admin/settings", None),
];

/// Groups and their order by role.
fn groups(role: Role) -> Vec<(&'static str, Vec<Place>)> {
    match role {
        Role::CsLeader => vec![("", vec![INBOX]), ("Grow", vec![FINDER, SIGNALS, ACCOUNTS])],
        Role::Csm => vec![("", vec![INBOX]), ("Grow", vec![FINDER, SIGNALS, MY_ACCOUNTS])],
        Role::SalesRep => vec![("", vec![INBOX]), ("Work", vec![ACCOUNTS])],
        Role::Viewer => vec![("Grow", vec![FINDER, ACCOUNTS])],
        Role::Admin => vec![("", vec![INBOX]), ("Grow", vec![FINDER, SIGNALS, ACCOUNTS]), ("Run", RUN.to_vec())],
    }
}

/// The frame with the page inside.
#[component]
pub fn FrameView() -> impl IntoView {
    let shell = use_context::<Frame>().map_or_else(|| RwSignal::new(None), |frame| frame.0);
    let set_theme = ServerAction::<SetTheme>::new();
    keep_fresh(shell, set_theme);
    let pathname = use_location().pathname;
    view! {
        <Html attr:data-theme=move || shell.with(|shell| shell.as_ref().and_then(|shell| theme_name(&shell.theme)))/>
        <a class="skip-link" href="#main" rel="external">"Skip to the content"</a>
        <div class="frame">
            {move || shell.get().map(|shell| sidebar(shell, pathname))}
            {move || shell.get().map(|shell| top_bar(shell, set_theme))}
            <main id="main" tabindex="-1" class="mx-auto w-full min-w-0 max-w-[84rem] px-4 pb-24 pt-5 outline-none lg:px-6 lg:pb-12">
                <Outlet/>
            </main>
            {move || shell.get().map(|shell| bottom_bar(shell.role, pathname))}
        </div>
        <Toast/>
    }
    .into_any()
}

/// daisyUI's name of a theme; as the system is no name at all.
fn theme_name(theme: &str) -> Option<&'static str> {
    match theme {
        "light" => Some("headroom"),
        "dark" => Some("headroom-dark"),
        _ => None,
    }
}

/// Reads the frame's figures again after each navigation and form, and when something arrives.
fn keep_fresh(shell: RwSignal<Option<Shell>>, set_theme: ServerAction<SetTheme>) {
    let location = use_location();
    let arrivals = use_context::<Arrivals>();
    let again = RwSignal::new(0_u32);
    Effect::new(move |before: Option<()>| {
        location.pathname.track();
        location.search.track();
        again.track();
        set_theme.version().track();
        if before.is_some() {
            leptos::task::spawn_local(async move {
                if let Ok(fresh) = load_shell().await {
                    shell.set(Some(fresh));
                }
            });
        }
    });
    Effect::new(move |_| {
        browser::listen("/events", &["inbox", "scan", "import"], move |kind| {
            if let Some(Arrivals(count)) = arrivals
                && kind == "inbox"
            {
                count.update(|count| *count += 1);
            }
            again.update(|again| *again += 1);
        });
    });
}

fn is_current(href: &str, pathname: &str) -> bool {
    pathname == href || pathname.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'))
}

fn nav_item(place: Place, shell: &Shell, pathname: Memo<String>) -> AnyView {
    let count = place.count.map(|count| count(shell)).filter(|count| *count > 0);
    view! {
        <li>
            <a
                class="nav-item"
                href=place.href
                aria-current=move || is_current(place.href, &pathname.read()).then_some("page")
            >
                {icon(place.glyph, "size-4")}
                <span>{place.words}</span>
                {count.map(|count| view! { <span class="nav-count">{format::number(i64::from(count))}</span> })}
            </a>
        </li>
    }
    .into_any()
}

fn sidebar(shell: Shell, pathname: Memo<String>) -> AnyView {
    let nav = groups(shell.role).into_iter().map(|(title, places)| {
        let items = places.into_iter().map(|place| nav_item(place, &shell, pathname)).collect_view();
        view! {
            {(!title.is_empty()).then(|| view! { <p class="px-2 pb-1 pt-4 text-2xs font-medium text-ink-3">{title}</p> })}
            <ul class="space-y-0.5">{items}</ul>
        }
    });
    let nav = nav.collect_view();
    view! {
        <aside class="sidebar no-print" aria-label="Sidebar">
            <div class="sticky top-0 flex h-dvh flex-col px-2.5 py-3">
                <a href=home(shell.role) class="flex h-8 items-center gap-2 px-1.5 text-[0.9375rem] font-semibold tracking-[-0.015em]">
                    {logo("size-6")}
                    "Headroom"
                </a>
                <nav class="mt-3 flex-1 overflow-y-auto" aria-label="Main">
                    {nav}
                </nav>
                <div class="mt-2 border-t border-line pt-2">{health(&shell)} {account(&shell)}</div>
            </div>
        </aside>
    }
    .into_any()
}

/// The first page of a role.
fn home(role: Role) -> &'static str {
    match role {
        Role::Admin | Role::CsLeader | Role::Viewer => "/finder",
        Role::Csm | Role::SalesRep => "/inbox",
    }
}

fn health(shell: &Shell) -> AnyView {
    let (dot, words) = match shell.troubles {
        0 => ("size-2 rounded-full bg-won", "All syncs healthy".to_owned()),
        1 => ("size-2 rounded-full bg-warning", "1 job needs a look".to_owned()),
        n => ("size-2 rounded-full bg-warning", format!("{n} jobs need a look")),
    };
    let through = match shell.data_through.strip_prefix("no ") {
        Some(rest) => format!("No {rest}"),
        None => format!("Data through {}", shell.data_through),
    };
    view! {
        <div class="flex items-center gap-2.5 px-2 py-1.5">
            <span class="flex size-4 items-center justify-center" aria-hidden="true"><span class=dot></span></span>
            <span class="min-w-0">
                <span class="block truncate text-xs font-medium text-ink-2">{words}</span>
                <span class="block text-2xs text-ink-3">{through}</span>
            </span>
        </div>
    }
    .into_any()
}

fn account(shell: &Shell) -> AnyView {
    view! {
        <div class="mt-1 flex items-center gap-1">
            <a href="/me" class="nav-item h-auto min-w-0 flex-1 py-1.5">
                {avatar(&shell.name, "size-6")}
                <span class="min-w-0">
                    <span class="block truncate text-xs text-base-content">{shell.name.clone()}</span>
                    <span class="block truncate text-2xs font-normal text-ink-3">{shell.role.label()}</span>
                </span>
            </a>
            {sign_out("btn btn-sm btn-square btn-quiet", false)}
        </div>
    }
    .into_any()
}

fn sign_out(class: &'static str, words: bool) -> AnyView {
    view! {
        <form method="post" action="/logout">
            <button type="submit" class=class aria-label="Sign out" title="Sign out">
                {icon(Glyph::Out, "size-4")}
                {words.then_some("Sign out")}
            </button>
        </form>
    }
    .into_any()
}

fn top_bar(shell: Shell, set_theme: ServerAction<SetTheme>) -> AnyView {
    let bell = match shell.inbox {
        0 => "Notifications".to_owned(),
        n => format!("Notifications, {n} unread"),
    };
    view! {
        <header class="topbar no-print sticky top-0 z-20 flex h-[3.25rem] items-center gap-2 border-b border-line bg-base-200/95 px-4 backdrop-blur lg:px-6">
            <a href=home(shell.role) class="lg:hidden" aria-label="Headroom, start">{logo("size-7")}</a>
            <div class="ml-auto flex items-center gap-1">
                {theme_switch(&shell.theme, set_theme)}
                <a href="/inbox" class="btn btn-sm btn-square btn-quiet relative" aria-label=bell>
                    {icon(Glyph::Bell, "size-4")}
                    {(shell.inbox > 0).then(|| view! { <span class="absolute right-1.5 top-1.5 size-1.5 rounded-full bg-error"></span> })}
                </a>
            </div>
        </header>
    }
    .into_any()
}

fn theme_switch(theme: &str, action: ServerAction<SetTheme>) -> AnyView {
    let (next, words) = if theme == "dark" { ("light", "Light theme") } else { ("dark", "Dark theme") };
    view! {
        <ActionForm action=action>
            <Hidden name="theme" value=next/>
            <Hidden name="back" value=Here::now().back()/>
            <button type="submit" class="btn btn-sm btn-square btn-quiet" aria-label=words title=words>
                {icon(Glyph::Moon, "size-4")}
            </button>
        </ActionForm>
    }
    .into_any()
}

fn bottom_bar(role: Role, pathname: Memo<String>) -> AnyView {
    let places: Vec<Place> = groups(role).into_iter().flat_map(|(_, places)| places).collect();
    let shown = places.iter().take(4).map(|place| bottom_item(*place, pathname)).collect_view();
    let rest = places.iter().skip(4).copied().chain([place(Glyph::User, "Your account", "/me", None)]);
    let rest = rest.map(|place| {
        view! {
            <li>
                <a class="nav-item" href=place.href on:click=close_menu>
                    {icon(place.glyph, "size-4")}
                    {place.words}
                </a>
            </li>
        }
    });
    let rest = rest.collect_view();
    view! {
        <nav
            aria-label="Main, small screens"
            class="no-print fixed inset-x-0 bottom-0 z-20 flex border-t border-line bg-base-100 lg:hidden [&>*]:flex-1"
        >
            {shown}
            <details class="relative">
                <summary class="bare bottom-item">{icon(Glyph::Menu, "size-5")} "More"</summary>
                <div class="absolute bottom-full right-2 mb-2 w-52 rounded-box border border-line bg-base-100 p-2 shadow-xl">
                    <ul class="space-y-0.5">{rest}</ul>
                    {sign_out("nav-item w-full", true)}
                </div>
            </details>
        </nav>
    }
    .into_any()
}

fn bottom_item(place: Place, pathname: Memo<String>) -> AnyView {
    view! {
        <a
            class="bottom-item"
            href=place.href
            aria-current=move || is_current(place.href, &pathname.read()).then_some("page")
        >
            {icon(place.glyph, "size-5")}
            {place.words}
        </a>
    }
    .into_any()
}

fn close_menu(event: leptos::ev::MouseEvent) {
    browser::close_details_of(&event);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_current_on_its_page_and_below_it() {
        assert!(is_current("/accounts", "/accounts/ACME-1"));
        assert!(is_current("/accounts", "/accounts"));
        assert!(!is_current("/accounts", "/accountsx"));
    }

    #[test]
    fn no_role_is_led_to_a_page_that_it_may_not_open() {
        let of =
            |role| -> Vec<&str> { groups(role).into_iter().flat_map(|(_, places)| places).map(|p| p.href).collect() };
        for role in Role::ALL {
            assert_eq!(of(role).iter().any(|href| href.starts_with("/admin")), role == Role::Admin, "{role:?}");
            assert!(of(role).contains(&home(role)), "{role:?} starts where its sidebar leads");
        }
        assert!(!of(Role::SalesRep).contains(&"/finder"));
    }
}
