#!/usr/bin/env bash
# Builds bin/walm-engine.
set -euo pipefail
cd "$(dirname "$0")/.."

echo 'building bin/walm-engine; the first time this takes about 2 minutes'
started=$SECONDS
mkdir -p bin
version=$(node -p "require('./package.json').version")
cd engine
# The SDK knows its own minor version only; templates see the whole one, as with the helm command.
helm=$(go list -m -f '{{.Version}}' helm.sh/helm/v4)
go build -ldflags "-s -w -X main.version=$version -X helm.sh/helm/v4/internal/version.version=$helm" -o ../bin/walm-engine .
# Go leaves a program that would not change as it is; make compares times.
touch ../bin/walm-engine
echo "built bin/walm-engine in $((SECONDS - started)) s"
