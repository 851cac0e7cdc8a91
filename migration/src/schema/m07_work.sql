-- What people are told and what they do.

CREATE TABLE notifications (
    id @id,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL, -- signal, opportunity, sales, import, system
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    href TEXT NOT NULL,
    dedupe_key TEXT UNIQUE,
    created_at BIGINT NOT NULL,
    read_at BIGINT
);
CREATE INDEX notifications_by_user ON notifications (user_id, id);

CREATE TABLE tasks (
    id @id,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    customer_id BIGINT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    opportunity_id BIGINT REFERENCES opportunities (id) ON DELETE SET NULL,
    title TEXT NOT NULL,
    due_on INTEGER NOT NULL,
    done_at BIGINT,
    dedupe_key TEXT UNIQUE,
    created_at BIGINT NOT NULL
);
CREATE INDEX tasks_by_user ON tasks (user_id, done_at, due_on);
CREATE INDEX tasks_by_customer ON tasks (customer_id);

-- Kind `outreach` holds alerts back for 14 days.
CREATE TABLE activities (
    id @id,
    customer_id BIGINT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    opportunity_id BIGINT REFERENCES opportunities (id) ON DELETE SET NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    user_id BIGINT REFERENCES users (id) ON DELETE SET NULL
);
CREATE INDEX activities_by_customer ON activities (customer_id, at);
