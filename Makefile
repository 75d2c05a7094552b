# Everything a person or a build machine does with this project. A fresh
# machine needs Go, Node and (for the race detector) a C compiler.

SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

GO           ?= go
NPM          ?= npm
NODE         ?= node
LINT_VERSION := v2.15.0
LINT         := bin/golangci-lint-$(LINT_VERSION)
# The last published version; AGPL, so it is only ever a separate process in tests.
MINIO_VERSION := v0.0.0-20260212201848-7aac2a2c5b7c
MINIO        := bin/minio-$(MINIO_VERSION)
VULN_VERSION := v1.1.4
FUZZTIME     ?= 10s
RUNS         ?= 3
WEB          := web/dist/index.html
MODULES      := web/node_modules/.package-lock.json
# A tus client that others wrote, for the test that kills the hub under it.
TUS          := cmd/hub/testdata/tus/node_modules/.package-lock.json

.PHONY: help run build test e2e screens race lint fmt tidy bench fuzz test-minio web vulncheck clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  %-11s %s\n", $$1, $$2}' Makefile

run: $(WEB) ## start a working hub; nothing else to install
	$(GO) run ./cmd/hub serve

build: $(WEB) ## one stripped, static binary: bin/hub
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w' -o bin/hub ./cmd/hub

test: $(WEB) $(TUS) ## all tests with the race detector, in random order; then those of the pages
	CGO_ENABLED=1 $(GO) test -race -shuffle=on ./...
	cd web && $(NPM) run --silent unit
	$(MAKE) e2e

e2e: build $(MODULES) ## walk the desks in the Chromium of this machine
	cd web && $(NPM) run --silent e2e

screens: build $(MODULES) ## pictures of every page into web/screens, to be looked at
	cd web && $(NODE) e2e/screens.mjs && $(NODE) e2e/admin-screens.mjs

race: $(WEB) $(TUS) ## the tests RUNS (3) times over, for races that show rarely
	CGO_ENABLED=1 $(GO) test -race -shuffle=on -count=$(RUNS) ./...

lint: $(LINT) $(MODULES) ## the linters of .golangci.yml, the import rule among them; types and lint of the pages
	$(LINT) run ./...
	cd web && $(NPM) run --silent typecheck && $(NPM) run --silent lint

fmt: $(LINT) ## format as the linter wants it
	$(LINT) fmt ./...

tidy: ## fail if go.mod or go.sum is not tidy; changes nothing
	$(GO) mod tidy -diff

bench: $(WEB) ## the table of docs/performance.md, and the same rows in bench.json
	$(GO) run ./cmd/bench

fuzz: ## every fuzz target for FUZZTIME (10s) each
	GO='$(GO)' .ci/fuzz $(FUZZTIME)

test-minio: $(MINIO) ## the storage tests against a real MinIO
	GO='$(GO)' .ci/test-minio $(MINIO)

web: $(MODULES) ## build the pages that the binary carries
	cd web && $(NODE) build.mjs

$(MODULES): web/package-lock.json
	cd web && $(NPM) ci --no-audit --no-fund
	touch $@

# Needs the vulnerability database (vuln.go.dev), which closed networks do not
# reach; therefore not part of .ci/run.
vulncheck: ## known vulnerabilities in what we really call (needs internet)
	$(GO) run golang.org/x/vuln/cmd/govulncheck@$(VULN_VERSION) ./...

clean: ## remove what these targets built
	rm -rf bin web/node_modules web/openapi/node_modules web/.built web/screens cmd/hub/testdata/tus/node_modules bench.json
	find web/dist web/fonts/built -mindepth 1 ! -name .keep -delete

$(WEB): web/package-lock.json $(wildcard web/*.mjs web/*.ts) web/index.html web/check/index.html web/fonts/characters.txt $(shell find web/docs web/src web/forms web/public -type f)
	$(MAKE) web

$(TUS): cmd/hub/testdata/tus/package-lock.json
	cd cmd/hub/testdata/tus && $(NPM) ci
	touch $@

# Built from source with our own Go: a linter built by an older Go refuses ours.
$(LINT):
	GOBIN='$(CURDIR)/bin' $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	mv bin/golangci-lint $@

$(MINIO):
	GOBIN='$(CURDIR)/bin' $(GO) install github.com/minio/minio@$(MINIO_VERSION)
	mv bin/minio $@
