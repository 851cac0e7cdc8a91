-- People, how they sign in, and what they did.

CREATE TABLE users (
    id @id,
    email TEXT NOT NULL UNIQUE, -- lower case
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    team TEXT,
    manager_id BIGINT REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED,
    time_zone TEXT,
    slack_user_id TEXT,
    active BOOLEAN DEFAULT TRUE, -- absent is active
    password_hash TEXT, -- none: can't sign in yet
    theme TEXT NOT NULL DEFAULT 'system',
    last_sign_in_at BIGINT,
    demo BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX users_by_manager ON users (manager_id);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
    data TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE api_tokens (
    id @id,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    prefix TEXT NOT NULL,
    scopes TEXT NOT NULL, -- "read,write"
    expires_at BIGINT,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX api_tokens_by_user ON api_tokens (user_id);

CREATE TABLE invitations (
    id @id,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash TEXT NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX invitations_by_user ON invitations (user_id);

-- Failed sign-ins, counted for the limit of CONTRACT 4.
CREATE TABLE sign_in_attempts (
    id @id,
    email TEXT NOT NULL,
    address TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX sign_in_attempts_by_email ON sign_in_attempts (email, address, at);
CREATE INDEX sign_in_attempts_by_time ON sign_in_attempts (at);

-- No foreign key: the log outlives the person.
CREATE TABLE audit_log (
    id @id,
    at BIGINT NOT NULL,
    actor_id BIGINT,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_log_by_action ON audit_log (action, id);
