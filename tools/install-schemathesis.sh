#!/usr/bin/env bash
# Installs schemathesis, which tries the API against its own OpenAPI document, into .cache/schemathesis: a virtual
# environment of Python with exactly the packages of tools/schemathesis.txt, checked by their hashes.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=.cache/schemathesis
# Debian's Python lacks the module that makes environments until python3-venv is there.
if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
  echo 'installing python3-venv'
  { apt-get update -q && apt-get install -y -q --no-install-recommends python3 python3-venv; } >&2
fi
rm -rf "$folder"
python3 -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
  --require-hashes -r tools/schemathesis.txt
"$folder/bin/schemathesis" --version
