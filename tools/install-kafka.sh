#!/usr/bin/env bash
# Puts the Kafka broker that tests talk to, from Maven Central, into .cache/kafka.
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
echo 'downloading Kafka from Maven Central'
rm -rf "$folder"
mkdir -p "$folder"
mvn -q -B -f "$pom" dependency:copy-dependencies "-DoutputDirectory=$PWD/$folder/libs"
cp "$pom" "$folder/pom.xml"
