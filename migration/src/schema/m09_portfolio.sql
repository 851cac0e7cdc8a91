-- What the last full scan knew of all accounts together (one row), so that an incremental scan needs no pass over all.

CREATE TABLE portfolio (
    id BIGINT PRIMARY KEY,
    worked_out_at BIGINT NOT NULL,
    facts TEXT NOT NULL
);
