#!/usr/bin/env bash
# Links a Redis server, for tests and the quickstart, as bin/redis-server, and its client as bin/redis-cli: those on the
# PATH, or Debian's. Debian's redis-tools holds the server under another name, and unlike its package redis-server
# starts nothing by itself.
set -euo pipefail
cd "$(dirname "$0")/.."

server=$(command -v redis-server || command -v redis-check-rdb || true)
client=$(command -v redis-cli || true)
if [ -z "$server" ] || [ -z "$client" ]; then
  echo 'installing redis-tools'
  { apt-get update -q && apt-get install -y -q --no-install-recommends redis-tools; } >&2
  server=$(command -v redis-server || command -v redis-check-rdb)
  client=$(command -v redis-cli)
fi
mkdir -p bin
ln -sfn "$server" bin/redis-server
ln -sfn "$client" bin/redis-cli
bin/redis-server --version
