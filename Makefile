# Walm's commands. `make help` lists them; everything they need beyond Go, Node, npm, Java and Maven they install.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

# The project runs on the Node that package-lock.json pins, whatever Node started npm.
NODE := node_modules/.bin/node
MODULES := node_modules/.package-lock.json

# Without it a checkout that belongs to another user cannot be built.
export GOFLAGS += -buildvcs=false

# What a program is built from: a newer file builds it anew.
engine_sources := $(shell find engine -type f -not -path '*/testdata/*' -not -name '*_test.go' 2>/dev/null)
sandbox_sources := $(shell find sandbox -type f -not -path '*/testdata/*' -not -name '*_test.go' 2>/dev/null)

.PHONY: help build quickstart quickstart-down test test-faults test-chaos test-simulation test-hostile test-fuzz test-tenant test-mistakes test-schema check bench generate dist clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

build: $(MODULES) bin/walm-engine bin/walm-sandbox ## build what is missing or older than its sources

quickstart: $(MODULES) bin/walm-engine bin/walm-sandbox $(if $(filter cluster,$(MODE)),bin/redis-server .cache/kafka/pom.xml) ## a control plane, the server and two wired applications (CLUSTER=mine: your KUBECONFIG; MODE=cluster: three servers, Redis, Kafka)
	@CLUSTER='$(CLUSTER)' MODE='$(MODE)' $(NODE) tools/quickstart.ts

quickstart-down: $(MODULES) ## stop what quickstart started and remove its state
	@$(NODE) tools/quickstart-down.ts

check: $(MODULES) ## the inner loop: types, lint, format, imports, dead code, sizes, unit tests
	@$(NODE) tools/run-suites.ts --inner

test: $(MODULES) ## everything that CI runs (SUITES="unit kube" runs only those)
	@$(NODE) tools/run-suites.ts $(SUITES)

test-faults: $(MODULES) bin/walm-engine bin/walm-sandbox bin/helm ## kill server and engine at every step of every change (FAULTS="upgrade,pause" only these; long)
	@$(NODE) node_modules/vitest/vitest.mjs run --project faults --disable-console-intercept

test-chaos: $(MODULES) bin/walm-engine bin/walm-sandbox bin/helm bin/redis-server .cache/kafka/pom.xml ## break anything at random under load, then see that everything agrees (CHAOS_MINUTES=10 CHAOS_SEED=7)
	@$(NODE) node_modules/vitest/vitest.mjs run --project chaos --disable-console-intercept

test-simulation: $(MODULES) ## run three whole servers in a simulated cluster, seed by seed (SEEDS=20000; SEED=7 alone replays one, step by step; FAULTS=all looks for every fault of the sources; THREADS=1)
	@$(if $(SEEDS),SEEDS='$(SEEDS)') $(if $(SEED),SEED='$(SEED)') $(if $(FAULTS),FAULTS='$(FAULTS)') $(if $(THREADS),THREADS='$(THREADS)') $(NODE) node_modules/vitest/vitest.mjs run $(if $(SEEDS)$(SEED),seeds)$(if $(FAULTS),mutations) --project simulation --disable-console-intercept

test-hostile: $(MODULES) bin/walm-engine bin/walm-sandbox ## attack a server in use, and see that nobody else is hurt (HOSTILE="zeros,keys" only these HOSTILE_SECONDS=15 each)
	@$(NODE) node_modules/vitest/vitest.mjs run --project hostile --disable-console-intercept

test-fuzz: $(MODULES) bin/walm-engine bin/walm-sandbox ## send requests at random to a server, and see that it does not grow (FUZZ_MINUTES=20)
	@FUZZ_MINUTES='$(or $(FUZZ_MINUTES),20)' $(NODE) node_modules/vitest/vitest.mjs run --project hostile --disable-console-intercept long-fuzz

test-schema: $(MODULES) bin/walm-engine bin/walm-sandbox .cache/schemathesis/done ## try the API of a seeded server against its OpenAPI document (SECONDS=480 SEED=20)
	@SEED='$(SEED)' $(NODE) test/schema/schema.ts $(or $(SECONDS),120)

test-tenant: $(MODULES) bin/walm-engine bin/walm-sandbox ## let a hostile tenant play at random, and see that nothing outside of its namespace was changed or read (MINUTES=5 SEED=7)
	@MINUTES='$(MINUTES)' SEED='$(SEED)' $(NODE) node_modules/vitest/vitest.mjs run --project tenant --disable-console-intercept

test-mistakes: $(MODULES) bin/walm-engine bin/walm-sandbox bin/helm ## send every operation mistakes, in requests, charts and the cluster's answers, and see that each is a sentence (EACH=100 SEED=20)
	@MISTAKES_EACH='$(or $(EACH),100)' MISTAKES_SEED='$(SEED)' $(NODE) node_modules/vitest/vitest.mjs run --project integration test/integration/mistakes.integration.test.ts --disable-console-intercept

bench: $(MODULES) bin/walm-engine bin/walm-sandbox bin/helm .cache/kafka/pom.xml ## measure Walm against the helm command line on the same cluster, with large releases, at 5,000 releases, with 1,000 dependents, and with projects of 30 releases
	@$(NODE) test/bench/bench.ts
	@$(NODE) test/bench/large.ts
	@$(NODE) test/bench/start.ts
	@$(NODE) test/bench/events.ts
	@$(NODE) test/bench/scale.ts
	@$(NODE) test/bench/propagation.ts
	@$(NODE) test/bench/project.ts

dist: $(MODULES) ## write dist/server, the server as it is run, and dist/walmctl, the command line as one file
	@$(NODE) tools/pack-server.ts
	@$(NODE) tools/pack-walmctl.ts

generate: $(MODULES) ## write what is generated: OpenAPI, the reference pages and the list of plugins
	@$(NODE) tools/emit-generated.ts

clean: ## remove everything that was built or installed into the checkout
	rm -rf bin node_modules .cache coverage dist

$(MODULES): package.json package-lock.json .npmrc
	@echo 'installing the packages of package-lock.json'
	@npm ci --loglevel=error
	@touch $@

bin/walm-engine: $(engine_sources)
	@tools/build-engine.sh

bin/walm-sandbox: $(sandbox_sources)
	@sandbox/build.sh
	@touch $@

bin/redis-server: tools/install-redis.sh
	@tools/install-redis.sh

.cache/kafka/pom.xml: test/harness/kafka/pom.xml tools/install-kafka.sh
	@tools/install-kafka.sh
	@touch $@

.cache/node20/package.json: tools/node20/package.json tools/node20/package-lock.json tools/install-node20.sh
	@tools/install-node20.sh
	@touch $@

.cache/schemathesis/done: tools/schemathesis.txt tools/install-schemathesis.sh
	@tools/install-schemathesis.sh
	@touch $@

bin/helm: tools/install-helm.sh engine/go.mod
	@tools/install-helm.sh
