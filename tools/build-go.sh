#!/usr/bin/env bash
# Builds bin/walm-engine or bin/walm-sandbox: tools/build-go.sh engine|sandbox
set -euo pipefail
cd "$(dirname "$0")/.."

module=$1
program="bin/walm-$module"
flags=(-s -w)

if [ "$module" = sandbox ]; then
  # The sandbox is a whole Kubernetes: unless its packages are cached, compiling it takes long.
  echo "building $program; the first build compiles Kubernetes: about 10 minutes on 2 cores, cached afterwards"
  # Without these the API server's version is no SemVer, and charts that state a kubeVersion refuse it.
  version=$(cd sandbox && go list -m -f '{{.Version}}' k8s.io/kubernetes)
  minor=$(cut -d. -f2 <<<"$version")
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=(-X "$package.gitVersion=$version" -X "$package.gitMajor=1" -X "$package.gitMinor=$minor")
  done
else
  echo "building $program"
fi

mkdir -p bin .cache
log=.cache/build-$module.log
: >"$log"
started=$SECONDS
(
  while sleep 20; do
    echo "  building $program: $((SECONDS - started)) s, $(wc -l <"$log") packages compiled"
  done
) &
alive=$!
trap 'kill $alive 2>/dev/null || true' EXIT

# -trimpath would give every package a second entry in the cache, beside the one that vet and tests share.
if ! (cd "$module" && go build -v -buildvcs=false -ldflags "${flags[*]}" -o "../$program" .) 2>"$log"; then
  tail -n 60 "$log" >&2
  echo "building $program failed; the whole output is in $log" >&2
  exit 1
fi
# Go leaves a program that would not change as it is; make compares times.
touch "$program"
echo "built $program in $((SECONDS - started)) s"
