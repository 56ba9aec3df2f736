#!/usr/bin/env bash
# Builds the helm command line of the version that the engine links into bin/helm: tests and benchmarks compare with it.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(cd engine && go list -m -f '{{.Version}}' helm.sh/helm/v4)
if [ -x bin/helm ] && [ "$(bin/helm version --template '{{.Version}}' 2>/dev/null)" = "$version" ]; then
  touch bin/helm
  exit 0
fi
echo "building bin/helm $version"
mkdir -p bin
ldflags="-s -w -X helm.sh/helm/v4/internal/version.version=$version"
GOBIN="$PWD/bin" GOFLAGS= go install -ldflags "$ldflags" "helm.sh/helm/v4/cmd/helm@$version"
touch bin/helm
