//! What the vendor of the demo sells, who works there, and what the organisation has set.

use domain::time::Day;

use super::table::Row;

/// A product or plan of the demo.
pub(super) struct Sold {
    pub(super) sku: &'static str,
    pub(super) name: &'static str,
    family: &'static str,
    tier: &'static str,
    /// List price of a year in whole units.
    pub(super) list: i64,
    unit: &'static str,
    metric: &'static str,
    aliases: &'static str,
}

const fn plan(sku: &'static str, name: &'static str, tier: &'static str, list: i64, aliases: &'static str) -> Sold {
    Sold { sku, name, family: "Plans", tier, list, unit: "flat", metric: "", aliases }
}

const fn product(
    sku: &'static str,
    name: &'static str,
    family: &'static str,
    list: i64,
    metric: &'static str,
    aliases: &'static str,
) -> Sold {
    Sold { sku, name, family, tier: "", list, unit: "flat", metric, aliases }
}

/// Everything on the price list. The plans' prices are such that the tiers of the demo's pipeline cost what they cost:
/// the next plan's price less what the account pays (PRODUCT 5).
pub(super) const CATALOG: [Sold; 14] = [
    plan("PLAN-STARTER", "Starter", "1", 24_000, "Starter plan;Starter tier"),
    plan("PLAN-PRO", "Professional", "2", 60_000, "Professional plan;Professional tier"),
    plan("PLAN-BUSINESS", "Business", "3", 108_000, "Business plan;Business tier"),
    plan("PLAN-PREMIUM", "Premium", "4", 135_000, "Premium plan;Premium tier"),
    plan("PLAN-ENTERPRISE", "Enterprise", "5", 240_000, "Enterprise plan;Enterprise tier"),
    product("ADV-ANALYTICS", "Advanced Analytics", "Analytics", 30_000, "", "AdvancedAnalytics"),
    product("ANALYTICS", "Analytics Module", "Analytics", 35_000, "", "reporting module"),
    product("API-PLUS", "API Plus", "Platform", 15_000, "api_calls", "API+"),
    Sold { unit: "seat", ..product("AUDIT", "Audit module", "Compliance", 50, "", "audit trail module") },
    product("FORECAST", "Forecast module", "Analytics", 5_000, "", "forecasting module"),
    product("ROUTE", "Route analytics", "Analytics", 48_000, "", "route analysis"),
    product("MOBILE", "Mobile add-on", "Platform", 15_000, "", "mobile app add-on"),
    product("STORAGE", "Storage pack", "Platform", 4_000, "storage_gb", "extra storage"),
    product("SUPPORT", "Premium support", "Services", 10_000, "", "24/7 support"),
];

/// The list price of a product in whole units.
pub(super) fn list_price(sku: &str) -> i64 {
    CATALOG.iter().find(|sold| sold.sku == sku).map_or(0, |sold| sold.list)
}

pub(super) const PRODUCT_COLUMNS: &[&str] =
    &["sku", "name", "family", "plan_tier", "list_price_annual", "price_unit", "metric", "aliases"];

pub(super) fn product_rows() -> Vec<Row> {
    let cells = |p: &Sold| {
        [p.sku, p.name, p.family, p.tier, &p.list.to_string(), p.unit, p.metric, p.aliases].map(str::to_owned).to_vec()
    };
    CATALOG.iter().map(cells).collect()
}

/// Somebody at the vendor: e-mail, name, role, team, manager. Demo logins first.
type Staff = (&'static str, &'static str, &'static str, &'static str, &'static str);

pub(super) const LEADER: &str = "leader@example.com";
pub(super) const MAYA: &str = "csm@example.com";
pub(super) const TOM: &str = "tom.becker@example.com";
pub(super) const PRIYA: &str = "priya.nair@example.com";
pub(super) const LEO: &str = "leo.hughes@example.com";
pub(super) const CSMS: [&str; 4] = [MAYA, TOM, PRIYA, LEO];

pub(super) const SALES_LEAD: &str = "dario.conti@example.com";
pub(super) const JONAS: &str = "rep@example.com";
pub(super) const ANA: &str = "ana.silva@example.com";
pub(super) const GRACE: &str = "grace.lin@example.com";
pub(super) const OMAR: &str = "omar.haddad@example.com";
pub(super) const REPS: [&str; 4] = [ANA, JONAS, GRACE, OMAR];

/// The administrator: not in the dataset, because an import grants no such role (CONTRACT 5).
pub(super) const ADMIN: Staff = ("admin@example.com", "Sam Reed", "admin", "", "");

/// People of the dataset, managers before those whom they lead.
pub(super) const STAFF: [Staff; 12] = [
    (LEADER, "Nora Blake", "cs_leader", "Customer success", ""),
    (SALES_LEAD, "Dario Conti", "sales_rep", "Sales", ""),
    (MAYA, "Maya Ortiz", "csm", "Customer success", LEADER),
    (TOM, "Tom Becker", "csm", "Customer success", LEADER),
    (PRIYA, "Priya Nair", "csm", "Customer success", LEADER),
    (LEO, "Leo Hughes", "csm", "Customer success", LEADER),
    (JONAS, "Jonas Weber", "sales_rep", "Sales", SALES_LEAD),
    (ANA, "Ana Silva", "sales_rep", "Sales", SALES_LEAD),
    (GRACE, "Grace Lin", "sales_rep", "Sales", SALES_LEAD),
    (OMAR, "Omar Haddad", "sales_rep", "Sales", SALES_LEAD),
    ("ben.roth@example.com", "Ben Roth", "sales_rep", "Sales", SALES_LEAD),
    ("viewer@example.com", "Ruth Adler", "viewer", "Finance", ""),
];

/// The full name that belongs to an e-mail.
pub(super) fn staff_name(email: &str) -> &'static str {
    STAFF.iter().find(|person| person.0 == email).map_or("", |person| person.1)
}

pub(super) const USER_COLUMNS: &[&str] = &["email", "name", "role", "team", "manager_email", "active"];

pub(super) fn user_rows() -> Vec<Row> {
    STAFF.iter().map(|(a, b, c, d, e)| [*a, b, c, d, e, "true"].map(str::to_owned).to_vec()).collect()
}

/// The price list in force: everybody is on it.
pub(super) fn price_book(as_of: Day) -> String {
    format!("{} list", as_of.ymd().0)
}

/// Targets of a quarter and its three months, in thousands (PRD-155 7.3), and of each CSM.
const QUARTER: i64 = 800;
const MONTHS: [i64; 3] = [260, 270, 270];
const PER_CSM: [(&str, i64); 4] = [(MAYA, 230), (TOM, 200), (PRIYA, 200), (LEO, 170)];
/// Team targets of the quarters before, newest first.
const PAST: [i64; 4] = [720, 620, 520, 450];

pub(super) const TARGET_COLUMNS: &[&str] = &["period", "amount", "team", "user_email"];

pub(super) fn target_rows(as_of: Day) -> Vec<Row> {
    let quarter = |day: Day| {
        let (year, month, _) = day.ymd();
        format!("{year}-Q{}", (month - 1) / 3 + 1)
    };
    let (_, month, _) = as_of.ymd();
    let first = as_of.month_start().plus_months(-(((month - 1) % 3) as i32));
    let row = |period: String, thousands: i64, team: &str, user: &str| -> Row {
        vec![period, (thousands * 1000).to_string(), team.to_owned(), user.to_owned()]
    };
    let team = "Customer success";
    let mut rows = vec![row(quarter(first), QUARTER, team, "")];
    rows.extend(PER_CSM.map(|(email, amount)| row(quarter(first), amount, "", email)));
    for (offset, amount) in (0..).zip(MONTHS) {
        let (year, month, _) = first.plus_months(offset).ymd();
        rows.push(row(format!("{year}-{month:02}"), amount, team, ""));
    }
    rows.extend((1..).zip(PAST).map(|(back, amount)| row(quarter(first.plus_months(-3 * back)), amount, team, "")));
    rows.push(row(quarter(first.plus_months(3)), QUARTER + 40, team, ""));
    rows
}
