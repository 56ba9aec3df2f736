package record

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	release "helm.sh/helm/v4/pkg/release/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/engine/problem"
)

// whole is the JSON of a small release, web in demo, revision 2.
func whole() map[string]any {
	return map[string]any{
		"name": "web", "namespace": "demo", "version": 2,
		"info": map[string]any{
			"first_deployed": "2026-01-02T03:04:05Z", "last_deployed": "2026-01-02T03:04:06Z", "deleted": "",
			"status": "deployed", "description": "Upgrade complete",
		},
		"chart": map[string]any{
			"metadata":  map[string]any{"name": "web", "version": "1.0.0", "apiVersion": "v2"},
			"templates": []any{map[string]any{"name": "templates/a.yaml", "data": "YTogYg=="}},
			"values":    map[string]any{"replicas": 1},
		},
		"config":   map[string]any{"replicas": 2},
		"manifest": "---\n# Source: web/templates/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n",
		"hooks":    []any{},
	}
}

func zipped(text []byte) []byte {
	var buffer bytes.Buffer
	writer, _ := gzip.NewWriterLevel(&buffer, gzip.BestCompression)
	_, _ = writer.Write(text)
	_ = writer.Close()
	return []byte(base64.StdEncoding.EncodeToString(buffer.Bytes()))
}

// secretOf is the Secret of revision 2 of web in demo with this payload.
func secretOf(payload []byte) *corev1.Secret {
	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "demo", Name: "sh.helm.release.v1.web.v2", UID: "u", ResourceVersion: "7",
			Labels: map[string]string{"owner": "helm", "name": "web", "version": "2", "status": "deployed", "team": "a"},
		},
		Type: secretType,
		Data: map[string][]byte{payloadKey: payload},
	}
}

func secretWith(t testing.TB, change func(release map[string]any)) *corev1.Secret {
	t.Helper()
	made := whole()
	change(made)
	text, err := json.Marshal(made)
	if err != nil {
		t.Fatal(err)
	}
	return secretOf(zipped(text))
}

func TestARecordIsDecodedAsHelmDoes(t *testing.T) {
	decoded, err := Decode(secretWith(t, func(map[string]any) {}), DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if decoded.Name != "web" || decoded.Version != 2 || decoded.Config["replicas"] != 2.0 || decoded.Chart.Name() != "web" {
		t.Errorf("decoded %+v", decoded)
	}
	if !maps.Equal(decoded.Labels, map[string]string{"team": "a"}) {
		t.Errorf("labels %v", decoded.Labels)
	}
	text, err := json.Marshal(whole())
	if err != nil {
		t.Fatal(err)
	}
	// Helm 2 did not compress.
	if _, err := Decode(secretOf([]byte(base64.StdEncoding.EncodeToString(text))), DefaultLimits()); err != nil {
		t.Errorf("uncompressed: %v", err)
	}
}

func TestALabelThatSaysAnotherStatusThanTheRecordMakesItUnreadable(t *testing.T) {
	reading := DefaultReading(0)
	for _, label := range []string{"uninstalled", "superseded", "failed", "", "Deployed"} {
		secret := secretWith(t, func(map[string]any) {})
		secret.Labels["status"] = label
		if _, err := Decode(secret, DefaultLimits()); !problem.HasCode(err, problem.ReleaseUnreadable) || !strings.Contains(err.Error(), "label status") {
			t.Errorf("%q: %v", label, err)
		}
		// Also where the content is remembered from a record that said the same twice.
		store, cluster := storeOf(t.Context(), reading, secretWith(t, func(map[string]any) {}))
		if _, err := store.Get(secret.Name); err != nil {
			t.Fatal(err)
		}
		if _, err := cluster.CoreV1().Secrets("demo").Update(t.Context(), secret, metav1.UpdateOptions{}); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Get(secret.Name); !problem.HasCode(err, problem.ReleaseUnreadable) {
			t.Errorf("%q, remembered: %v", label, err)
		}
	}
	if _, err := Decode(secretWith(t, set("info.status", "uninstalled")), DefaultLimits()); !problem.HasCode(err, problem.ReleaseUnreadable) {
		t.Errorf("a label that says deployed: %v", err)
	}
}

func set(path string, value any) func(map[string]any) {
	return func(made map[string]any) {
		keys := strings.Split(path, ".")
		at := made
		for _, key := range keys[:len(keys)-1] {
			at = at[key].(map[string]any)
		}
		at[keys[len(keys)-1]] = value
	}
}

func nested(depth int) any {
	var value any = "leaf"
	for range depth {
		value = map[string]any{"a": value}
	}
	return value
}

func repeated(text string, count int) string { return strings.Repeat(text, count) }

// aliases is a document of few bytes that expands to a billion values.
func aliases() string {
	text := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nx0: &x0 [1,1,1,1,1,1,1,1,1,1]\n"
	for level := range 9 {
		text += fmt.Sprintf("x%d: &x%d [*x%d,*x%d,*x%d,*x%d,*x%d,*x%d,*x%d,*x%d,*x%d,*x%d]\n", level+1, level+1,
			level, level, level, level, level, level, level, level, level, level)
	}
	return text
}

func TestWhatIsNoRecordOfItsPlaceIsUnreadable(t *testing.T) {
	manyHooks := make([]any, 10_001)
	for index := range manyHooks {
		manyHooks[index] = map[string]any{"name": "h", "manifest": "kind: Job"}
	}
	for name, test := range map[string]struct {
		change func(map[string]any)
		want   string
	}{
		"another namespace":       {set("namespace", "other"), "namespace \"other\""},
		"no namespace":            {set("namespace", nil), "namespace \"\""},
		"another name":            {set("name", "other"), "release \"other\""},
		"another revision":        {set("version", 3), "revision 3"},
		"null info":               {set("info", nil), "no info"},
		"info of a wrong type":    {set("info", "x"), "not the JSON of a release"},
		"an unknown status":       {set("info.status", "fine"), "its status is"},
		"a NaN date":              {set("info.last_deployed", "NaN"), "not the JSON of a release"},
		"a date of no calendar":   {set("info.last_deployed", "0000-01-01T00:00:00+23:00"), "calendar"},
		"null chart":              {set("chart", nil), "no chart"},
		"null metadata":           {set("chart.metadata", nil), "no metadata"},
		"null in dependencies":    {set("chart.metadata", map[string]any{"name": "a", "dependencies": []any{nil}}), "hold a null"},
		"null in maintainers":     {set("chart.metadata", map[string]any{"name": "a", "maintainers": []any{nil}}), "hold a null"},
		"null in the lock":        {set("chart.lock", map[string]any{"dependencies": []any{nil}}), "holds a null"},
		"null template":           {set("chart.templates", []any{nil}), "files of its chart is null"},
		"null file":               {set("chart.files", []any{nil}), "files of its chart is null"},
		"null hook":               {set("hooks", []any{nil}), "hooks is null"},
		"manifest of a map":       {set("manifest", map[string]any{}), "not the JSON of a release"},
		"config of a list":        {set("config", []any{}), "not the JSON of a release"},
		"deep values":             {set("config", map[string]any{"a": nested(66)}), "deeper than 64"},
		"deep defaults":           {set("chart.values", map[string]any{"a": nested(200)}), "deeper than 64"},
		"many values":             {set("config", map[string]any{"a": make([]int, 300_000)}), "more than 250000 values"},
		"large values":            {set("config", map[string]any{"a": repeated("x", 5<<20)}), "values are larger"},
		"large defaults":          {set("chart.values", map[string]any{"a": repeated("x", 5<<20)}), "values of its chart are larger"},
		"a large schema":          {set("chart.schema", make([]byte, 5<<20)), "schema and metainfo"},
		"a deep schema":           {set("chart.schema", []byte(repeated("[", 200)+repeated("]", 200))), "schema of its chart nests deeper than 128"},
		"large notes":             {set("info.notes", repeated("x", 2<<20)), "notes are larger"},
		"a large description":     {set("info.description", repeated("x", 1<<20)), "description is larger"},
		"a million documents":     {set("manifest", repeated("---\na: 1\n", 1_000_000)), "more than 10000 documents"},
		"documents without space": {set("manifest", repeated("---a: 1\n", 20_000)), "more than 10000 documents"},
		"many hooks":              {set("hooks", manyHooks), "more than 10000 documents"},
		"a large document":        {set("manifest", "a: "+repeated("x", 5<<20)), "documents is larger"},
		"a list of many objects":  {set("manifest", "kind: List\nitems:\n"+repeated("- {kind: A}\n", 10_001)), "more than 10000 objects"},
		"lists in a list":         {set("manifest", "kind: List\nitems:\n- kind: List\n  items:\n"+repeated("  - {kind: A}\n", 10_001)), "more than 10000 objects"},
		"aliases":                 {set("manifest", aliases()), "YAML nodes"},
		"an alias of itself":      {set("manifest", "a: &a\n  b: *a\n"), "contains itself"},
	} {
		t.Run(name, func(t *testing.T) {
			decoded, err := Decode(secretWith(t, test.change), DefaultLimits())
			wantUnreadable(t, decoded, err, test.want)
		})
	}
}

func wantUnreadable(t *testing.T, decoded *release.Release, err error, want string) {
	t.Helper()
	found, ok := problem.From(err)
	if decoded != nil || !ok || found.Code != problem.ReleaseUnreadable || !strings.Contains(found.Message, want) {
		t.Fatalf("want %q, got %v", want, err)
	}
	if reason, _ := found.Details["reason"].(string); reason == "" || len(found.Message) > 600 {
		t.Errorf("reason %q in %d bytes", reason, len(found.Message))
	}
}

func TestWhatIsInASecretIsCheckedBeforeItIsDecoded(t *testing.T) {
	zeros := zipped(make([]byte, 33<<20))
	for name, test := range map[string]struct {
		payload []byte
		want    string
	}{
		"nothing":            {nil, "not the JSON"},
		"no base64":          {[]byte("***"), "not base64"},
		"no gzip":            {[]byte(base64.StdEncoding.EncodeToString([]byte{0x1f, 0x8b, 0x08, 1, 2, 3})), "gzip"},
		"a cut gzip":         {zipped(make([]byte, 1000))[:24], "gzip"},
		"compressed zeros":   {zeros, "larger than 32 MiB"},
		"zeros in members":   {[]byte(base64.StdEncoding.EncodeToString(bytes.Repeat(gzipOf(1<<20), 40))), "larger than 32 MiB"},
		"too much base64":    {make([]byte, 4<<20), "larger than 32 MiB"},
		"null":               {zipped([]byte("null")), "namespace"},
		"a list":             {zipped([]byte("[]")), "not the JSON"},
		"brackets":           {zipped(bytes.Repeat([]byte("["), 1<<20)), "deeper"},
		"many empty objects": {zipped(append([]byte(`{"x":[{}`), bytes.Repeat([]byte(",{}"), 1<<20)...)), "more than 250000"},
		"an open text":       {zipped([]byte(`{"name":"`)), "not the JSON"},
		"null info":          {zipped([]byte(`{"info": null}`)), "namespace"},
		"names given twice": {zipped([]byte(`{"namespace":"demo","name":"web","version":2,"info":{"status":"deployed"},` +
			`"chart":{"metadata":{"name":"a"}},"NAMESPACE":"other"}`)), "namespace \"other\""},
	} {
		t.Run(name, func(t *testing.T) {
			decoded, err := Decode(secretOf(test.payload), DefaultLimits())
			wantUnreadable(t, decoded, err, test.want)
		})
	}
}

func gzipOf(zeros int) []byte {
	content, _ := base64.StdEncoding.DecodeString(string(zipped(make([]byte, zeros))))
	return content
}

func TestLabelsThatSpeakOfAnotherRecordMakeItUnreadable(t *testing.T) {
	for _, change := range []func(*corev1.Secret){
		func(secret *corev1.Secret) { secret.Labels["name"] = "other" },
		func(secret *corev1.Secret) { secret.Labels["version"] = "99" },
		func(secret *corev1.Secret) { delete(secret.Labels, "version") },
		func(secret *corev1.Secret) { secret.Type = "Opaque" },
	} {
		secret := secretWith(t, func(map[string]any) {})
		change(secret)
		decoded, err := Decode(secret, DefaultLimits())
		wantUnreadable(t, decoded, err, "its ")
	}
	secret := secretWith(t, func(map[string]any) {})
	secret.Name = "anything"
	if _, err := Decode(secret, DefaultLimits()); err == nil {
		t.Error("a Secret of another name was decoded")
	}
}

func TestPlacesAreReadFromNames(t *testing.T) {
	for name, want := range map[string]Place{
		"sh.helm.release.v1.web.v2":           {"demo", "web", 2},
		"sh.helm.release.v1.a.b.v1.v12":       {"demo", "a.b.v1", 12},
		"sh.helm.release.v1.web.v0":           {},
		"sh.helm.release.v1.web.v01":          {},
		"sh.helm.release.v1.web.v99999999999": {},
		"sh.helm.release.v1..v1":              {},
		"web.v1":                              {},
	} {
		got, ok := PlaceOf("demo", name)
		if !ok {
			got = Place{}
		}
		if got != want || (ok && got.SecretName() != name) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestWhatCanBeReadCanBeWrittenAndReadAgain(t *testing.T) {
	decoded, err := Decode(secretWith(t, func(map[string]any) {}), DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if err := Check(decoded, DefaultLimits()); err != nil {
		t.Error(err)
	}
	decoded.Manifest = repeated("---\na: 1\n", 10_001)
	if err := Check(decoded, DefaultLimits()); err == nil {
		t.Error("a release of too many documents passes")
	}
	if errors.Is(err, errTooLarge) {
		t.Error(err)
	}
}
