#!/usr/bin/env bash
# Builds bin/walm-engine or bin/walm-sandbox: tools/build-go.sh engine|sandbox
set -euo pipefail
cd "$(dirname "$0")/.."

module=$1
program="bin/walm-$module"
flags=()

if [ "$module" = sandbox ]; then
  # The sandbox is a whole Kubernetes: unless these packages are cached, compiling it takes long.
  echo "building $program; the first time this compiles Kubernetes: about 10 minutes on 2 cores, cached afterwards"
  # Without a version the API server's is no SemVer, and charts that state a kubeVersion refuse it.
  version=$(cd sandbox && go list -m -f '{{.Version}}' k8s.io/kubernetes)
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=("-X $package.gitVersion=$version" "-X $package.gitMajor=1" "-X $package.gitMinor=$(cut -d. -f2 <<<"$version")")
  done
else
  echo "building $program"
fi

started=$SECONDS
(
  while sleep 30; do
    compiled=$(pgrep -c -x compile || true)
    echo "  still building $program ($((SECONDS - started)) s, $compiled compilers running)"
  done
) &
alive=$!
trap 'kill $alive 2>/dev/null || true' EXIT

mkdir -p bin
(cd "$module" && go build -buildvcs=false -trimpath -ldflags "-s -w ${flags[*]-}" -o "../$program" .)
# Go leaves an unchanged program as it is; make compares times.
touch "$program"
echo "built $program in $((SECONDS - started)) s"
