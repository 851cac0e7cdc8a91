#!/usr/bin/env bash
# Runs a command with a private PostgreSQL beside it: HEADROOM_TEST_POSTGRES names the server.
set -euo pipefail
cd "$(dirname "$0")/.."
dir=$(mktemp -d)
chmod 755 "$dir"
trap 'end2end/postgres.sh stop "$dir" >/dev/null 2>&1 || true; rm -rf "$dir"' EXIT
HEADROOM_TEST_POSTGRES=$(end2end/postgres.sh start "$dir")
export HEADROOM_TEST_POSTGRES
"$@"
