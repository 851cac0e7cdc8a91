//! The icon set: own 16 px line icons, 1.5 px stroke, hidden from screen readers (DESIGN 5).
//! To add one: a line in `glyphs!`.

use leptos::prelude::*;

macro_rules! glyphs {
    ($($name:ident = $path:literal;)+) => {
        /// Which icon.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Glyph { $(#[doc = concat!("`", stringify!($name), "`")] $name,)+ }

        impl Glyph {
            const fn path(self) -> &'static str {
                match self { $(Glyph::$name => $path,)+ }
            }
        }
    };
}

glyphs! {
    Find = "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.4 10.4 14 14M7 9V5.2M5.3 6.8 7 5.1l1.7 1.7";
    Pulse = "M1.5 8.5h2.8l1.9-5.5 3.4 10 1.9-4.5h3";
    Account = "M3 13.5V4l5-1.8v11.3M8 6.2h5v7.3M1.8 13.5h12.4M5.2 6.3h.6M5.2 8.7h.6M5.2 11h.6M10.2 8.7h.6M10.2 11h.6";
    Handoff = "M2 5.2h9.5M9 2.7l2.5 2.5L9 7.7M14 11H4.5M7 8.5 4.5 11 7 13.5";
    Inbox = "M2 9.3 4 3h8l2 6.3V13H2zM2 9.3h3.4l1 1.7h3.2l1-1.7H14";
    Task = "M2.8 2.8h10.4v10.4H2.8zM5.4 8l1.9 1.9 3.4-3.9";
    Sliders = "M2 4.7h6M12.4 4.7H14M2 11.3h1.6M8 11.3h6M10.2 6.5a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6zM5.8 13.1a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z";
    Clock = "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.6";
    Bell = "M4 11V7.2a4 4 0 0 1 8 0V11l1.2 1.4H2.8zM6.6 14h2.8";
    Moon = "M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z";
    Down = "m4 6 4 4 4-4";
    Right = "m6 4 4 4-4 4";
    Left = "m10 4-4 4 4 4";
    Up = "M8 13V3.5M4.2 7.2 8 3.4l3.8 3.8";
    Arrow = "M3 8h9.5M9 4.4 12.6 8 9 11.6";
    Check = "m3 8.4 3.2 3.2L13 4.8";
    Cross = "m4 4 8 8M12 4l-8 8";
    Warn = "M8 2.6 14.2 13H1.8zM8 6.5v3M8 11.2v.3";
    Info = "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.3v3.5M8 5.1v.2";
    Pause = "M5.5 3.5v9M10.5 3.5v9";
    Out = "M6 3.5H3v9.5h9.5V10M9 2.8h4.2V7M13 3 7.6 8.4";
    Plus = "M8 3v10M3 8h10";
    Save = "M8 2.5v7.6M4.8 7.2 8 10.4l3.2-3.2M2.8 13.2h10.4";
    Filter = "M2 4h12M4.5 8h7M6.8 12h2.4";
    Sort = "M5 3v10M2.8 10.8 5 13l2.2-2.2M11 13V3M8.8 5.2 11 3l2.2 2.2";
    Calendar = "M2.8 3.6h10.4v9.6H2.8zM2.8 6.6h10.4M5.5 2.2v2.6M10.5 2.2v2.6";
    User = "M8 7.6a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2zM3 13.6c.4-2.7 2.3-4.2 5-4.2s4.6 1.5 5 4.2";
    Users = "M6 7.6a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8zM1.8 13.2c.3-2.4 1.9-3.7 4.2-3.7s3.9 1.3 4.2 3.7M10.4 3a2.3 2.3 0 0 1 0 4.5M12 9.8c1.3.5 2.1 1.7 2.3 3.4";
    Mail = "M2 3.8h12v8.6H2zM2.3 4.4 8 8.8l5.7-4.4";
    Sync = "M13.2 6.4A5.4 5.4 0 0 0 3.6 5M2.8 2.6V5.4h2.8M2.8 9.6A5.4 5.4 0 0 0 12.4 11M13.2 13.4v-2.8h-2.8";
    Undo = "M3 6.2h6.8a3.4 3.4 0 0 1 0 6.8H6M5.8 3.4 3 6.2 5.8 9";
    Menu = "M2.5 4.5h11M2.5 8h11M2.5 11.5h11";
    Chart = "M2.5 13.5h11M4.5 11V8M8 11V4M11.5 11V6.2";
    Table = "M2.5 3h11v10h-11zM2.5 6.4h11M2.5 9.7h11M6.4 6.4V13";
    Search = "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.4 10.4 14 14";
    Note = "M3.2 2.5h9.6v11H3.2zM5.5 5.5h5M5.5 8h5M5.5 10.5h3";
    Doc = "M4 2h5l3 3v9H4zM9 2v3h3";
}

/// An icon; the class gives its size.
#[must_use]
pub fn icon(glyph: Glyph, class: &'static str) -> AnyView {
    view! {
        <svg
            class=format!("shrink-0 {class}")
            viewBox="0 0 16 16"
            fill="none"
            stroke="currentColor"
            stroke-width="1.5"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d=glyph.path()></path>
        </svg>
    }
    .into_any()
}

/// Headroom's mark.
#[must_use]
pub fn logo(class: &'static str) -> AnyView {
    view! {
        <svg class=format!("shrink-0 {class}") viewBox="0 0 24 24" aria-hidden="true">
            <rect width="24" height="24" rx="6" fill="var(--color-primary)"></rect>
            <path d="M6 6.2h12" stroke="var(--color-primary-content)" stroke-width="1.8" stroke-linecap="round"></path>
            <rect x="6" y="14.2" width="3.2" height="4.3" rx=".8" fill="var(--color-primary-content)" opacity=".75"></rect>
            <rect x="10.4" y="12" width="3.2" height="6.5" rx=".8" fill="var(--color-primary-content)" opacity=".88"></rect>
            <rect x="14.8" y="9.6" width="3.2" height="8.9" rx=".8" fill="var(--color-primary-content)"></rect>
        </svg>
    }
    .into_any()
}
