# Headroom. `make run` and `make test` set up what they need; everything else is optional.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:

export CARGO_TARGET_DIR ?= $(CURDIR)/target
# The stylesheet's and wasm's tools come from npm; cargo-leptos uses them instead of downloading its own.
export PATH := $(CURDIR)/node_modules/.bin:$(HOME)/.cargo/bin:$(PATH)
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1
# cargo-leptos: the outputs of cargo go where cargo is told, the site stays here.
RELEASE := $(CARGO_TARGET_DIR)/release/headroom
DEBUG := $(CARGO_TARGET_DIR)/debug/headroom
HOST_CRATES := -p domain -p migration -p store -p services -p app -p server

.PHONY: help
help: ## What there is
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: setup
setup:
	@.ci/setup.sh build

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund
	touch $@

.PHONY: build
build: setup node_modules/.package-lock.json ## Build the release: target/release/headroom and target/site
	npm run --silent charts
	cargo leptos build --release
	node .ci/compress.mjs target/site/pkg target/site/echarts.js
	if [ "$(CARGO_TARGET_DIR)" != "$(CURDIR)/target" ]; then mkdir -p target/release; cp -f $(RELEASE) target/release/headroom; fi

.PHONY: run
run: build ## Build, seed the demo when empty, serve on http://127.0.0.1:3000
	target/release/headroom seed --demo --if-empty
	exec target/release/headroom serve

.PHONY: dev
dev: setup node_modules/.package-lock.json ## Serve with reload on change
	npm run --silent charts
	cargo leptos watch

.PHONY: site
site: setup node_modules/.package-lock.json
	npm run --silent charts
	cargo leptos build --release --frontend-only
	node .ci/compress.mjs target/site/pkg target/site/echarts.js

.PHONY: check
check: setup node_modules/.package-lock.json ## Formatting, lints for host and browser, licences, advisories
	.ci/setup.sh check
	cargo fmt --all --check
	cargo clippy --locked $(HOST_CRATES) --all-targets --features app/ssr -- -D warnings
	cargo clippy --locked -p frontend --target wasm32-unknown-unknown -- -D warnings
	.ci/audit.sh

.PHONY: test
test: setup node_modules/.package-lock.json ## All tests: Rust on both databases, then the browser
	.ci/setup.sh test
	.ci/with-postgres.sh cargo test --locked $(HOST_CRATES) --features app/ssr
	$(MAKE) --no-print-directory e2e

.PHONY: e2e
e2e: site ## The browser's tests, the API against its own description, and the screenshots
	.ci/setup.sh test
	cargo build --locked -p server
	HEADROOM_BIN=$(DEBUG) end2end/run.sh

.PHONY: bench
bench: build ## Print figure, bar and floor of each measured promise
	target/release/headroom bench

.PHONY: dist
dist: build ## One file with the site inside: target/dist/headroom
	cargo build --locked --release -p server --features embed-site
	mkdir -p target/dist
	cp -f $(RELEASE) target/dist/headroom
	ls -lh target/dist/headroom
