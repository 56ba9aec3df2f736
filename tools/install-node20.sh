#!/usr/bin/env bash
# Installs the oldest Node that walmctl runs on, for its tests, into .cache/node20: the version and the digest of
# tools/node20/package-lock.json. There is one for Linux on x64; elsewhere walmctl is tested on the project's own Node.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=.cache/node20
rm -rf "$folder"
mkdir -p "$folder"
cp tools/node20/package.json tools/node20/package-lock.json "$folder"
if [ "$(uname -sm)" = 'Linux x86_64' ]; then
  npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error
  "$folder/node_modules/.bin/node" --version
else
  echo "no Node 20 for $(uname -sm): skipped"
fi
