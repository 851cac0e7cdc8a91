-- Imports and their ledger.

CREATE TABLE imports (
    id @id,
    created_at BIGINT NOT NULL,
    created_by BIGINT REFERENCES users (id) ON DELETE SET NULL,
    source TEXT NOT NULL, -- "command line", "upload", "API", "demo"
    state TEXT NOT NULL, -- running, done, failed, undone
    finished_at BIGINT,
    undone_at BIGINT,
    undone_by BIGINT REFERENCES users (id) ON DELETE SET NULL,
    error TEXT,
    progress BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE import_files (
    id @id,
    import_id BIGINT NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    dataset TEXT NOT NULL,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    rows BIGINT NOT NULL DEFAULT 0,
    created BIGINT NOT NULL DEFAULT 0,
    updated BIGINT NOT NULL DEFAULT 0,
    unchanged BIGINT NOT NULL DEFAULT 0,
    rejected BIGINT NOT NULL DEFAULT 0,
    date_styles TEXT NOT NULL DEFAULT '[]',
    warnings TEXT NOT NULL DEFAULT '[]'
);
CREATE INDEX import_files_by_import ON import_files (import_id);

CREATE TABLE import_rejections (
    id @id,
    import_file_id BIGINT NOT NULL REFERENCES import_files (id) ON DELETE CASCADE,
    line BIGINT NOT NULL,
    field TEXT NOT NULL,
    reason TEXT NOT NULL,
    raw TEXT NOT NULL
);
CREATE INDEX import_rejections_by_file ON import_rejections (import_file_id, line, id);

-- What an import changed, for its undo; `before` is absent for a created row.
CREATE TABLE import_changes (
    id @id,
    import_file_id BIGINT NOT NULL REFERENCES import_files (id) ON DELETE CASCADE,
    entity_id BIGINT NOT NULL,
    before TEXT,
    after TEXT NOT NULL
);
CREATE INDEX import_changes_by_file ON import_changes (import_file_id, id);

-- What an undo left in place, as sentences.
CREATE TABLE import_kept (
    id @id,
    import_id BIGINT NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    what TEXT NOT NULL
);
CREATE INDEX import_kept_by_import ON import_kept (import_id);

CREATE TABLE uploads (
    id TEXT PRIMARY KEY,
    file TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BIGINT REFERENCES users (id) ON DELETE SET NULL,
    path TEXT NOT NULL,
    dataset TEXT
);
