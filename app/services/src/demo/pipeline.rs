//! Opportunities of the demo: the open pipeline, what closed in the last month, and a history of two years.

use domain::{opportunity::Stage, time::Day};

use super::{
    account::back,
    catalog::{ANA, GRACE, JONAS, LEO, MAYA, OMAR, PRIYA, TOM, list_price},
    prng::Prng,
    spec::{Spec, bundle},
    table::Row,
};

/// An open record as the mocks have it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open {
    pub(super) id: &'static str,
    pub(super) account: &'static str,
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    pub(super) stage: &'static str,
    /// Amount in whole units.
    pub(super) amount: i64,
    /// Days until the expected close.
    close_in: i32,
    csm: &'static str,
    rep: &'static str,
    pub(super) source: &'static str,
    sku: &'static str,
    /// Days in the present stage, and in all stages before it.
    days: i32,
    before: i32,
}

#[expect(clippy::too_many_arguments, reason = "one line of a table")]
const fn open(
    id: &'static str,
    account: &'static str,
    name: &'static str,
    kind: &'static str,
    stage: &'static str,
    thousands: i64,
    close_in: i32,
    csm: &'static str,
    rep: &'static str,
    source: &'static str,
    sku: &'static str,
    days: i32,
    before: i32,
) -> Open {
    let amount = thousands * 1000;
    Open { id, account, name, kind, stage, amount, close_in, csm, rep, source, sku, days, before }
}

/// The open pipeline: 34 records worth $1,200,000.
#[rustfmt::skip]
pub(super) const OPEN: [Open; 34] = [
    open("OPP-1001", "TechStart", "50 additional seats", "seat_expansion", "negotiation", 45, 6, TOM, GRACE, "Seat overage", "", 9, 38),
    open("OPP-1002", "Delta Co", "Three-year conversion", "multi_year", "negotiation", 28, 16, PRIYA, ANA, "Multi-year available", "", 6, 44),
    open("OPP-1003", "Orchid Health", "15 additional seats", "seat_expansion", "negotiation", 15, 25, LEO, OMAR, "Seat utilization", "", 12, 35),
    open("OPP-1004", "Harbor Logistics", "Enterprise tier", "tier_upgrade", "negotiation", 62, 32, MAYA, OMAR, "QBR", "PLAN-ENTERPRISE", 17, 52),
    open("OPP-1005", "Quarry Systems", "API Plus", "add_on", "negotiation", 30, 39, TOM, GRACE, "CSM", "API-PLUS", 11, 47),
    open("OPP-1006", "Acme Corp", "Premium tier", "tier_upgrade", "proposal", 85, 13, MAYA, ANA, "QBR", "PLAN-PREMIUM", 14, 33),
    open("OPP-1007", "MegaCorp", "API expansion", "add_on", "proposal", 65, 18, PRIYA, JONAS, "CSM", "API-PLUS", 19, 29),
    open("OPP-1008", "Tidewater Bank", "Enterprise tier", "tier_upgrade", "proposal", 97, 50, LEO, OMAR, "QBR", "PLAN-ENTERPRISE", 8, 41),
    open("OPP-1009", "Vertex Freight", "Route analytics", "cross_sell", "proposal", 48, 66, TOM, JONAS, "Sales", "ROUTE", 23, 30),
    open("OPP-1010", "CloudFirst", "Business tier", "tier_upgrade", "proposal", 45, 43, PRIYA, GRACE, "New team onboarding", "PLAN-BUSINESS", 4, 18),
    open("OPP-1011", "Epsilon", "Enterprise tier", "tier_upgrade", "proposal", 32, 24, MAYA, GRACE, "Usage growth", "PLAN-ENTERPRISE", 3, 21),
    open("OPP-1012", "Willow Insurance", "Two-year term", "multi_year", "proposal", 22, 29, LEO, ANA, "Multi-year available", "", 15, 26),
    open("OPP-1013", "Zephyr Air", "20 additional seats", "seat_expansion", "proposal", 14, 22, PRIYA, OMAR, "Seat utilization", "", 10, 24),
    open("OPP-1014", "Bluepeak", "15 additional seats", "seat_expansion", "proposal", 12, 10, TOM, GRACE, "Seat utilization", "", 12, 28),
    open("OPP-1015", "DataFlow", "Analytics module", "cross_sell", "qualified", 120, 27, TOM, JONAS, "QBR", "ANALYTICS", 21, 19),
    open("OPP-1016", "Acme Corp", "45 additional seats", "seat_expansion", "qualified", 45, 25, MAYA, "", "Seat utilization", "", 5, 16),
    open("OPP-1017", "InnovateCorp", "Advanced Analytics + API Plus", "cross_sell", "qualified", 45, 53, MAYA, "", "API limit", "", 3, 1),
    open("OPP-1018", "Beta Inc", "Analytics Module", "cross_sell", "qualified", 35, 46, PRIYA, "", "Feature interest", "ANALYTICS", 3, 2),
    open("OPP-1019", "Redwood Media", "Business tier", "tier_upgrade", "qualified", 12, 56, LEO, "", "Usage growth", "PLAN-BUSINESS", 18, 15),
    open("OPP-1020", "Lumen Foods", "10 additional seats", "seat_expansion", "qualified", 10, 31, TOM, "", "Seat utilization", "", 7, 12),
    open("OPP-1021", "Summit Retail", "10 additional seats", "seat_expansion", "qualified", 9, 38, PRIYA, "", "Seat utilization", "", 14, 10),
    open("OPP-1022", "Kestrel Energy", "Storage pack", "add_on", "qualified", 4, 57, LEO, "", "CSM", "STORAGE", 26, 14),
    open("OPP-1023", "CloudNine", "Enterprise upgrade", "tier_upgrade", "identified", 200, 58, PRIYA, "", "QBR", "PLAN-ENTERPRISE", 16, 0),
    open("OPP-1024", "Nexus Corp", "Business tier", "tier_upgrade", "identified", 20, 52, TOM, "", "Feature interest", "PLAN-BUSINESS", 8, 0),
    open("OPP-1025", "Tidewater Bank", "Two-year term", "multi_year", "identified", 15, 101, LEO, "", "Multi-year available", "", 2, 0),
    open("OPP-1026", "Vertex Freight", "Mobile add-on", "add_on", "identified", 15, 79, TOM, "", "CSM", "MOBILE", 29, 0),
    open("OPP-1027", "Marlow Foods", "Business tier", "tier_upgrade", "identified", 14, 57, LEO, "", "Usage growth", "PLAN-BUSINESS", 11, 0),
    open("OPP-1028", "Ironclad Tools", "Business tier", "tier_upgrade", "identified", 10, 87, MAYA, "", "Usage growth", "PLAN-BUSINESS", 13, 0),
    open("OPP-1029", "Harbor Logistics", "Premium support", "upsell", "identified", 10, 74, MAYA, "", "CSM", "SUPPORT", 34, 0),
    open("OPP-1030", "Umbra Labs", "10 additional seats", "seat_expansion", "identified", 8, 45, MAYA, "", "Seat utilization", "", 10, 0),
    open("OPP-1031", "Quarry Systems", "Storage pack", "add_on", "identified", 8, 93, TOM, "", "CSM", "STORAGE", 22, 0),
    open("OPP-1032", "Orchid Health", "Audit module", "cross_sell", "identified", 7, 85, LEO, "", "Missing products", "AUDIT", 9, 0),
    open("OPP-1033", "Redwood Media", "5 additional seats", "seat_expansion", "identified", 7, 56, LEO, "", "Seat utilization", "", 11, 0),
    open("OPP-1034", "Kestrel Energy", "5 additional seats", "seat_expansion", "identified", 6, 51, LEO, "", "Seat overage", "", 12, 0),
];

/// Name, type, product, amount in thousands, days since the close, reason when lost.
type Closed = (&'static str, &'static str, &'static str, &'static str, i64, i32, &'static str);

/// What closed in the last month: six won, worth $195,000, and four lost.
const LAST_MONTH: [Closed; 10] = [
    ("Harbor Logistics", "30 additional seats", "seat_expansion", "", 52, 24, ""),
    ("Nexus Corp", "Audit module", "cross_sell", "AUDIT", 38, 19, ""),
    ("CloudFirst", "25 additional seats", "seat_expansion", "", 27, 13, ""),
    ("Marlow Foods", "API Plus", "add_on", "API-PLUS", 21, 11, ""),
    ("Zephyr Air", "Two-year term", "multi_year", "", 12, 10, ""),
    ("TechFlow Inc", "Advanced Analytics", "cross_sell", "ADV-ANALYTICS", 45, 5, ""),
    ("Pinegrove", "Business tier", "tier_upgrade", "PLAN-BUSINESS", 30, 4, "Budget"),
    ("Summit Retail", "API Plus", "add_on", "API-PLUS", 24, 12, "No decision"),
    ("Quarry Systems", "20 additional seats", "seat_expansion", "", 18, 17, "Budget"),
    ("Bluepeak", "Audit module", "cross_sell", "AUDIT", 9, 26, "Competitor"),
];

/// Earlier expansions that the mocks mention.
const REMEMBERED: [Closed; 3] = [
    ("TechFlow Inc", "35 additional seats", "seat_expansion", "", 60, 215, ""),
    ("DataDrive Co", "Premium tier", "tier_upgrade", "PLAN-PREMIUM", 96, 190, ""),
    ("MegaCorp", "100 additional seats", "seat_expansion", "", 110, 260, ""),
];

/// One opportunity with its way through the stages.
struct Deal {
    id: String,
    name: String,
    kind: &'static str,
    sku: &'static str,
    amount: i64,
    csm: &'static str,
    rep: &'static str,
    source: &'static str,
    /// Stages with the days before the as-of day on which they were entered.
    path: Vec<(Stage, i32)>,
    /// Days until the expected close; negative is past.
    close_in: i32,
    lost_reason: &'static str,
}

impl Deal {
    fn stage(&self) -> Stage {
        self.path.last().map_or(Stage::Identified, |(stage, _)| *stage)
    }

    /// Days before the as-of day on which it was won or lost.
    fn closed(&self) -> Option<i32> {
        self.path.last().filter(|(stage, _)| !stage.is_open()).map(|(_, ago)| *ago)
    }

    fn won(&self) -> bool {
        self.stage() == Stage::ClosedWon
    }
}

const STAGES: [Stage; 4] = [Stage::Identified, Stage::Qualified, Stage::Proposal, Stage::Negotiation];

/// A way through the stages up to `last`, entered `ago` days before the as-of day, with `before` days spread over the
/// stages ahead of it.
fn way(last: Stage, ago: i32, before: i32) -> Vec<(Stage, i32)> {
    let steps = STAGES.iter().position(|stage| *stage == last).unwrap_or(STAGES.len());
    let ahead = STAGES.iter().take(steps).enumerate();
    let count = i32::try_from(steps).unwrap_or(1).max(1);
    let mut path: Vec<_> =
        ahead.map(|(i, stage)| (*stage, ago + before * (count - i32::try_from(i).unwrap_or(0)) / count)).collect();
    path.push((last, ago));
    path
}

fn open_deals(spec: &Spec) -> impl Iterator<Item = Deal> {
    OPEN.iter().filter(|open| open.account == spec.name).map(|open| Deal {
        id: open.id.to_owned(),
        name: open.name.to_owned(),
        kind: open.kind,
        sku: open.sku,
        amount: open.amount,
        csm: open.csm,
        rep: open.rep,
        source: open.source,
        path: way(Stage::from_key(open.stage).unwrap_or(Stage::Identified), open.days, open.before),
        close_in: open.close_in,
        lost_reason: "",
    })
}

fn named_closed(dice: &mut Prng, spec: &Spec) -> Vec<Deal> {
    let mine = LAST_MONTH.iter().chain(&REMEMBERED).filter(|closed| closed.0 == spec.name);
    mine.map(|(_, name, kind, sku, thousands, ago, reason)| {
        let stage = if reason.is_empty() { Stage::ClosedWon } else { Stage::ClosedLost };
        deal(dice, spec, (*name).to_owned(), kind, sku, thousands * 1000, stage, *ago, reason)
    })
    .collect()
}

/// A closed deal. A lost one may have stopped at any stage, as often as the mocks' conversion has it.
#[expect(clippy::too_many_arguments, reason = "the columns of one record")]
fn deal(
    dice: &mut Prng,
    spec: &Spec,
    name: String,
    kind: &'static str,
    sku: &'static str,
    amount: i64,
    stage: Stage,
    ago: i32,
    lost_reason: &'static str,
) -> Deal {
    let mut path = way(stage, ago, dice.days(28, 96));
    if stage == Stage::ClosedLost {
        // Of 138 lost deals 66 stopped in the first stage, 34 in the second, 26 in the third, 12 in the last.
        let stopped_after = match dice.between(0, 137) {
            0..66 => 1,
            66..100 => 2,
            100..126 => 3,
            _ => 4,
        };
        path.truncate(stopped_after);
        path.push((stage, ago));
    } else if dice.percent(14) {
        // Some are known to the customer already when they are written down.
        path.remove(0);
    }
    let source = match kind {
        "seat_expansion" => dice.pick(&["Seat utilization", "Seat utilization", "CSM", "QBR"]),
        "multi_year" => "Multi-year available",
        "tier_upgrade" => dice.pick(&["Usage growth", "QBR", "QBR"]),
        _ => dice.pick(&["Feature interest", "CSM", "Sales"]),
    };
    let close_in = -ago + dice.days(-12, 20);
    let (csm, rep) = (spec.csm, spec.rep);
    Deal { id: String::new(), name, kind, sku, amount, csm, rep, source, path, close_in, lost_reason }
}

/// What could have been offered to an account: name, type, product, amount.
fn offer(dice: &mut Prng, spec: &Spec) -> (String, &'static str, &'static str, i64) {
    let share = |percent: i64| (spec.annual * percent / 100 / 1000 * 1000).max(1000);
    match dice.between(0, 9) {
        0..=5 => {
            let seats = 5 * dice.between(1, (spec.seats / 25).clamp(1, 12));
            (format!("{seats} additional seats"), "seat_expansion", "", seats * spec.price)
        }
        6 | 7 => ("Next plan".to_owned(), "tier_upgrade", spec.plan, share(dice.between(10, 24))),
        8 => ("Two-year term".to_owned(), "multi_year", "", share(15)),
        _ => {
            let sku = dice.pick(bundle(spec.segment));
            let (name, price) = match sku {
                "" | "AUDIT" => return ("Onboarding package".to_owned(), "upsell", "", 4_000),
                "ANALYTICS" => ("Analytics Module", list_price(sku)),
                _ => ("Forecast module", list_price(sku)),
            };
            (name.to_owned(), "cross_sell", sku, price)
        }
    }
}

/// What was won and lost before the last month.
fn past_deals(dice: &mut Prng, spec: &Spec) -> Vec<Deal> {
    let mut deals = Vec::new();
    let since = spec.customer_for.min(715) - 40;
    let until = spec.left.unwrap_or(0);
    if spec.products.contains(&"ADV-ANALYTICS") && spec.name != "TechFlow Inc" {
        // Six accounts pay for it: what peers pay has a median of its list price.
        let price = list_price("ADV-ANALYTICS") + 1000 * (i64::from(spec.wins) - 1);
        let ago = dice.days(60, 500);
        let name = "Advanced Analytics".to_owned();
        deals.push(deal(dice, spec, name, "cross_sell", "ADV-ANALYTICS", price, Stage::ClosedWon, ago, ""));
    }
    let remembered = REMEMBERED.iter().filter(|closed| closed.0 == spec.name).count();
    let extra = usize::from(spec.wins).saturating_sub(remembered + deals.len());
    for number in 0..extra {
        let (name, kind, sku, amount) = offer(dice, spec);
        let first = until + 60 + 190 * i32::try_from(number).unwrap_or(0);
        let ago = dice.days(first, (first + 170).min(since.max(first)));
        deals.push(deal(dice, spec, name, kind, sku, amount, Stage::ClosedWon, ago, ""));
    }
    let losses = if spec.status == "prospect" { 0 } else { dice.between(1, 3) };
    for _ in 0..losses {
        let (name, kind, sku, amount) = offer(dice, spec);
        let ago = dice.days(until + 100, since.max(until + 101));
        let reason = dice.pick(&["Budget", "Budget", "No decision", "No decision", "Competitor", "Timing"]);
        deals.push(deal(dice, spec, name, kind, sku, amount, Stage::ClosedLost, ago, reason));
    }
    if spec.lost_lately {
        let name = "Route analytics".to_owned();
        deals.push(deal(dice, spec, name, "cross_sell", "ROUTE", 12_000, Stage::ClosedLost, 52, "Timing"));
    }
    deals
}

/// All opportunities of an account.
fn deals(seed: u64, spec: &Spec) -> Vec<Deal> {
    let mut dice = Prng::keyed(seed, &spec.id, "pipeline");
    if spec.lean {
        return Vec::new();
    }
    let mut closed = named_closed(&mut dice, spec);
    closed.extend(past_deals(&mut dice, spec));
    for (number, deal) in closed.iter_mut().enumerate() {
        deal.id = format!("{}-d{number}", spec.id);
    }
    open_deals(spec).chain(closed).collect()
}

pub(super) const OPPORTUNITY_COLUMNS: &[&str] = &[
    "external_id",
    "customer_external_id",
    "name",
    "type",
    "stage",
    "estimated_value",
    "closed_value",
    "identified_on",
    "expected_close_on",
    "closed_on",
    "csm_email",
    "sales_rep_email",
    "source",
    "product_sku",
    "lost_reason",
];

pub(super) fn opportunity_rows(seed: u64, spec: &Spec, as_of: Day) -> Vec<Row> {
    let row = |deal: Deal| {
        let identified = deal.path.first().map_or(0, |(_, ago)| *ago);
        let closed_on = deal.closed().map_or_else(String::new, |ago| back(as_of, ago).to_string());
        vec![
            deal.id.clone(),
            spec.id.clone(),
            deal.name.clone(),
            deal.kind.to_owned(),
            deal.stage().key().to_owned(),
            deal.amount.to_string(),
            if deal.won() { deal.amount.to_string() } else { String::new() },
            back(as_of, identified).to_string(),
            back(as_of, -deal.close_in).to_string(),
            closed_on,
            deal.csm.to_owned(),
            deal.rep.to_owned(),
            deal.source.to_owned(),
            deal.sku.to_owned(),
            deal.lost_reason.to_owned(),
        ]
    };
    deals(seed, spec).into_iter().map(row).collect()
}

pub(super) const HISTORY_COLUMNS: &[&str] =
    &["opportunity_external_id", "to_stage", "changed_at", "from_stage", "changed_by_email"];

pub(super) fn history_rows(seed: u64, spec: &Spec, as_of: Day) -> Vec<Row> {
    let mut rows = Vec::new();
    for deal in deals(seed, spec) {
        let mut from = "";
        for (number, (stage, ago)) in deal.path.iter().enumerate() {
            // Of two moves on one day the later stage stands later.
            let hour = 9 + number;
            let by = if deal.rep.is_empty() || number < 2 { deal.csm } else { deal.rep };
            rows.push(vec![
                deal.id.clone(),
                stage.key().to_owned(),
                format!("{}T{hour:02}:05:00Z", back(as_of, *ago)),
                from.to_owned(),
                by.to_owned(),
            ]);
            from = stage.key();
        }
    }
    rows
}

pub(super) const EXPANSION_COLUMNS: &[&str] =
    &["customer_external_id", "booked_on", "arr_delta", "type", "product_sku", "opportunity_external_id"];

pub(super) fn expansion_rows(seed: u64, spec: &Spec, as_of: Day) -> Vec<Row> {
    let booked = |deal: Deal| {
        let ago = deal.closed().filter(|_| deal.won())?;
        Some(vec![
            spec.id.clone(),
            back(as_of, ago).to_string(),
            deal.amount.to_string(),
            deal.kind.to_owned(),
            deal.sku.to_owned(),
            deal.id,
        ])
    };
    deals(seed, spec).into_iter().filter_map(booked).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_open_pipeline_is_that_of_the_mocks() {
        let sum = |stage: &str| {
            let rows: Vec<i64> = OPEN.iter().filter(|open| open.stage == stage).map(|open| open.amount).collect();
            (rows.len(), rows.iter().sum::<i64>())
        };
        assert_eq!(sum("identified"), (12, 320_000));
        assert_eq!(sum("qualified"), (8, 280_000));
        assert_eq!(sum("proposal"), (9, 420_000));
        assert_eq!(sum("negotiation"), (5, 180_000));
        let won: i64 = LAST_MONTH.iter().filter(|closed| closed.6.is_empty()).map(|closed| closed.4).sum();
        assert_eq!(won, 195);
    }

    #[test]
    fn a_way_ends_in_its_stage_on_its_day() {
        let path = way(Stage::Proposal, 14, 33);
        assert_eq!(path, [(Stage::Identified, 47), (Stage::Qualified, 30), (Stage::Proposal, 14)]);
        assert_eq!(way(Stage::Identified, 16, 0), [(Stage::Identified, 16)]);
        assert_eq!(way(Stage::ClosedWon, 5, 40).len(), 5);
    }
}
