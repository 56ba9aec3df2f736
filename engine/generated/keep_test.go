package generated

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"text/template"
	"time"

	"helm.sh/helm/v4/pkg/chart/common"
	chartutil "helm.sh/helm/v4/pkg/chart/common/util"
	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	helmengine "helm.sh/helm/v4/pkg/engine"
	"sigs.k8s.io/yaml"
)

// files are templates by name.
type files map[string]string

// render renders templates as Helm does.
func (f files) render(t *testing.T, values map[string]any, functions template.FuncMap) (map[string]string, error) {
	t.Helper()
	chart := &helmchart.Chart{Metadata: &helmchart.Metadata{Name: "c", Version: "1"}}
	for name, content := range f {
		chart.Templates = append(chart.Templates, &common.File{Name: "templates/" + name, Data: []byte(content)})
	}
	given, err := chartutil.ToRenderValues(chart, copied(t, values), common.ReleaseOptions{Name: "rel"}, common.DefaultCapabilities)
	if err != nil {
		t.Fatal(err)
	}
	return helmengine.Engine{CustomTemplateFuncs: functions}.RenderWithContext(t.Context(), chart, given)
}

func copied(t *testing.T, values map[string]any) map[string]any {
	t.Helper()
	text, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	copied := map[string]any{}
	if err := json.Unmarshal(text, &copied); err != nil {
		t.Fatal(err)
	}
	return copied
}

func parse(text string) []map[string]any {
	object := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &object, func(d *json.Decoder) *json.Decoder { d.UseNumber(); return d }); err != nil || len(object) == 0 {
		return nil
	}
	return []map[string]any{object}
}

// release is the rendering of a chart.
type release struct {
	t           *testing.T
	chart       files
	values      map[string]any
	files       map[string]string
	regenerated []Regenerated
}

// install renders like Helm.
func install(t *testing.T, chart files, values map[string]any) *release {
	t.Helper()
	rendered, err := chart.render(t, values, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &release{t: t, chart: chart, values: values, files: rendered}
}

// upgrade renders with other values and keeps what can be kept.
func (r *release) upgrade(values map[string]any) *release {
	r.t.Helper()
	return r.upgradeAfter(0, values)
}

func (r *release) upgradeAfter(days int, values map[string]any) *release {
	r.t.Helper()
	texts, regenerated, err := Keep(Change{
		Old: func(functions template.FuncMap) (map[string]string, error) {
			return r.chart.render(r.t, r.values, functions)
		},
		New: func(functions template.FuncMap) (map[string]string, error) {
			return r.chart.render(r.t, values, functions)
		},
		Recorded: slices.Collect(maps.Values(r.files)), Objects: parse, Now: time.Now().AddDate(0, 0, days),
		Write: func(object map[string]any) (string, error) {
			text, err := yaml.Marshal(object)
			return string(text), err
		},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return &release{t: r.t, chart: r.chart, values: values, files: texts, regenerated: regenerated}
}

// at reads a value; Secret data are decoded.
func (r *release) at(file string, path ...string) string {
	r.t.Helper()
	found := parse(r.files["c/templates/"+file])
	if len(found) == 0 {
		r.t.Fatalf("%s is not an object: %s", file, r.files["c/templates/"+file])
	}
	steps := []any{}
	for _, step := range path {
		steps = append(steps, step)
	}
	value, there := valueAt(found[0], steps)
	text, isText := textOf(value)
	if !there || !isText {
		r.t.Fatalf("nothing at %v in %v", path, found[0])
	}
	if path[0] == "data" && found[0]["kind"] == "Secret" {
		return decoded(text)
	}
	return text
}

func secret(data string) string {
	return "apiVersion: v1\nkind: Secret\nmetadata: {name: s} # a comment\ndata:\n" + data
}

func config(data string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n" + data
}

func workload(annotations string) string {
	return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: w} # a comment\nspec:\n  template:\n    metadata:\n      annotations:\n" + annotations
}

func checksumOf(file string) string {
	return "        checksum/" + file + ": {{ include (print $.Template.BasePath \"/" + file + ".yaml\") . | sha256sum }}\n"
}

// TestNothingGeneratedChanges changes a value that generated texts do not depend on: everything rendered stays, byte
// for byte, except for the one object that shows the value.
func TestNothingGeneratedChanges(t *testing.T) {
	for name, data := range map[string]string{
		"letters and digits":      `  p: {{ randAlphaNum 16 | b64enc }}`,
		"letters":                 `  p: {{ randAlpha 12 | b64enc | quote }}`,
		"digits":                  `  p: {{ randNumeric 9 | b64enc }}`,
		"printable":               `  p: {{ randAscii 20 | b64enc }}`,
		"few characters":          `  p: {{ randAlphaNum 3 | b64enc }}`,
		"bytes":                   `  p: {{ randBytes 24 }}`,
		"a number":                `  p: {{ randInt 10000 99999 | toString | b64enc }}`,
		"shuffled":                `  p: {{ printf "%s%s" (randAlpha 8) (randNumeric 4) | shuffle | b64enc }}`,
		"an identifier":           `  p: {{ uuidv4 | b64enc }}`,
		"a key":                   `  p: {{ genPrivateKey "ecdsa" | b64enc }}`,
		"a hash":                  `  p: {{ bcrypt "secret" | b64enc }}`,
		"a line of users":         `  p: {{ htpasswd "admin" "secret" | b64enc }}`,
		"a hash of something new": `  p: {{ htpasswd "admin" (randAlphaNum 12) | b64enc }}`,
		"ciphered":                `  p: {{ encryptAES "key" "plain" | b64enc }}`,
		"deciphered":              `  p: {{ encryptAES "key" (randAlphaNum 9) | decryptAES "key" | b64enc }}`,
		"small letters":           `  p: {{ randAlphaNum 16 | lower | b64enc }}`,
		"cut":                     `  p: {{ randAlphaNum 16 | trunc 9 | b64enc }}`,
		"a sum":                   `  p: {{ randAlphaNum 16 | sha256sum | b64enc }}`,
		"in a template of values": `  p: {{ tpl .Values.template . | b64enc }}`,
		"a certificate":           "{{ $c := genSelfSignedCert \"cn\" nil (list \"a\" \"b\") 30 }}\n  p: {{ $c.Cert | b64enc }}\n  k: {{ $c.Key | b64enc }}",
		"an authority": "{{ $a := genCA \"ca\" 30 }}{{ $c := genSignedCert \"cn\" nil nil 30 $a }}\n  a: {{ $a.Cert | b64enc }}\n" +
			"  p: {{ $c.Cert | b64enc }}\n  k: {{ $c.Key | b64enc }}",
		"an authority as given": "{{ $a := genCA \"ca\" 30 }}{{ $b := buildCustomCert ($a.Cert | b64enc) ($a.Key | b64enc) }}" +
			"{{ $c := genSignedCert \"cn\" nil nil 30 $b }}\n  p: {{ $c.Cert | b64enc }}\n  k: {{ $c.Key | b64enc }}",
		"once more in base64": `  p: {{ printf "{\"auth\": \"%s\"}" (printf "u:%s" (randAlphaNum 9) | b64enc) | b64enc }}`,
	} {
		t.Run(name, func(t *testing.T) {
			before := install(t, files{
				"s.yaml": secret(data + "\n"), "c.yaml": config("  size: {{ .Values.size }}\n"), "w.yaml": workload(checksumOf("s")),
			}, map[string]any{"size": "small", "template": "{{ randAlphaNum 7 }}"})
			after := before.upgrade(map[string]any{"size": "big", "template": "{{ randAlphaNum 7 }}"})
			if after.at("c.yaml", "data", "size") != "big" {
				t.Error("the change was not made")
			}
			for _, file := range []string{"s.yaml", "w.yaml"} {
				if text := after.files["c/templates/"+file]; text != before.files["c/templates/"+file] {
					t.Errorf("%s changed:\n%s\n%s", file, before.files["c/templates/"+file], text)
				}
			}
			if len(after.regenerated) != 0 {
				t.Errorf("warned of %v", after.regenerated)
			}
			if again := after.upgrade(before.values); !reflect.DeepEqual(again.files, before.files) {
				t.Errorf("the way back: %v, %v", again.files, before.files)
			}
		})
	}
}

func TestWhatDependsOnTheChangeIsNew(t *testing.T) {
	before := install(t, files{
		"s.yaml": secret("  p: {{ randAlphaNum (.Values.length | int) | b64enc }}\n  h: {{ htpasswd \"u\" .Values.password | b64enc }}\n  q: {{ randAlphaNum 9 | b64enc }}\n"),
		"w.yaml": workload(checksumOf("s")),
	}, map[string]any{"length": 12, "password": "one"})
	after := before.upgrade(map[string]any{"length": 12, "password": "two"})
	if after.at("s.yaml", "data", "p") != before.at("s.yaml", "data", "p") || after.at("s.yaml", "data", "q") != before.at("s.yaml", "data", "q") {
		t.Error("a password changed")
	}
	if after.at("s.yaml", "data", "h") == before.at("s.yaml", "data", "h") || len(after.regenerated) != 0 {
		t.Error("the hash of another password is the same", after.regenerated)
	}
	sum := []string{"spec", "template", "metadata", "annotations", "checksum/s"}
	if after.at("w.yaml", sum...) == before.at("w.yaml", sum...) {
		t.Error("the sum over a hash that changed is the same")
	}
	longer := after.upgrade(map[string]any{"length": 20, "password": "two"})
	if len(longer.at("s.yaml", "data", "p")) != 20 || longer.at("s.yaml", "data", "h") != after.at("s.yaml", "data", "h") {
		t.Error("a longer password")
	}
	if len(longer.regenerated) != 1 || longer.regenerated[0].Path != "/data/p" || longer.regenerated[0].Object.Kind != "Secret" {
		t.Errorf("%+v", longer.regenerated)
	}
}

// TestOnePasswordStaysOne has a password next to a changed value, in several places.
func TestOnePasswordStaysOne(t *testing.T) {
	before := install(t, files{
		"_p.tpl": `{{ define "p" }}{{ if not (hasKey .Values "made") }}{{ $_ := set .Values "made" (randAlphaNum 16) }}{{ end }}{{ .Values.made }}{{ end }}`,
		"s.yaml": secret(`  p: {{ include "p" . | b64enc }}` + "\n" + `  h: {{ htpasswd .Values.user (include "p" .) | b64enc }}` + "\n"),
		"c.yaml": config(`  url: "pg://{{ .Values.user }}:{{ include "p" . }}@host"` + "\n" +
			"  file: |\n    user = {{ .Values.user }}\n    password = {{ include \"p\" . }}\n    {{- range .Values.more }}\n    {{ . }} = {{ randAlphaNum 10 }}\n    {{- end }}\n"),
	}, map[string]any{"user": "u", "more": []any{"b", "d"}})
	password := before.at("s.yaml", "data", "p")
	after := before.upgrade(map[string]any{"user": "v", "more": []any{"a", "b", "c", "d"}})
	if after.at("s.yaml", "data", "p") != password || after.at("c.yaml", "data", "url") != "pg://v:"+password+"@host" {
		t.Error("the password changed:", after.files)
	}
	line, _, _ := strings.Cut(after.at("s.yaml", "data", "h"), "$")
	if line != "v:" {
		t.Error(line)
	}
	lines := linesByKey(after.at("c.yaml", "data", "file"))
	was := linesByKey(before.at("c.yaml", "data", "file"))
	if lines["password"] != password || lines["b"] != was["b"] || lines["d"] != was["d"] || lines["user"] != "v" {
		t.Errorf("%v, not %v", lines, was)
	}
	if len(lines["a"]) != 10 || lines["a"] == was["b"] || lines["a"] == was["d"] || lines["c"] == was["d"] {
		t.Errorf("a user got the password of another: %v", lines)
	}
}

// TestTextsThatAreShownOtherwise has texts that templates transform, alone and next to a changed value.
func TestTextsThatAreShownOtherwise(t *testing.T) {
	for name, one := range map[string]struct {
		expression   string
		unrecognised bool
	}{
		"a number":       {expression: `randInt 1 99`},
		"few characters": {expression: `randAlphaNum 2`},
		"few digits":     {expression: `randNumeric 4`},
		"few bytes":      {expression: `randBytes 2`},
		"cut":            {expression: `randAlphaNum 16 | trunc 9`},
		"cut identifier": {expression: `uuidv4 | trunc 8`},
		"capitals":       {expression: `randAlphaNum 12 | upper`},
		"small letters":  {expression: `randAlphaNum 12 | lower`},
		"shuffled":       {expression: `printf "%s%s" (randAlpha 2) (randNumeric 2) | shuffle`},
		"the end":        {expression: `randAlphaNum 16 | trunc -9`, unrecognised: true},
		"calculated":     {expression: `randInt 1 99 | mul 1000`, unrecognised: true},
	} {
		t.Run(name, func(t *testing.T) {
			before := install(t, files{
				"s.yaml": secret("{{ $p := " + one.expression + " | toString }}  p: {{ $p | b64enc }}\n  q: {{ printf \"%s-%s-\" .Values.user $p | b64enc }}\n"),
				"c.yaml": config("  user: {{ .Values.user }}\n  password: {{ randAlphaNum 9 }}\n"), "w.yaml": workload(checksumOf("c")),
			}, map[string]any{"user": "one"})
			after := before.upgrade(map[string]any{"user": "other"})
			password := before.at("s.yaml", "data", "p")
			if after.at("s.yaml", "data", "p") != password || after.at("c.yaml", "data", "password") != before.at("c.yaml", "data", "password") {
				t.Errorf("a password changed:\n%v\n%v", before.files, after.files)
			}
			beside := after.at("s.yaml", "data", "q")
			if one.unrecognised {
				if len(after.regenerated) != 1 || after.regenerated[0].Path != "/data/q" {
					t.Errorf("%+v", after.regenerated)
				}
			} else if beside != "other-"+password+"-" || len(after.regenerated) != 0 {
				t.Errorf("%s beside %s, %+v", beside, password, after.regenerated)
			}
		})
	}
}

// TestWhatIsGeneratedLikeItsPlaceholder generates the very number that the analysis had in its place.
func TestWhatIsGeneratedLikeItsPlaceholder(t *testing.T) {
	const one, seven = "MTAwMA==", "NzAwMA=="
	before := install(t, files{
		"s.yaml": secret("  p: {{ randInt 1 2 | mul 1000 | toString | b64enc }}\n"),
		"c.yaml": config("  user: {{ .Values.user }}\n"),
	}, map[string]any{"user": "one"})
	if before.at("s.yaml", "data", "p") != "1000" {
		t.Fatal(before.files)
	}
	before.files["c/templates/s.yaml"] = strings.ReplaceAll(before.files["c/templates/s.yaml"], one, seven)
	if after := before.upgrade(map[string]any{"user": "other"}); after.at("s.yaml", "data", "p") != "7000" {
		t.Error("the password changed:", after.files)
	}
}

func linesByKey(text string) map[string]string {
	found := map[string]string{}
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), " = ")
		found[key] = value
	}
	return found
}

// TestAddedUsers adds a user before others in a Secret: each keeps its password, and other workloads do not restart.
func TestAddedUsers(t *testing.T) {
	before := install(t, files{
		"c.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: users}\nstringData:\n{{ range .Values.users }}  {{ . }}: {{ randAlphaNum 10 }}\n{{ end }}",
		"s.yaml": secret("  p: {{ randAlphaNum 10 | b64enc }}\n"), "w.yaml": workload(checksumOf("s")),
	}, map[string]any{"users": []any{"bob", "dan"}})
	after := before.upgrade(map[string]any{"users": []any{"al", "bob", "dan"}})
	for _, user := range []string{"bob", "dan"} {
		if after.at("c.yaml", "stringData", user) != before.at("c.yaml", "stringData", user) {
			t.Errorf("%s has another password", user)
		}
	}
	if al := after.at("c.yaml", "stringData", "al"); al == before.at("c.yaml", "stringData", "bob") || al == before.at("c.yaml", "stringData", "dan") {
		t.Error("al has the password of another")
	}
	if after.files["c/templates/w.yaml"] != before.files["c/templates/w.yaml"] || len(after.regenerated) != 0 {
		t.Error("a workload restarts", after.regenerated)
	}
}

// TestCertificatesFitTheirAuthority changes the names of one certificate: it is signed by the same authority if its key
// is known, and otherwise by a new one, which then appears everywhere.
func TestCertificatesFitTheirAuthority(t *testing.T) {
	for name, key := range map[string]string{"key recorded": "  ak: {{ $a.Key | b64enc }}\n", "key unknown": ""} {
		t.Run(name, func(t *testing.T) {
			before := install(t, files{
				"s.yaml": secret("{{ $a := genCA \"ca\" 30 }}{{ $c := genSignedCert .Values.host nil nil 30 $a }}{{ $d := genSignedCert \"d\" nil nil 30 $a }}\n" +
					"  a: {{ $a.Cert | b64enc }}\n" + key + "  c: {{ $c.Cert | b64enc }}\n  ck: {{ $c.Key | b64enc }}\n" +
					"  d: {{ $d.Cert | b64enc }}\n  dk: {{ $d.Key | b64enc }}\n  p: {{ randAlphaNum 10 | b64enc }}\n"),
			}, map[string]any{"host": "one"})
			after := before.upgrade(map[string]any{"host": "two"})
			isKept := key != ""
			for part, kept := range map[string]bool{"a": isKept, "c": false, "ck": false, "d": isKept, "dk": isKept, "p": true} {
				if same := after.at("s.yaml", "data", part) == before.at("s.yaml", "data", part); same != kept {
					t.Errorf("%s kept: %v", part, same)
				}
			}
			for _, part := range []string{"c", "d"} {
				verify(t, after.at("s.yaml", "data", part), after.at("s.yaml", "data", "a"))
			}
			if isKept != (len(after.regenerated) == 0) {
				t.Errorf("%+v", after.regenerated)
			}
		})
	}
}

// TestCertificatesAreRenewed upgrades when a certificate is about to expire: it is renewed, by its authority, and the
// pods that use it restart; passwords stay.
func TestCertificatesAreRenewed(t *testing.T) {
	for name, key := range map[string]string{"key recorded": "  ak: {{ $a.Key | b64enc }}\n", "key unknown": ""} {
		t.Run(name, func(t *testing.T) {
			before := install(t, files{
				"s.yaml": secret("{{ $a := genCA \"ca\" 300 }}{{ $c := genSignedCert \"c\" nil nil 30 $a }}\n" +
					"  a: {{ $a.Cert | b64enc }}\n" + key + "  c: {{ $c.Cert | b64enc }}\n  p: {{ randAlphaNum 10 | b64enc }}\n"),
				"w.yaml": workload(checksumOf("s")),
			}, map[string]any{})
			if early := before.upgradeAfter(19, map[string]any{"x": "y"}); !reflect.DeepEqual(early.files, before.files) {
				t.Error("renewed while two thirds of its time are not over")
			}
			late := before.upgradeAfter(21, map[string]any{"x": "y"})
			for part, kept := range map[string]bool{"a": key != "", "c": false, "p": true} {
				if same := late.at("s.yaml", "data", part) == before.at("s.yaml", "data", part); same != kept {
					t.Errorf("%s kept: %v", part, same)
				}
			}
			verify(t, late.at("s.yaml", "data", "c"), late.at("s.yaml", "data", "a"))
			if late.files["c/templates/w.yaml"] == before.files["c/templates/w.yaml"] {
				t.Error("pods go on with the old certificate")
			}
		})
	}
}

func TestWhatIsMeantToBeNewEachTime(t *testing.T) {
	job := "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: j-{{ $n := randAlphaNum 8 | lower }}{{ $n }}\n  labels: {run: j-{{ $n }}}\nspec: {image: {{ .Values.image }}}\n"
	before := install(t, files{
		"w.yaml": workload("        rollme: {{ randAlphaNum 5 }}\n        at: {{ now | date \"20060102\" | quote }}\n"), "j.yaml": job,
		"s.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: s-{{ randAlphaNum 6 | lower }}}\nstringData: {image: {{ .Values.image }}, p: {{ randAlphaNum 8 }}}\n",
	}, map[string]any{"image": "one", "other": 1})
	same := before.upgrade(map[string]any{"image": "one", "other": 2})
	if same.files["c/templates/j.yaml"] != before.files["c/templates/j.yaml"] {
		t.Error("a job that did not change has another name")
	}
	rollme := []string{"spec", "template", "metadata", "annotations", "rollme"}
	if same.at("w.yaml", rollme...) == before.at("w.yaml", rollme...) {
		t.Error("pods that are to roll at each upgrade do not")
	}
	changed := before.upgrade(map[string]any{"image": "two", "other": 1})
	name := changed.at("j.yaml", "metadata", "name")
	if name == before.at("j.yaml", "metadata", "name") || changed.at("j.yaml", "metadata", "labels", "run") != name {
		t.Error("a job that changed has the same name, or another one in its label")
	}
	if changed.at("s.yaml", "metadata", "name") != before.at("s.yaml", "metadata", "name") ||
		changed.at("s.yaml", "stringData", "p") != before.at("s.yaml", "stringData", "p") {
		t.Error("a Secret with a generated name was replaced")
	}
	if len(changed.regenerated) != 0 {
		t.Errorf("%+v", changed.regenerated)
	}
}

func TestChartsThatCannotBeSeenThrough(t *testing.T) {
	// 60 random characters contain at least one capital letter; placeholders have none.
	chart := files{"s.yaml": secret(`  p: {{ if regexMatch "[A-Z]" (randAlphaNum 60) }}{{ uuidv4 | b64enc }}{{ end }}` + "\n")}
	render := func(functions template.FuncMap) (map[string]string, error) {
		return chart.render(t, map[string]any{}, functions)
	}
	recorded := slices.Collect(maps.Values(install(t, chart, map[string]any{}).files))
	if _, _, err := Keep(Change{Old: render, New: render, Recorded: recorded, Objects: parse, Now: time.Now()}); !errors.Is(err, errOtherCalls) {
		t.Error(err)
	}
}

func TestChartsThatGenerateNothing(t *testing.T) {
	before := install(t, files{"c.yaml": config("  a: {{ .Values.a }}\n  b: {{ if false }}{{ randAlphaNum 5 }}{{ end }}\n")}, map[string]any{"a": "one"})
	if after := before.upgrade(map[string]any{"a": "two"}); after.at("c.yaml", "data", "a") != "two" || len(after.regenerated) != 0 {
		t.Error(after.files)
	}
}

// TestEditsKeepOtherBytes has checksums, which are written into the rendering.
func TestEditsKeepOtherBytes(t *testing.T) {
	sum := "{{ randAlphaNum 9 | sha256sum }}"
	before := install(t, files{"c.yaml": "# first\n---\n" + config("  a:   "+sum+" # here\n  size: '{{ .Values.size }}'\n") + "---\n" +
		strings.Replace(config("  a: "+sum+"\n"), "name: c", "name: d", 1)}, map[string]any{"size": "one"})
	after := before.upgrade(map[string]any{"size": "two"})
	if want := strings.Replace(before.files["c/templates/c.yaml"], "'one'", "'two'", 1); after.files["c/templates/c.yaml"] != want {
		t.Errorf("%s\n%s", after.files["c/templates/c.yaml"], want)
	}
}
