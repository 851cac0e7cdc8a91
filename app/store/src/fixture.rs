//! A small portfolio for the tests of this crate.

use domain::{
    access::Scope,
    id::{CustomerId, FoundId, OpportunityId, SignalId, UserId},
    time::Day,
};
use sea_orm::ConnectionTrait;

use crate::{Db, Error};

/// Ana and Bo are CSMs, Rita is a sales rep.
pub(crate) const ANA: UserId = UserId(1);
pub(crate) const BO: UserId = UserId(2);
pub(crate) const RITA: UserId = UserId(3);
/// Ana's account.
pub(crate) const ACME: CustomerId = CustomerId(1);
/// Bo's account, with an opportunity of Ana's.
pub(crate) const BETA: CustomerId = CustomerId(2);
/// Bo's account, with an opportunity routed to Rita.
pub(crate) const CORE: CustomerId = CustomerId(3);
/// Nobody's account.
pub(crate) const DELTA: CustomerId = CustomerId(4);
/// What was found on [`ACME`] and has no record.
pub(crate) const ACME_SEATS: FoundId = FoundId(1);
/// The live signals of [`ACME_SEATS`].
pub(crate) const ACME_SIGNALS: [SignalId; 2] = [SignalId(1), SignalId(2)];
/// The record on [`BETA`].
pub(crate) const BETA_DEAL: OpportunityId = OpportunityId(1);
/// Today.
pub(crate) const TODAY: Day = Day(20_500);

/// A scope with the accounts that it shows.
pub(crate) fn scopes() -> [(Scope, Vec<CustomerId>); 6] {
    [
        (Scope::All, vec![ACME, BETA, CORE, DELTA]),
        (Scope::Csms(vec![ANA]), vec![ACME, BETA]),
        (Scope::Csms(vec![BO]), vec![BETA, CORE]),
        (Scope::Csms(vec![ANA, BO]), vec![ACME, BETA, CORE]),
        (Scope::Csms(vec![]), vec![]),
        (Scope::Routed(RITA), vec![CORE]),
    ]
}

const TEXT: &str = "
INSERT INTO users (id, email, name, role, created_at, updated_at) VALUES
    (1, 'ana@x.io', 'Ana', 'csm', 0, 0), (2, 'bo@x.io', 'Bo', 'csm', 0, 0), (3, 'rita@x.io', 'Rita', 'sales_rep', 0, 0);
INSERT INTO products (id, sku, name, plan_tier, aliases, created_at, updated_at) VALUES
    (1, 'BUS', 'Business', 2, NULL, 0, 0), (2, 'ANA', 'Analytics', NULL, 'Insight;Insights', 0, 0);
INSERT INTO customers (id, external_id, name, status, segment, arr, health_score, csm_id, sales_rep_id, created_on, created_at, updated_at) VALUES
    (1, 'C-1', 'Acme Corp', 'active', 'smb', 5000000, 40, 1, 3, 20000, 0, 0),
    (2, 'C-2', 'Beta 100%', NULL, 'enterprise', NULL, 70, 2, NULL, NULL, 0, 0),
    (3, 'C-3', 'Core', 'active', 'smb', 100, NULL, 2, NULL, 20500, 0, 0),
    (4, 'cus_1', 'Delta', 'churned', NULL, NULL, NULL, NULL, NULL, NULL, 0, 0),
    (5, 'C-5', 'Later', 'active', 'smb', 900, NULL, 1, NULL, 20501, 0, 0);
INSERT INTO contracts (id, external_id, customer_id, plan_id, status, starts_on, ends_on, licensed_seats, annual_value, created_at, updated_at) VALUES
    (1, 'K-1', 1, 1, 'active', 20400, 20700, 50, 4000000, 0, 0),
    (2, 'K-2', 2, NULL, NULL, 20000, NULL, 10, 200000, 0, 0),
    (3, 'K-3', 2, 1, 'active', 20100, 20600, NULL, 300000, 0, 0),
    (4, 'K-4', 1, 1, 'expired', 20000, 20399, 40, 3000000, 0, 0),
    (5, 'K-5', 3, 1, 'cancelled', 20000, 20900, 5, 100, 0, 0),
    (6, 'K-6', 3, 1, 'active', 20501, NULL, 5, 100, 0, 0);
INSERT INTO entitlements (contract_id, metric, limit_value, period, starts_on, created_at, updated_at) VALUES
    (3, 'seats', 25, NULL, 0, 0, 0), (3, 'api_calls', 1000, 'month', 20100, 0, 0);
INSERT INTO health_scores (customer_id, scored_on, score, created_at, updated_at) VALUES
    (1, 20400, 50, 0, 0), (1, 20490, 80, 0, 0), (1, 20501, 10, 0, 0);
INSERT INTO metrics (id, name) VALUES (1, 'api_calls'), (2, 'active_users');
INSERT INTO usage_metrics (customer_id, metric_id, day, value, import_id) VALUES
    (1, 1, 20500, 999, 1), (1, 2, 20499, 40, 1), (1, 2, 20500, 48, 1), (1, 2, 20501, 1, 1), (2, 2, 20400, 7, 1);
INSERT INTO opportunities (id, external_id, customer_id, name, type, stage, estimated_value, csm_id, sales_rep_id, source, identified_on, imported, created_at, updated_at) VALUES
    (1, 'O-1', 2, 'More', 'upsell', 'proposal', 700, 1, NULL, 'QBR', 20450, TRUE, 0, 0),
    (2, NULL, 3, 'Seats', 'seat_expansion', 'closed_won', 800, 2, 3, NULL, 20460, FALSE, 0, 0);
INSERT INTO found_opportunities (id, customer_id, kind, product_id, status, opportunity_id, name, composite, confidence, value_low, value_expected, value_high, timeline, detail, content_hash, scored_at, first_found_at, gone_at) VALUES
    (1, 1, 'seat_expansion', 0, 'candidate', NULL, '45 additional seats', 0.8, 71.5, 100, 200, 300, 'immediate', '{}', 'h', 9, 8, NULL),
    (2, 2, 'upsell', 2, 'open', 1, 'Analytics', 0.7, 60, NULL, NULL, NULL, '30_days', '{}', 'h', 9, 8, NULL),
    (3, 3, 'upsell', 0, 'held_back', NULL, 'Held', 0.6, 55, 1, 2, 3, '60_days', '{}', 'h', 9, 8, NULL),
    (4, 1, 'add_on', 0, 'candidate', NULL, 'Gone', 0.6, 55, 1, 2, 3, '60_days', '{}', 'h', 9, 8, 9);
INSERT INTO signals (id, customer_id, rule, subject, rule_version, status, strength, leads_to, general, supports_only, title, opened_at, observed_at, last_held_on, closed_at, source, found_id, content_hash, live_key, created_at, updated_at) VALUES
    (1, 1, 'seat_utilization', '', 1, 'detected', 0.85, 'seat_expansion', FALSE, FALSE, '48 of 50', 10, 20, 20500, NULL, 'scan', 1, 'h', '1/seat_utilization/', 0, 0),
    (2, 1, 'usage_growth', '', 1, 'acknowledged', 0.7, 'tier_upgrade', FALSE, FALSE, 'Growth', 11, 20, 20500, NULL, 'scan', 1, 'h', '1/usage_growth/', 0, 0),
    (3, 1, 'api_growth', '', 1, 'detected', 0.65, 'add_on', FALSE, FALSE, 'Ended', 5, 6, 20400, 30, 'scan', NULL, 'h', NULL, 0, 0),
    (4, 2, 'api_limit', 'api_calls', 1, 'detected', 0.8, 'add_on', FALSE, FALSE, 'Limit', 12, 20, 20500, NULL, 'scan', 2, 'h', '2/api_limit/api_calls', 0, 0),
    (5, 3, 'legacy_pricing', '', 1, 'dismissed', 0.5999, 'pricing_update', FALSE, FALSE, 'Old book', 13, 20, 20500, NULL, 'scan', NULL, 'h', '3/legacy_pricing/', 0, 0),
    (6, 4, 'manual', '', 1, 'detected', 0.55, 'upsell', TRUE, FALSE, 'Said so', 14, 20, 20500, NULL, 'manual', NULL, 'h', '4/manual/', 0, 0);
INSERT INTO activities (customer_id, at, actor, kind, text) VALUES (1, 5, 'Monitor', 'signal', 'Saw it'), (1, 99, 'Ana', 'outreach', 'Later');
";

/// Fills a database. Numbers that are given here go beyond what the database counts, so PostgreSQL is told.
pub(crate) async fn fill(db: &Db) {
    let fill = |tx: crate::Tx| async move {
        for statement in TEXT.split(";\n") {
            if !statement.trim().is_empty() {
                tx.execute_unprepared(statement).await?;
            }
        }
        if tx.get_database_backend() == sea_orm::DbBackend::Postgres {
            for table in [
                "users",
                "products",
                "customers",
                "contracts",
                "opportunities",
                "found_opportunities",
                "signals",
                "metrics",
            ] {
                tx.execute_unprepared(&format!("SELECT setval(pg_get_serial_sequence('{table}', 'id'), 100)")).await?;
            }
        }
        Ok::<_, Error>(())
    };
    db.write(fill).await.unwrap();
}
