-- What scans find. All of it can be found again from the account's data, so it goes with the account.

CREATE TABLE signals (
    id @id,
    customer_id BIGINT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    rule TEXT NOT NULL,
    subject TEXT NOT NULL,
    rule_version BIGINT NOT NULL,
    status TEXT NOT NULL,
    strength DOUBLE PRECISION NOT NULL,
    leads_to TEXT NOT NULL,
    product_id BIGINT REFERENCES products (id) ON DELETE SET NULL,
    general BOOLEAN NOT NULL,
    supports_only BOOLEAN NOT NULL,
    title TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    observed_at BIGINT NOT NULL,
    last_held_on INTEGER NOT NULL,
    closed_at BIGINT,
    quiet_until INTEGER,
    reach_on INTEGER,
    asked_quantity BIGINT,
    source TEXT NOT NULL, -- scan, manual, api
    logged_by BIGINT REFERENCES users (id) ON DELETE SET NULL,
    dismissed_at BIGINT,
    dismissed_by BIGINT REFERENCES users (id) ON DELETE SET NULL,
    dismissed_reason TEXT,
    dismissed_note TEXT,
    acknowledged_at BIGINT,
    acknowledged_by BIGINT REFERENCES users (id) ON DELETE SET NULL,
    found_id BIGINT,
    opportunity_id BIGINT REFERENCES opportunities (id) ON DELETE SET NULL,
    content_hash TEXT NOT NULL,
    -- "customer/rule/subject" while the episode is not closed, else none: one open episode per (account, rule, subject).
    live_key TEXT UNIQUE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX signals_by_customer ON signals (customer_id, closed_at);
CREATE INDEX signals_by_time ON signals (opened_at, id);
CREATE INDEX signals_by_rule ON signals (rule, closed_at, status);
CREATE INDEX signals_by_opportunity ON signals (opportunity_id);

CREATE TABLE signal_evidence (
    id @id,
    signal_id BIGINT NOT NULL REFERENCES signals (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    json TEXT NOT NULL,
    UNIQUE (signal_id, position)
);

CREATE TABLE found_opportunities (
    id @id,
    customer_id BIGINT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    product_id BIGINT NOT NULL DEFAULT 0, -- 0: none
    status TEXT NOT NULL,
    opportunity_id BIGINT REFERENCES opportunities (id) ON DELETE SET NULL,
    name TEXT NOT NULL,
    composite DOUBLE PRECISION NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    value_low BIGINT,
    value_expected BIGINT,
    value_high BIGINT,
    timeline TEXT NOT NULL,
    detail TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    scored_at BIGINT NOT NULL,
    first_found_at BIGINT NOT NULL,
    gone_at BIGINT,
    dismissed_reason TEXT,
    quiet_until INTEGER,
    UNIQUE (customer_id, kind, product_id)
);
CREATE INDEX found_opportunities_by_opportunity ON found_opportunities (opportunity_id);

CREATE TABLE account_state (
    customer_id BIGINT PRIMARY KEY REFERENCES customers (id) ON DELETE CASCADE,
    scanned_at BIGINT NOT NULL,
    blockers TEXT NOT NULL,
    guards TEXT NOT NULL,
    content_hash TEXT NOT NULL
);
