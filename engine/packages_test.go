package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// floors are the packages of the engine from the ground up. A package imports packages of lower floors only, none on
// its own floor: see docs/architecture.md.
var floors = [][]string{
	{"excerpt", "fair", "guard", "jsontext", "problem", "worker/isolation"},
	{"progress", "yamltext", "worker"},
	{"generated", "manifest", "ownership", "jsonnet", "chart"},
	{"refusal", "client", "record", "registry"},
	{"renderer", "seal"},
	{"history"},
	{"cluster", "rendering"},
	{"action"},
	{"rpc"},
	{""},
}

// helmAction is the part of Helm that performs whole operations. Only the package `action` may use it.
const helmAction = "helm.sh/helm/v4/pkg/action"

const module = "walm.io/engine"

// faults are the imports that violate the rule, by package as listed by `go list`.
func faults(imports map[string][]string) []string {
	floor := map[string]int{}
	for at, packages := range floors {
		for _, name := range packages {
			floor[name] = at
		}
	}
	found := []string{}
	for _, path := range slices.Sorted(maps.Keys(imports)) {
		name := strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
		at, known := floor[name]
		if !known {
			found = append(found, fmt.Sprintf("%s lies on no floor: say in floors where it belongs", path))
			continue
		}
		for _, imported := range imports[path] {
			if imported == helmAction && name != "action" {
				found = append(found, fmt.Sprintf("%s imports %s: only engine/action does", path, helmAction))
			}
			below, ours := strings.CutPrefix(imported, module+"/")
			if !ours {
				continue
			}
			if on, known := floor[below]; !known || on >= at {
				found = append(found, fmt.Sprintf("%s imports %s, which does not lie below it", path, imported))
			}
		}
	}
	return found
}

func TestNoPackageImportsOneThatDoesNotLieBelowIt(t *testing.T) {
	found := faults(importsOf(t))
	if len(found) > 0 {
		t.Errorf("the law of the engine's packages is broken:\n%s", strings.Join(found, "\n"))
	}
}

// The canaries: the check detects violations.
func TestImportsThatRunBackAreSeen(t *testing.T) {
	listed := importsOf(t)
	for imported, importing := range map[string]string{
		module + "/action":     module + "/cluster",
		module + "/rpc":        module + "/action",
		module + "/rendering":  module + "/cluster",
		module + "/cluster":    module + "/rendering",
		module + "/client":     module + "/manifest",
		module + "/new":        module + "/action",
		module + "/record/new": module + "/history",
		helmAction:             module + "/cluster",
	} {
		imports := maps.Clone(listed)
		imports[importing] = append(slices.Clone(imports[importing]), imported)
		if found := faults(imports); len(found) != 1 || !strings.Contains(found[0], importing) || !strings.Contains(found[0], imported) {
			t.Errorf("%s in %s: %v", imported, importing, found)
		}
	}
	listed[module+"/new"] = nil
	if found := faults(listed); len(found) != 1 {
		t.Errorf("a package on no floor: %v", found)
	}
}

// importsOf returns what the packages of the engine import, without tests and what only tests import.
func importsOf(t *testing.T) map[string][]string {
	t.Helper()
	listed, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("listing the packages: %v", err)
	}
	imports := map[string][]string{}
	decoder := json.NewDecoder(strings.NewReader(string(listed)))
	for {
		var one struct {
			ImportPath string
			Imports    []string
		}
		err := decoder.Decode(&one)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(one.ImportPath, "test") {
			imports[one.ImportPath] = one.Imports
		}
	}
	if len(imports) < 20 {
		t.Fatalf("only %d packages were found", len(imports))
	}
	return imports
}
