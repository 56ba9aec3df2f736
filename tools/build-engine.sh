#!/usr/bin/env bash
# Builds bin/walm-engine.
set -euo pipefail
cd "$(dirname "$0")/.."

echo 'building bin/walm-engine; the first time this takes about 2 minutes'
started=$SECONDS
mkdir -p bin
(cd engine && go build -ldflags '-s -w' -o ../bin/walm-engine .)
# Go leaves a program that would not change as it is; make compares times.
touch bin/walm-engine
echo "built bin/walm-engine in $((SECONDS - started)) s"
