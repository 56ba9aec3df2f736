#!/usr/bin/env bash
# Puts the Kafka broker of the tests and the quickstart, from Maven Central, into .cache/kafka.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=.cache/kafka
pom=test/harness/kafka/pom.xml
if cmp -s "$pom" "$folder/pom.xml"; then
  exit 0
fi
missing=()
command -v java >/dev/null || missing+=(default-jre-headless)
command -v mvn >/dev/null || missing+=(maven)
if [ ${#missing[@]} -gt 0 ]; then
  echo "installing ${missing[*]}"
  { apt-get update -q && apt-get install -y -q --no-install-recommends "${missing[@]}"; } >&2
fi
echo 'downloading Kafka from Maven Central: about 45 MB, and Maven plugins the first time'
rm -rf "$folder"
mkdir -p "$folder"
# Of everything that Maven says, errors and the archives of a megabyte or more: a sign of life every few seconds.
mvn -B -f "$pom" dependency:copy-dependencies "-DoutputDirectory=$PWD/$folder/libs" |
  awk '/^\[(ERROR|WARNING)\]/ { print } /Downloaded from .* MB at/ { n = split($5, path, "/"); print "  " path[n] " " $6 " " $7 ")"; fflush() }'
cp "$pom" "$folder/pom.xml"
