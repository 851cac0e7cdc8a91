-- What is known of accounts: one table per dataset of the file formats, with its column names.

CREATE TABLE products (
    id @id,
    sku TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    family TEXT,
    plan_tier BIGINT,
    list_price_annual BIGINT,
    price_unit TEXT,
    metric TEXT,
    aliases TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE customers (
    id @id,
    external_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    status TEXT, -- absent is active
    industry TEXT,
    segment TEXT,
    region TEXT,
    country TEXT,
    arr BIGINT,
    currency TEXT,
    health_score DOUBLE PRECISION,
    primary_department TEXT,
    csm_id BIGINT REFERENCES users (id),
    sales_rep_id BIGINT REFERENCES users (id),
    original_ae_id BIGINT REFERENCES users (id),
    parent_id BIGINT REFERENCES customers (id) DEFERRABLE INITIALLY DEFERRED,
    created_on INTEGER,
    churned_on INTEGER,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX customers_by_name ON customers (name, id);
CREATE INDEX customers_by_csm ON customers (csm_id);
CREATE INDEX customers_by_parent ON customers (parent_id);

CREATE TABLE contracts (
    id @id,
    external_id TEXT NOT NULL UNIQUE,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    plan_id BIGINT REFERENCES products (id),
    status TEXT, -- absent is active
    starts_on INTEGER NOT NULL,
    ends_on INTEGER,
    term_months BIGINT,
    licensed_seats BIGINT,
    price_per_seat_annual BIGINT,
    annual_value BIGINT,
    price_book TEXT,
    auto_renew BOOLEAN,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX contracts_by_customer ON contracts (customer_id);
CREATE INDEX contracts_by_plan ON contracts (plan_id);

CREATE TABLE entitlements (
    id @id,
    contract_id BIGINT NOT NULL REFERENCES contracts (id),
    metric TEXT NOT NULL,
    limit_value DOUBLE PRECISION NOT NULL,
    product_id BIGINT REFERENCES products (id),
    period TEXT,
    starts_on INTEGER NOT NULL DEFAULT 0, -- 0: with the contract
    ends_on INTEGER,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (contract_id, metric, starts_on)
);
CREATE INDEX entitlements_by_product ON entitlements (product_id);

CREATE TABLE customer_users (
    id @id,
    external_id TEXT NOT NULL UNIQUE,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    email TEXT,
    name TEXT,
    department TEXT,
    title TEXT,
    first_seen_on INTEGER,
    last_seen_on INTEGER,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX customer_users_by_customer ON customer_users (customer_id);

CREATE TABLE stakeholders (
    id @id,
    external_id TEXT NOT NULL UNIQUE,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    name TEXT NOT NULL,
    email TEXT,
    title TEXT,
    role TEXT,
    engagement DOUBLE PRECISION,
    last_contact_on INTEGER,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX stakeholders_by_customer ON stakeholders (customer_id);

CREATE TABLE health_scores (
    id @id,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    scored_on INTEGER NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (customer_id, scored_on)
);

CREATE TABLE meetings (
    id @id,
    external_id TEXT NOT NULL UNIQUE,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    held_at BIGINT NOT NULL,
    kind TEXT,
    title TEXT,
    transcript TEXT,
    attendees TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX meetings_by_customer ON meetings (customer_id, held_at);

CREATE TABLE tickets (
    id @id,
    external_id TEXT NOT NULL UNIQUE,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    opened_at BIGINT NOT NULL,
    closed_at BIGINT,
    priority TEXT,
    topic TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX tickets_by_customer ON tickets (customer_id, opened_at);

CREATE TABLE opportunities (
    id @id,
    external_id TEXT UNIQUE, -- none: made here
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    stage TEXT NOT NULL,
    estimated_value BIGINT,
    closed_value BIGINT,
    probability DOUBLE PRECISION, -- 0 to 1; none: the stage's
    identified_on INTEGER,
    expected_close_on INTEGER,
    closed_on INTEGER,
    csm_id BIGINT REFERENCES users (id),
    sales_rep_id BIGINT REFERENCES users (id),
    source TEXT,
    product_id BIGINT REFERENCES products (id),
    lost_reason TEXT,
    currency TEXT,
    imported BOOLEAN NOT NULL DEFAULT TRUE,
    found_id BIGINT, -- what a scan found and this record was made from
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX opportunities_by_customer ON opportunities (customer_id);
CREATE INDEX opportunities_by_csm ON opportunities (csm_id, customer_id);
CREATE INDEX opportunities_by_sales_rep ON opportunities (sales_rep_id, customer_id);
CREATE INDEX opportunities_by_product ON opportunities (product_id);

CREATE TABLE opportunity_history (
    id @id,
    opportunity_id BIGINT NOT NULL REFERENCES opportunities (id),
    to_stage TEXT NOT NULL,
    changed_at BIGINT NOT NULL, -- effective; created_at is when it was recorded
    from_stage TEXT,
    changed_by_id BIGINT REFERENCES users (id),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (opportunity_id, changed_at, to_stage)
);

CREATE TABLE expansions (
    id @id,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    booked_on INTEGER NOT NULL,
    arr_delta BIGINT NOT NULL,
    type TEXT NOT NULL DEFAULT '',
    product_id BIGINT NOT NULL DEFAULT 0, -- 0: none
    opportunity_id BIGINT REFERENCES opportunities (id),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (customer_id, booked_on, type, product_id)
);
CREATE INDEX expansions_by_opportunity ON expansions (opportunity_id);

CREATE TABLE targets (
    id @id,
    period TEXT NOT NULL,
    amount BIGINT NOT NULL,
    team TEXT NOT NULL DEFAULT '',
    user_id BIGINT NOT NULL DEFAULT 0, -- 0: nobody's own
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (period, team, user_id)
);
