# `make` lists the targets. Everything here is a plain command; nothing needs make but habit.

# Bump to upgrade: each version is built once and kept in the user's cache, apart from go.mod.
GOLANGCI_LINT_VERSION := v2.15.0
GOLANGCI_LINT = $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/daybook/golangci-lint-$(GOLANGCI_LINT_VERSION)-$(shell go env GOVERSION)/golangci-lint

# Where `make generate` writes.
GENERATED := ent/gen graph

.DEFAULT_GOAL := help
.PHONY: help run test test-race bench generate verify lint lint-tool fmt

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## serve the demo workspace on http://127.0.0.1:8080
	go run . --demo

test: ## run every test; engines that are not installed are skipped with a line that says so
	go test ./...

test-race: ## run every test under the race detector (needs a C compiler)
	go test -race ./...

bench: ## measure recording and reading against their limits and peers, on a machine that does nothing else (half an hour)
	go run ./bench/record
	go run ./bench/query

generate: ## write ent/gen and graph/gen anew from ent/schema and schema/
	go generate ./...

verify: generate ## fail when generated code is not what its sources say
	@new=$$(git ls-files --others --exclude-standard -- $(GENERATED)); \
	if ! git --no-pager diff --exit-code --stat -- $(GENERATED) || [ -n "$$new" ]; then \
		echo "$$new"; \
		echo "Generated code differs from ent/schema and schema/ (files above)."; \
		echo "Fix: run 'make generate', look at what changed, and stage or commit it with the change that caused it."; \
		exit 1; \
	fi

lint: $(GOLANGCI_LINT) ## run golangci-lint over the hand-written code
	$(GOLANGCI_LINT) run ./...

fmt: $(GOLANGCI_LINT) ## format the hand-written code as lint wants it
	$(GOLANGCI_LINT) fmt ./...

lint-tool: $(GOLANGCI_LINT)

$(GOLANGCI_LINT):
	GOBIN=$(@D) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)
