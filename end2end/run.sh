#!/usr/bin/env bash
# Runs the outside tests against a real server on a fresh demo database: the browser (Playwright, JavaScript on and off),
# then the API against its own description (schemathesis). HEADROOM_BIN names the binary.
# Usage: run.sh [playwright arguments…]
set -euo pipefail
cd "$(dirname "$0")/.."

bin=${HEADROOM_BIN:?name the headroom binary}
cache="${HEADROOM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/headroom}"
dir=$(mktemp -d)
server=
finish() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
    rm -rf "$dir"
}
trap finish EXIT

# One fixed clock for everything, so that screenshots and figures repeat.
export E2E_NOW=2026-02-02T09:05:00Z
port=$(node -e 'const s=require("net").createServer();s.listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
export HEADROOM_DATA_DIR="$dir/data" HEADROOM_LISTEN="127.0.0.1:$port" HEADROOM_SITE_ROOT="$PWD/target/site"
export E2E_URL="http://127.0.0.1:$port"
unset DATABASE_URL HEADROOM_CONFIG

"$bin" seed --demo --as-of 2026-02-02 --now "$E2E_NOW" > "$dir/seed.txt"
E2E_PASSWORD=$(sed -n 's/^Password: //p' "$dir/seed.txt")
export E2E_PASSWORD
"$bin" serve --now "$E2E_NOW" > "$dir/server.log" 2>&1 &
server=$!
for _ in $(seq 100); do curl -sf "$E2E_URL/readyz" >/dev/null && break; sleep 0.2; done
curl -sf "$E2E_URL/readyz" >/dev/null || { cat "$dir/server.log"; exit 1; }

node_modules/.bin/playwright test --config end2end/playwright.config.ts "$@" || { tail -50 "$dir/server.log"; exit 1; }
# The API against its own description comes last, because it writes. Which accounts exist, no schema can say: that valid
# values may be unknown ones is no failure.
if [ "${E2E_SKIP_API:-}" != 1 ]; then
    token=$("$bin" token create --user admin@example.com --scopes read,write,import,admin --expires-in 1d | awk '{print $NF}')
    "$cache/venv/bin/schemathesis" run "$E2E_URL/api/openapi.json" \
        --header "Authorization: Bearer $token" --max-examples 20 --seed 1 --workers 2 --request-timeout 20 \
        --checks all --exclude-checks unsupported_method,positive_data_acceptance --no-color || { tail -50 "$dir/server.log"; exit 1; }
fi
