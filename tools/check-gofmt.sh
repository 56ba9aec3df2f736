#!/usr/bin/env bash
# Refuses Go files that gofmt would change.
set -euo pipefail
cd "$(dirname "$0")/.."
unformatted=$(gofmt -l engine sandbox)
if [ -n "$unformatted" ]; then
  echo "not formatted, run gofmt -w on:"
  echo "$unformatted"
  exit 1
fi
