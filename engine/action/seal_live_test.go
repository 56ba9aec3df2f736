package action

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/manifest"
	"walm.io/engine/seal"
)

// sealedCharts are charts whose records are hard to reproduce: what Helm stores has to hash to what was sealed.
var sealedCharts = map[string]map[string]string{
	"plain":           {"cm.yaml": charttest.ConfigMap("plain", "data: {a: b}\n"), "NOTES.txt": "thanks"},
	"odd":             {"a.yaml": charttest.OddConfigMap, "b.yaml": "\n---\n" + charttest.ConfigMap("b", "") + "\n---\n\n---\n" + charttest.ConfigMap("c", "data: {x: \"é\\u2028<&>\"}\n")},
	"hooks":           {"hook.yaml": charttest.ConfigMap("hook", "  annotations: {helm.sh/hook: \"pre-install,post-upgrade\", helm.sh/hook-weight: \"-3\", helm.sh/hook-delete-policy: before-hook-creation}\n"), "cm.yaml": charttest.ConfigMap("cm", "")},
	"bare hooks":      {"hook.yaml": charttest.ConfigMap("hook", "  annotations: {helm.sh/hook: \"pre-install,post-upgrade\"}\n"), "cm.yaml": charttest.ConfigMap("cm", "")},
	"nothing":         {"NOTES.txt": "nothing"},
	"absent values":   {"cm.yaml": charttest.ConfigMap("cm", "data: {a: \"{{ .Values.no }}\", b: \"{{ .Values.such | quote }}\"}\n")},
	"a seal shipped":  {"rc.yaml": shippedSeal, "cm.yaml": charttest.ConfigMap("cm", "")},
	"a line like it":  {"cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm}\ndata:\n  text: |\n    walm.io/seal: v1.k1.x.y\n    walm.io/seal: z\n"},
	"in a list":       {"list.yaml": "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: apiextensions.transwarp.io/v1beta1, kind: ReleaseConfig, metadata: {name: \"{{ .Release.Name }}\"}, spec: {outputConfig: {a: b}}}\n"},
	"in a typed list": {"list.yaml": "apiVersion: apiextensions.transwarp.io/v1beta1\nkind: ReleaseConfigList\nitems:\n- {metadata: {name: \"{{ .Release.Name }}\"}, spec: {outputConfig: {a: b}}}\n", "cm.yaml": "apiVersion: v1\nkind: ConfigMap\nitems: [{apiVersion: v1, kind: ConfigMap, metadata: {name: wrapped}}]\n"},
	"another's name":  {"rc.yaml": strings.Replace(shippedSeal, "{{ .Release.Name }}", "other", 1)},
}

const shippedSeal = `apiVersion: apiextensions.transwarp.io/v1beta1
kind: ReleaseConfig
metadata:
  name: "{{ .Release.Name }}"
  annotations:
    walm.io/seal: v1.k1.forged.forged
spec: {outputConfig: {a: b}}
`

// notary creates seals and remembers what it was asked for.
type notary struct{ asked []seal.Facts }

func (n *notary) seal(_ context.Context, token string, facts seal.Facts) (string, error) {
	n.asked = append(n.asked, facts)
	return "v1.k1." + token + ".c2VhbA", nil
}

func factsConfig(name string) map[string]any {
	return map[string]any{
		"apiVersion": manifest.ReleaseConfigVersion, "kind": manifest.ReleaseConfigKind,
		"metadata": map[string]any{"name": name, "annotations": map[string]any{"walm.io/facts": "v1"}},
		"spec":     map[string]any{"configValues": map[string]any{"note": "<no value> stays out"}},
	}
}

func TestWhatIsRecordedHashesToWhatWasSealed(t *testing.T) {
	for name, files := range sealedCharts {
		t.Run(name, func(t *testing.T) {
			server := &notary{}
			services := testServices(t, charttest.Charts{"web": charttest.Files(files)})
			services.SealRevision = server.seal
			defineReleaseConfigs(t, services)
			namespace := newNamespace(t, services)
			request := installation(namespace, "rel", "web")
			request.Values = map[string]any{"replicas": 2, "big": 12345678901234567.0, "text": "é<&>\u2028", "none": nil, "list": []any{1.5, true}}
			request.ReleaseConfig = factsConfig("rel")
			request.SealToken = "t1"
			installed, err := services.Install(t.Context(), request, nil)
			if err != nil {
				t.Fatal(err)
			}
			wantSealed(t, installed, server.asked)

			up := UpgradeRequest{InstallRequest: request}
			up.Values = map[string]any{}
			upgraded, err := services.Upgrade(t.Context(), up, nil)
			if err != nil {
				t.Fatal(err)
			}
			wantSealed(t, upgraded, server.asked)

			rewritten := rewriting(Target{Namespace: namespace, Name: "rel"})
			rewritten.ReleaseConfig, rewritten.SealToken = factsConfig("rel"), "t2"
			paused, err := services.Rewrite(t.Context(), rewritten, nil)
			if err != nil {
				t.Fatal(err)
			}
			wantSealed(t, paused, server.asked)
			for revision := range 3 {
				again, err := services.Get(t.Context(), RevisionRequest{Target: Target{Namespace: namespace, Name: "rel"}, Revision: revision + 1})
				if err != nil {
					t.Fatal(err)
				}
				wantSealed(t, again, server.asked[:revision+1])
			}
			if got := liveSeal(t, services, namespace); got != paused.Seal.Text {
				t.Errorf("the live object says %q, the record %q", got, paused.Seal.Text)
			}
		})
	}
}

// wantSealed compares what was read with what was sealed last.
func wantSealed(t *testing.T, found *Release, asked []seal.Facts) {
	t.Helper()
	if found.Seal == nil {
		t.Fatalf("revision %d carries no seal: %s", found.Revision, found.Manifest)
	}
	facts := *found.Seal
	if facts.Text == "" || facts.Revision != found.Revision {
		t.Errorf("the facts are %+v", facts)
	}
	facts.Text = ""
	if last := asked[len(asked)-1]; facts != last {
		t.Errorf("revision %d: read %+v, sealed %+v\n%s", found.Revision, facts, last, found.Manifest)
	}
	if strings.Contains(found.Manifest, "seal-") {
		t.Errorf("a placeholder was left: %s", found.Manifest)
	}
}

// liveSeal is the seal's annotation of the live ReleaseConfig.
func liveSeal(t *testing.T, services *Services, namespace string) string {
	t.Helper()
	config, err := ownOperation(t, services, Target{Namespace: namespace, Name: "rel"}).session.ToRESTConfig()
	if err != nil {
		t.Fatal(err)
	}
	objects, err := dynamic.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	kind := schema.GroupVersionResource{Group: "apiextensions.transwarp.io", Version: "v1beta1", Resource: "releaseconfigs"}
	object, err := objects.Resource(kind).Namespace(namespace).Get(t.Context(), "rel", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return object.GetAnnotations()[seal.SealAnnotation]
}

// defineReleaseConfigs makes the cluster serve Walm's own kind.
func defineReleaseConfigs(t *testing.T, services *Services) {
	t.Helper()
	config, err := ownOperation(t, services, Target{Namespace: "default", Name: "rel"}).session.ToRESTConfig()
	if err != nil {
		t.Fatal(err)
	}
	objects, err := dynamic.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../deploy/releaseconfigs-crd.yaml")
	if err != nil {
		t.Fatal(err)
	}
	definition, err := manifest.ParseObject(string(text))
	if err != nil {
		t.Fatal(err)
	}
	kind := schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"}
	_, err = objects.Resource(kind).Create(t.Context(), &unstructured.Unstructured{Object: definition}, metav1.CreateOptions{})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		t.Fatal(err)
	}
	served := schema.GroupKind{Group: "apiextensions.transwarp.io", Kind: manifest.ReleaseConfigKind}
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if _, known := services.Cluster.Namespaced(t.Context(), served); known {
			return
		}
	}
	t.Fatal("ReleaseConfigs are not served")
}
