#!/usr/bin/env bash
# Installs what is missing and says what it installs. Usage: setup.sh build|check|test
set -euo pipefail
cd "$(dirname "$0")/.."

CARGO_LEPTOS=0.3.10
CARGO_DENY=0.20.2
SCHEMATHESIS=4.32.5
CACHE="${HEADROOM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/headroom}"

say() { echo "setup: $*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
        say "'$*' needs root; run it by hand"; exit 1
    fi
}

apt() {
    command -v apt-get >/dev/null || { say "please install: $*"; exit 1; }
    say "installing $* from the system's packages"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# A cargo tool of an exact version. It is built outside of the project, so that the project's settings do not apply.
tool() {
    local name=$1 version=$2; shift 2
    if "$HOME/.cargo/bin/$name" --version 2>/dev/null | grep -qF "$version"; then return; fi
    say "installing $name $version, which takes some minutes"
    (cd / && CARGO_TARGET_DIR="$CACHE/tools" cargo install "$@" --version "$version" --quiet)
}

locked() { awk -v name="$1" '$0 == "name = \"" name "\"" { getline; gsub(/version = |"/, ""); print; exit }' Cargo.lock; }

build() {
    command -v cargo >/dev/null || { say "Rust is missing: install rustup"; exit 1; }
    command -v npm >/dev/null || { say "npm is missing: install Node.js 20 or newer"; exit 1; }
    # The toolchain and its browser target are pinned in rust-toolchain.toml; rustup adds what is missing.
    local target=wasm32-unknown-unknown
    if ! rustup target list --installed | grep -qx "$target"; then
        say "adding the target $target"
        rustup target add "$target"
    fi
    tool cargo-leptos "$CARGO_LEPTOS" cargo-leptos --locked
    tool wasm-bindgen "$(locked wasm-bindgen)" wasm-bindgen-cli
}

check() { tool cargo-deny "$CARGO_DENY" cargo-deny --locked; }

tests() {
    if [ ! -x /usr/bin/chromium ]; then apt chromium; fi
    if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then apt postgresql; fi
    local venv="$CACHE/venv"
    if ! "$venv/bin/schemathesis" --version 2>/dev/null | grep -qF "$SCHEMATHESIS"; then
        command -v python3 >/dev/null || apt python3 python3-venv
        say "installing schemathesis $SCHEMATHESIS"
        python3 -m venv "$venv" 2>/dev/null || { apt python3-venv; python3 -m venv "$venv"; }
        "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$SCHEMATHESIS"
    fi
}

case "${1:-}" in
    build) build ;;
    check) check ;;
    test) tests ;;
    *) echo "usage: $0 build|check|test" >&2; exit 2 ;;
esac
