package rendering

import (
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

func TestQuantitiesThatNothingHasAreRefused(t *testing.T) {
	of := func(spec string) []manifest.Document {
		text := "---\n# Source: web/templates/a.yaml\napiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: " + spec + "\n"
		return manifest.DocumentsOf(text, "shop", func(schema.GroupKind) bool { return true })
	}
	for spec, field := range map[string]string{
		`{containers: [{resources: {requests: {memory: "1e99999999999"}}}]}`: "spec.containers[0].resources.requests.memory",
		`{volumes: [{emptyDir: {sizeLimit: "1E-1000"}}]}`:                    "spec.volumes[0].emptyDir.sizeLimit",
	} {
		refused := problemtest.Want(t, CheckQuantities(of(spec)), problem.ManifestInvalid)
		if refused.Field != field || refused.Object.Name != "web" || refused.Details["file"] != "web/templates/a.yaml" {
			t.Errorf("%s: %+v", spec, refused)
		}
	}
	for _, spec := range []string{
		`{containers: [{env: [{name: A, value: "1e99999999999"}], resources: {requests: {memory: "1e400"}, limits: {cpu: 1e3, memory: "1Ei"}}}]}`, `{}`,
	} {
		if err := CheckQuantities(of(spec)); err != nil {
			t.Errorf("%s: %v", spec, err)
		}
	}
}
