//! What only admins do, and rules that CSMs may read.

pub mod audit;
pub mod imports;
pub mod jobs;
pub mod rules;
pub mod settings;
pub mod users;
