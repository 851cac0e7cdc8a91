-- Settings of the organisation and of rules. Rows are versions and are never changed; the newest wins.

CREATE TABLE settings (
    id @id,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    changed_by BIGINT REFERENCES users (id) ON DELETE SET NULL
);
CREATE INDEX settings_by_key ON settings (key, valid_from, id);

CREATE TABLE rule_versions (
    id @id,
    rule TEXT NOT NULL,
    version BIGINT NOT NULL,
    enabled BOOLEAN NOT NULL,
    values_json TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BIGINT REFERENCES users (id) ON DELETE SET NULL,
    note TEXT NOT NULL DEFAULT '',
    UNIQUE (rule, version)
);
