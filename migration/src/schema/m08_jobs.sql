-- Jobs, the accounts that wait for one, and answers that may be asked for again.

CREATE TABLE jobs (
    key TEXT PRIMARY KEY,
    due_at BIGINT NOT NULL,
    lease_until BIGINT,
    lease_by TEXT,
    attempts BIGINT NOT NULL DEFAULT 0,
    last_started_at BIGINT,
    last_finished_at BIGINT,
    last_ok BOOLEAN,
    last_detail TEXT
);

CREATE TABLE job_runs (
    id @id,
    job TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    ok BOOLEAN,
    detail TEXT
);
CREATE INDEX job_runs_by_job ON job_runs (job, id);

CREATE TABLE touched_accounts (
    customer_id BIGINT PRIMARY KEY REFERENCES customers (id) ON DELETE CASCADE,
    touched_at BIGINT NOT NULL
);
CREATE INDEX touched_accounts_by_time ON touched_accounts (touched_at, customer_id);

CREATE TABLE idempotency_keys (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    path TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, key, path)
);
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);
