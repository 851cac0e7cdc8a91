-- Usage. A row costs as little as possible: no id, no times, and no foreign keys, which would be checked once per row of
-- a million-row import on PostgreSQL; the importer resolves customers and metrics itself.

CREATE TABLE metrics (
    id @id,
    name TEXT NOT NULL UNIQUE
);

CREATE TABLE usage_metrics (
    customer_id BIGINT NOT NULL,
    metric_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    import_id BIGINT NOT NULL,
    PRIMARY KEY (customer_id, metric_id, day)
)@clustered;

-- What an import overwrote, for its undo.
CREATE TABLE usage_prior (
    import_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    metric_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    prior_import_id BIGINT NOT NULL,
    PRIMARY KEY (import_id, customer_id, metric_id, day)
)@clustered;
