#!/usr/bin/env bash
# A private PostgreSQL server for tests: nothing outside DIR is touched, nothing is kept safe.
#
#   end2end/postgres.sh start DIR    prints the address of a server where databases may be made
#   end2end/postgres.sh stop DIR     stops it and removes what it made in DIR
#
# As root the server runs as the user `postgres`, because it refuses to run as root. When PostgreSQL is missing it is
# installed from the system's packages (as root, or with sudo).
set -euo pipefail

usage() { echo "usage: $0 start|stop DIR" >&2; exit 2; }
[ $# -eq 2 ] || usage
action=$1
dir=$(realpath -m "$2")

find_binaries() {
    local found newest=""
    for found in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin; do
        if [ -x "$found/initdb" ] && [ -x "$found/pg_ctl" ]; then newest=$(printf '%s\n%s\n' "$newest" "$found" | sort -V | tail -n 1); fi
    done
    if [ -z "$newest" ] && command -v initdb > /dev/null && command -v pg_ctl > /dev/null; then
        newest=$(dirname "$(command -v pg_ctl)")
    fi
    echo "$newest"
}

as_server() {
    if [ "$(id -u)" = 0 ]; then
        # From /: the server's user may not be allowed to see the caller's folder.
        (cd / && setpriv --reuid postgres --regid postgres --init-groups -- "$@")
    else
        "$@"
    fi
}

install_package() {
    echo "PostgreSQL is missing; installing the package postgresql" >&2
    local sudo=""
    [ "$(id -u)" = 0 ] || sudo=sudo
    { $sudo apt-get update && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql; } >&2
}

start() {
    if [ -z "$(find_binaries)" ]; then install_package; fi
    local binaries try port
    binaries=$(find_binaries)
    [ -n "$binaries" ] || { echo "PostgreSQL could not be installed" >&2; exit 1; }
    if [ -f "$dir/url" ] && as_server "$binaries/pg_ctl" status -D "$dir/data" > /dev/null 2>&1; then
        cat "$dir/url"
        return
    fi
    rm -rf "$dir/data" "$dir/url"
    mkdir -p "$dir"
    if [ "$(id -u)" = 0 ]; then
        chown postgres:postgres "$dir"
        as_server test -w "$dir" || { echo "the user postgres can't reach $dir; choose a folder under /tmp" >&2; exit 1; }
    fi
    as_server "$binaries/initdb" -D "$dir/data" -U headroom -A trust -E UTF8 --locale=C.UTF-8 --no-sync > "$dir/initdb.log" 2>&1 \
        || { cat "$dir/initdb.log" >&2; exit 1; }
    for try in 1 2 3 4 5 6 7 8; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 30000))
        if as_server "$binaries/pg_ctl" start -w -D "$dir/data" -l "$dir/data/server.log" -o "-p $port -k $dir \
            -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
            -c max_connections=200 -c shared_buffers=128MB" > /dev/null 2>&1; then
            echo "postgres://headroom@127.0.0.1:$port/postgres" | tee "$dir/url"
            return
        fi
        echo "attempt $try on port $port failed" >&2
    done
    tail -n 20 "$dir/data/server.log" >&2 || true
    echo "PostgreSQL did not start" >&2
    exit 1
}

stop() {
    [ -d "$dir/data" ] || exit 0
    local binaries
    binaries=$(find_binaries)
    as_server "$binaries/pg_ctl" stop -m immediate -D "$dir/data" > /dev/null 2>&1 || true
    rm -rf "$dir/data" "$dir/url" "$dir/initdb.log"
    rmdir "$dir" 2> /dev/null || true
}

case $action in
    start) start ;;
    stop) stop ;;
    *) usage ;;
esac
