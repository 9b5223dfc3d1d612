# smartseal: make demo · make test · make check · make bench · make mutants · make firmware · make flash · make sbom · make advisories
SHELL := /bin/bash
.DEFAULT_GOAL := help
NODE ?= node
NPM ?= npm

.PHONY: help demo test check bench mutants firmware flash sbom advisories build clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

# Installed packages are current when they are newer than the lock file that names them.
node_modules/.package-lock.json: package-lock.json
	$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

SOURCES := $(shell find protocol firmware host-bridge sim -type f \( -name '*.ts' -o -name '*.tsx' -o -name '*.css' -o -name '*.html' -o -name '*.mjs' -o -name '*.js' -o -name '*.proto' -o -name '*.json' \) 2>/dev/null) tsconfig.json package.json

dist/.built: node_modules/.package-lock.json $(SOURCES)
	@$(NPM) run --silent build
	@touch $@

build: dist/.built ## compile the programs and the firmware bundles into dist/

demo: dist/.built ## one page applied for, approved, stamped and proven, with its pictures in demo-out/
	@$(NODE) bin/smartseal.js demo $(ARGS)

check: node_modules/.package-lock.json ## types, lint and the quick tests (under 2 minutes)
	@$(NPM) run --silent check

test: dist/.built ## everything
	@$(NPM) run --silent check:static
	@$(NODE) test/run.js

bench: dist/.built ## measurements, as JSON lines with units
	@$(NODE) dist/test/bench/main.js $(ARGS)

mutants: dist/.built ## firmware that is wrong in known ways: what it costs to catch each
	@$(NODE) dist/test/mutants/main.js $(ARGS)

firmware: node_modules/.package-lock.json ## the bundles for every board, with their sizes
	@$(NPM) run --silent build:firmware

flash: dist/.built ## flash the unit at PORT=/dev/ttyACM0
	@test -n "$(PORT)" || { echo "flash: say which port: make flash PORT=/dev/ttyACM0"; exit 2; }
	@$(NODE) bin/smartseal.js device flash --port "$(PORT)" $(ARGS)

sbom: node_modules/.package-lock.json ## what the programs are made of, as CycloneDX, in dist/sbom.cdx.json
	@mkdir -p dist
	@$(NPM) sbom --sbom-format cyclonedx --sbom-type application --omit dev > dist/sbom.cdx.json.part
	@mv dist/sbom.cdx.json.part dist/sbom.cdx.json

advisories: node_modules/.package-lock.json ## known advisories against what is installed (asks the registry)
	@$(NPM) audit --audit-level=moderate

clean: ## remove what was built
	rm -rf dist demo-out coverage
