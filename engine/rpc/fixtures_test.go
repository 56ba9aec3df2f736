package rpc

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"walm.io/engine/action"
	"walm.io/engine/chart"
	"walm.io/engine/client"
	"walm.io/engine/problem"
	"walm.io/engine/progress"
	"walm.io/engine/registry"
	"walm.io/engine/rendering"
)

// fixture is one recorded exchange of the protocol; the server's tests read the same files.
type fixture struct {
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  json.RawMessage `json:"error"`
}

// exchange names the types of one method: its parameters, its result, and the content of the result's text.
type exchange struct {
	params, result, inside any
}

type (
	digestParams struct {
		Digest string `json:"digest"`
	}
	sourceParams struct {
		Source registry.Source `json:"source"`
	}
	listParams struct {
		Identity  *client.Identity `json:"identity"`
		Namespace string           `json:"namespace"`
	}
	resourcesResult struct {
		Resources []client.Resource `json:"resources"`
	}
	progressParams struct {
		RequestID string `json:"requestId"`
		progress.Step
	}
	nothingAtAll struct{}
)

var exchanges = map[string]exchange{
	"initialize":                  {introduction{}, greetingAnswer{}, nil},
	"ping":                        {nothingAtAll{}, nothingAtAll{}, nil},
	"chart/fetch":                 {sourceParams{}, fetched{}, nil},
	"chart/check":                 {digestParams{}, chart.Archive{}, nil},
	"chart/inspect":               {digestParams{}, text{}, chart.Inspection{}},
	"chart/lint":                  {digestParams{}, text{}, []rendering.LintedCase{}},
	"repository/index":            {indexRequest{}, indexPart{}, nil},
	"release/render":              {action.RenderRequest{}, renderedAnswer{}, nil},
	"release/install":             {action.InstallRequest{}, releaseAnswer{}, nil},
	"release/upgrade":             {action.UpgradeRequest{}, releaseAnswer{}, nil},
	"release/rewrite":             {action.RewriteRequest{}, releaseAnswer{}, nil},
	"documents/transform":         {transformParams{}, text{}, rendering.DocumentChanges{}},
	"release/seal":                {sealParams{}, sealAnswer{}, nil},
	"outputs/secrets":             {outputsParams{}, text{}, rendering.HiddenSecrets{}},
	"release/uninstall":           {action.UninstallRequest{}, action.Removed{}, nil},
	"release/get":                 {action.RevisionRequest{}, releaseAnswer{}, nil},
	"release/getMany":             {action.GetManyRequest{}, text{}, []batchEntry{}},
	"release/test":                {action.TestRequest{}, text{}, []action.TestRun{}},
	"release/compare":             {action.RevisionRequest{}, text{}, []action.Comparison{}},
	"release/packChart":           {action.RevisionRequest{}, chart.Archive{}, nil},
	"release/list":                {listParams{}, text{}, []action.Summary{}},
	"release/history":             {action.Target{}, text{}, []action.Summary{}},
	"release/settle":              {action.SettleRequest{}, nothingAtAll{}, nil},
	"release/foretellRemoval":     {action.ForetellRemovalRequest{}, text{}, action.Foretold{}},
	"release/removeFailedInstall": {action.RemoveFailedInstallRequest{}, action.CleanedUp{}, nil},
	"objects/resources":           {nothingAtAll{}, resourcesResult{}, nil},
	"objects/mergeKeys":           {mergeKeysParams{}, mergeKeysResult{}, nil},
	"progress":                    {progressParams{}, nil, nil},
	"discoveryChanged":            {nothingAtAll{}, nil, nil},
	"lead":                        {client.Term{}, nil, nil},
}

// TestFixturesSayWhatTheEngineSays parses every recorded message into the engine's types and writes it again: a field
// that was renamed, dropped or added on one side only does not survive that.
func TestFixturesSayWhatTheEngineSays(t *testing.T) {
	files, err := filepath.Glob("../testdata/protocol/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var one fixture
			strictly(t, content, &one)
			types, known := exchanges[one.Method]
			if !known {
				t.Fatalf("method %s is not known to this test", one.Method)
			}
			seen[one.Method] = true
			if types.result == nil {
				sameAgain(t, one.Params, types.params)
				return
			}
			strictly(t, withoutAttendants(t, one.Params), reflect.New(reflect.TypeOf(types.params)).Interface())
			switch {
			case one.Error != nil:
				var failure struct {
					Code    int64           `json:"code"`
					Message string          `json:"message"`
					Data    problem.Problem `json:"data"`
				}
				strictly(t, one.Error, &failure)
				sameAgain(t, one.Error, failure)
			case string(one.Result) != "null":
				sameAgain(t, one.Result, types.result)
				if types.inside != nil {
					sameAgain(t, insideOf(t, one.Result), types.inside)
				}
			}
		})
	}
	for method := range exchanges {
		if !seen[method] {
			t.Errorf("method %s has no fixture", method)
		}
	}
	for method := range methods {
		if _, tested := exchanges[method]; !tested && method != "shutdown" {
			t.Errorf("method %s is not tested", method)
		}
	}
}

func strictly(t *testing.T, content []byte, into any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%T: %v", into, err)
	}
}

// withoutAttendants removes the fields that any request may have.
func withoutAttendants(t *testing.T, params json.RawMessage) []byte {
	t.Helper()
	var fields map[string]json.RawMessage
	strictly(t, params, &fields)
	delete(fields, "requestId")
	delete(fields, "term")
	content, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// sameAgain decodes into a new value of the type of `like` and compares its encoding.
func sameAgain(t *testing.T, content []byte, like any) {
	t.Helper()
	value := reflect.New(reflect.TypeOf(like))
	strictly(t, content, value.Interface())
	again, err := json.Marshal(value.Interface())
	if err != nil {
		t.Fatal(err)
	}
	var before, after any
	strictly(t, content, &before)
	strictly(t, again, &after)
	if !reflect.DeepEqual(before, after) {
		t.Errorf("%T: recorded %s, now %s", like, content, again)
	}
}

func insideOf(t *testing.T, result json.RawMessage) []byte {
	t.Helper()
	var spilled text
	strictly(t, result, &spilled)
	if spilled.Inline == nil {
		t.Fatal("the text is not inline")
	}
	return []byte(*spilled.Inline)
}
