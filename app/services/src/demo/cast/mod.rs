//! The accounts of the demo that have a name: those of the requirement documents and mocks, and quiet ones around them.
//!
//! To plant one more signal: describe the account here, add its record to `pipeline` when it has one, and its line to
//! `truth`; the truth test fails until all three agree.

mod held;
mod live;
mod quiet;
mod seats;

use super::{
    prng::Prng,
    spec::{Person, Shape, Spec, USAGE_DAYS},
};

/// Every named account, in a fixed order.
pub(super) fn all(seed: u64) -> Vec<Spec> {
    let mut specs = live::accounts(seed);
    specs.extend(seats::accounts(seed));
    specs.extend(held::accounts(seed));
    specs.extend(quiet::accounts(seed));
    specs
}

/// Who looks after an account: CSM and sales rep.
type Team = (&'static str, &'static str);

/// A named account to start from: quiet, without people.
fn named(seed: u64, name: &str, industry: &'static str, segment: &'static str, team: Team) -> Spec {
    let id = name.to_lowercase().replace(' ', "-");
    let (csm, rep) = team;
    Spec { csm, rep, original_ae: rep, people: Vec::new(), ..Spec::quiet(seed, &id, name, industry, segment) }
}

/// A stakeholder: name, title, role, engagement, days since the last contact.
fn person(name: &str, title: &'static str, role: &'static str, engagement: i64, contact: i32) -> Person {
    Person { name: name.to_owned(), title, role, engagement, contact }
}

/// Plan, seats, price of a seat and value of a year.
fn contract(spec: Spec, plan: &'static str, seats: i64, price: i64, annual: i64) -> Spec {
    // A quiet account's use fits the seats it was drawn with; keep the share.
    let share = spec.active.last().map_or(0.5, |(_, used)| used / spec.seats.max(1) as f64);
    let used = share * seats as f64;
    let active = vec![(USAGE_DAYS, used * 0.8), (0, used)];
    Spec { plan, seats, price, annual, active, storage_limit: seats * 4, api_daily: used * 90.0, ..spec }
}

/// Health today and a month ago; about the latter before.
fn health(now: f64, month_ago: f64) -> Shape {
    vec![(USAGE_DAYS, month_ago - 3.0), (120, month_ago - 1.0), (31, month_ago), (1, now)]
}

/// Adds products to those that an account of the segment has.
fn also(products: &[&'static str], more: &[&'static str]) -> Vec<&'static str> {
    products.iter().chain(more).copied().collect()
}

/// An account's products without one of them.
fn without(products: &[&'static str], missing: &str) -> Vec<&'static str> {
    products.iter().copied().filter(|sku| *sku != missing).collect()
}

/// The usual title of a made-up person.
fn contact_person(
    seed: u64,
    id: &str,
    title: &'static str,
    role: &'static str,
    engagement: i64,
    contact: i32,
) -> Person {
    let name = super::spec::person_name(&mut Prng::keyed(seed, id, title));
    Person { name, title, role, engagement, contact }
}
