#!/usr/bin/env bash
# Links a Redis server for tests as bin/redis-server: the one on the PATH, or Debian's. Debian's redis-tools holds the
# same program under another name, and unlike its package redis-server starts nothing by itself.
set -euo pipefail
cd "$(dirname "$0")/.."

program=$(command -v redis-server || command -v redis-check-rdb || true)
if [ -z "$program" ]; then
  echo 'installing redis-tools'
  { apt-get update -q && apt-get install -y -q --no-install-recommends redis-tools; } >&2
  program=$(command -v redis-check-rdb)
fi
mkdir -p bin
ln -sfn "$program" bin/redis-server
bin/redis-server --version
