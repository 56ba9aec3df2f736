#!/bin/sh
# Builds bin/walm-sandbox. Kubernetes is compiled with it: 5 to 10 minutes on 2 cores the first time, seconds
# from then on. While it compiles, a line every 15 seconds tells that it is alive.
#
# usage: sandbox/build.sh [output file]
set -eu

cd "$(dirname "$0")"
output=${1:-../bin/walm-sandbox}

# The server must report the version it is: charts check it, and without this it would be v0.0.0-master.
version=$(go list -m -f '{{.Version}}' k8s.io/kubernetes)
minor=${version#v1.}
minor=${minor%%.*}
flags="-s -w"
for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
  flags="$flags -X $package.gitVersion=$version -X $package.gitMajor=1 -X $package.gitMinor=$minor -X $package.gitTreeState=clean"
done

mkdir -p "$(dirname "$output")"
work=$(mktemp -d "$(dirname "$output")/.walm-sandbox.XXXXXX")
compiler=
finish() {
  if [ -n "$compiler" ]; then kill "$compiler" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# With the last result in its place, go build sees when there is nothing to link.
if [ -f "$output" ]; then cp -p "$output" "$work/walm-sandbox"; fi

total=$(go list -deps . | wc -l)
started=$(date +%s)
go build -v -ldflags "$flags" -o "$work/walm-sandbox" . >"$work/packages" 2>&1 &
compiler=$!
beats=0
while kill -0 "$compiler" 2>/dev/null; do
  sleep 0.2
  beats=$((beats + 1))
  # Linking alone takes about as long, but compiles next to nothing.
  if [ "$beats" -eq 50 ] && [ "$(wc -l <"$work/packages")" -gt 30 ]; then
    echo "walm-sandbox: compiling Kubernetes $version; the first time this takes 5 to 10 minutes on 2 cores"
  elif [ $((beats % 75)) -eq 0 ]; then
    # go build names a package when it begins with it, and none of those that it finds in its cache.
    echo "walm-sandbox: $(($(date +%s) - started))s, $(wc -l <"$work/packages") packages compiled of at most $total"
  fi
done
status=0
wait "$compiler" || status=$?
compiler=
if [ "$status" -ne 0 ]; then
  grep -v '^[a-z0-9./_-]*$' "$work/packages" >&2 || cat "$work/packages" >&2
  echo "walm-sandbox: the build failed" >&2
  exit "$status"
fi
if cmp -s "$work/walm-sandbox" "$output"; then
  echo "walm-sandbox: up to date"
  exit 0
fi
mv "$work/walm-sandbox" "$output"
echo "walm-sandbox: built for Kubernetes $version in $(($(date +%s) - started))s"
