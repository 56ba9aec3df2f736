package record

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"testing"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	release "helm.sh/helm/v4/pkg/release/v1"

	"walm.io/engine/problem"
)

// FuzzDecode decodes hostile payloads: the JSON inside, or (if `raw`) the bytes before base64. The result must have
// every part that Helm assumes, and be readable again after writing.
func FuzzDecode(f *testing.F) {
	seed := func(change func(map[string]any)) {
		made := whole()
		change(made)
		text, err := json.Marshal(made)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, false)
	}
	seed(func(map[string]any) {})
	seed(set("info", nil))
	seed(set("chart", nil))
	seed(set("chart.metadata", nil))
	seed(set("hooks", []any{nil, map[string]any{"last_run": nil}}))
	seed(set("hooks", []any{map[string]any{"events": []any{"test"}, "manifest": "a: &a [*a]"}}))
	seed(set("manifest", aliases()))
	seed(set("manifest", "kind: List\nitems: [{kind: List, items: [null, 1, {}]}]"))
	seed(set("config", nested(70)))
	seed(set("version", 2.5))
	seed(set("info.first_deployed", "9999-12-31T23:59:59-23:59"))
	seed(set("info.resources", map[string]any{"a": []any{map[string]any{}}}))
	for _, text := range []string{
		`null`, `{}`, `{"info": null}`, `{"info":{"status":"deployed","info":{}}}`, `[[[[`, `{"a":"\ud800"}`,
		`{"name":"web","name":"web","namespace":"demo","version":2,"Info":{"status":"deployed"},"chart":{"metadata":{}}}`,
		`{"version":1e400}`, `{"config":{"__proto__":{"a":1}}}`, "\xff\xfe",
	} {
		f.Add([]byte(text), false)
	}
	f.Add([]byte{0x1f, 0x8b, 0x08, 0, 0, 0}, true)
	f.Add(bytes.Repeat(gzipOf(1000), 3), true)
	limits := DefaultLimits()
	f.Fuzz(func(t *testing.T, payload []byte, raw bool) {
		encoded := []byte(base64.StdEncoding.EncodeToString(payload))
		if !raw {
			encoded = zipped(payload)
		}
		decoded, err := Decode(secretOf(encoded), limits)
		if err != nil {
			if !problem.HasCode(err, problem.ReleaseUnreadable) {
				t.Fatalf("not a problem of the record: %v", err)
			}
			return
		}
		touch(decoded)
		text, err := json.Marshal(decoded)
		if err != nil {
			t.Fatalf("it cannot be written again: %v", err)
		}
		if _, err := Decode(secretOf(zipped(text)), limits); err != nil {
			t.Fatalf("it cannot be read again: %v", err)
		}
	})
}

// touch accesses what Helm's code accesses without checks.
func touch(decoded *release.Release) {
	_ = decoded.Info.Status.String()
	_ = decoded.Chart.Name() + decoded.Chart.Metadata.Version + decoded.Chart.AppVersion()
	decoded.SetStatus(decoded.Info.Status, decoded.Info.Description)
	for _, hook := range decoded.Hooks {
		_ = hook.Name + string(hook.LastRun.Phase)
		_ = hook.LastRun.StartedAt.IsZero()
	}
	for _, dependency := range decoded.Chart.Metadata.Dependencies {
		_ = dependency.Name
	}
	for _, file := range append(decoded.Chart.Templates, decoded.Chart.Files...) {
		_ = file.Name
	}
	_ = helmchart.APIVersionV1
}
