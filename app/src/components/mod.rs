//! The parts that pages are made of (DESIGN 6): props in, markup out. Server calls live in `pages` only.
//! To add one: a file with its noun, a line here.

pub mod chart;
pub mod chip;
pub mod confidence;
pub mod drawer;
pub mod evidence;
pub mod field;
pub mod filter;
pub mod frame;
pub mod icon;
pub mod log;
pub mod note;
pub mod number;
pub mod pagination;
pub mod panel;
pub mod stage;
pub mod stat;
pub mod state;
pub mod strength;
pub mod toast;

pub use chart::ChartBox;
pub use chip::{Tone, chip};
pub use confidence::{ConfidenceParts, confidence};
pub use drawer::NumberDrawer;
pub use evidence::{EvidenceBlock, sparkline};
pub use field::{Errors, Field, FormAlert, Hidden, PageAlert, Pick, TextBox, errors_of, no_errors};
pub use filter::{FilterForm, FilterPick};
pub use frame::FrameView;
pub use icon::{Glyph, icon, logo};
pub use log::{LogLine, log};
pub use note::{Weight, note};
pub use number::{avatar, list_link, number};
pub use pagination::Pagination;
pub use panel::{PageHead, Panel, ScrollBox};
pub use stage::stage;
pub use stat::{StatStrip, StatTile};
pub use state::{empty, failed, load};
pub use strength::strength;
pub use toast::Toast;
