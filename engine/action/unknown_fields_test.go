package action

import (
	"math"
	"runtime"
	"strings"
	"testing"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/jsontext/jsontest"
	"walm.io/engine/manifest"
)

const disks = `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: web
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      flavour: [sweet]
      containers: [{name: web, image: "nginx:1"}]
      volumes:
      - {name: log, tosDisk: {name: log, storageType: silver, capability: 100Gi, accessMode: ReadWriteOnce}}
      - {name: tmp, emptyDir: {}}
      - {name: plain, emptyDir: {}, tosDisk: {storageType: silver}}
`

func TestUnknownFieldsBecomeWarnings(t *testing.T) {
	kept := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name:   kept} # as written\n"
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{
		"a.yaml": kept + "---\n" + charttest.ConfigMap("b", "colour: red\ndata: {a: b}\n"), "web.yaml": disks,
	})})
	namespace := newNamespace(t, services)
	installed, err := services.Install(t.Context(), installation(namespace, "rel", "web"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(installed.Manifest, "# Source: web/templates/a.yaml\n"+kept) || strings.Contains(installed.Manifest, "colour") || strings.Contains(installed.Manifest, "tosDisk") {
		t.Errorf("manifest %s", installed.Manifest)
	}
	volumes, _ := manifest.MapAt(installed.Objects[2].Object, "spec", "template", "spec")["volumes"].([]any)
	want := `[{"ephemeral":{"volumeClaimTemplate":{"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"100Gi"}},"storageClassName":"silver"}}},"name":"log"},` +
		`{"emptyDir":{},"name":"tmp"},{"emptyDir":{},"name":"plain"}]`
	if got := jsontest.Of(t, volumes); got != want {
		t.Errorf("volumes %s", got)
	}
	op, err := services.begin(t.Context(), Target{Namespace: namespace, Name: "rel"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"web/templates/web.yaml": disks}
	if err := op.rendering.WithoutUnknownFields(files); err != nil {
		t.Fatal(err)
	}
	said := []string{}
	for _, warning := range op.warnings {
		said = append(said, warning.Code+" "+warning.Object.Kind+" "+warning.Object.Namespace+"/"+warning.Object.Name+" "+warning.Path)
	}
	if got := strings.ReplaceAll(strings.Join(said, "\n"), namespace, "ns"); got != `FIELD_REMOVED StatefulSet ns/web /spec/template/spec/flavour
VOLUME_CONVERTED StatefulSet ns/web /spec/template/spec/volumes/0/tosDisk
FIELD_REMOVED StatefulSet ns/web /spec/template/spec/volumes/2/tosDisk` {
		t.Errorf("warnings\n%s", got)
	}
}

func TestLookingForUnknownFieldsParsesNoSchemaAgain(t *testing.T) {
	services := testServices(t, charttest.Charts{})
	op, err := services.begin(t.Context(), Target{Namespace: "default", Name: "rel"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	plain := strings.NewReplacer("      flavour: [sweet]\n", "", ", tosDisk: {storageType: silver}", "", "tosDisk: {name: log, storageType: silver, capability: 100Gi, accessMode: ReadWriteOnce}", "emptyDir: {}").Replace(disks)
	files := map[string]string{}
	for index := range 7 {
		files["web/templates/"+strings.Repeat("a", index+1)+".yaml"] = plain
	}
	look := func() {
		if err := op.rendering.WithoutUnknownFields(files); err != nil {
			t.Fatal(err)
		}
	}
	look()
	if len(op.warnings) > 0 {
		t.Fatalf("warnings %v", op.warnings)
	}
	allocated := uint64(math.MaxUint64)
	for range 5 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		look()
		runtime.ReadMemStats(&after)
		// What else goes on in this process counts, too, but not each time.
		allocated = min(allocated, after.TotalAlloc-before.TotalAlloc)
	}
	t.Logf("%d KiB", allocated>>10)
	// Parsing the schemas again takes many times as long.
	if allocated > 4<<20 {
		t.Errorf("seven objects take %d KiB of memory", allocated>>10)
	}
}
