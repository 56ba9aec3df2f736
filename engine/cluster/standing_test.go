package cluster

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"walm.io/engine/manifest"
)

func TestAnObjectThatHasWhatItsDocumentSaysIsLeftAlone(t *testing.T) {
	tests := map[string]struct {
		said, live string
		// holds is the verdict, forced the one where conflicts are forced.
		holds, forced bool
	}{
		"the same":                        {"data: {a: b}", "data: {a: b}", true, true},
		"another value":                   {"data: {a: b}", "data: {a: c}", false, false},
		"a value that is gone":            {"data: {a: b}", "data: {}", false, false},
		"what others added":               {"data: {a: b}", "data: {a: b, c: d}", true, true},
		"a field that others emptied":     {"spec: {a: {b: c}}", "spec: {a: null}", false, false},
		"null that was filled":            {"spec: {class: null}", "spec: {class: standard}", true, true},
		"an empty text that was filled":   {`spec: {ip: ""}`, "spec: {ip: 10.0.0.1}", true, false},
		"an empty list that was filled":   {"rules: []", "rules: [a]", true, false},
		"an empty map that is left out":   {"spec: {a: {}}", "spec: {}", true, false},
		"an empty map that was filled":    {"spec: {a: {}}", "spec: {a: {b: c}}", true, true},
		"no replicas":                     {"spec: {replicas: 0}", "spec: {replicas: 3}", false, false},
		"a false flag":                    {"spec: {paused: false}", "spec: {}", false, false},
		"quantities":                      {`spec: {resources: {limits: {cpu: 1000m, memory: 1Gi}, requests: {cpu: 0.5}}}`, `spec: {resources: {limits: {cpu: "1", memory: 1024Mi}, requests: {cpu: 500m}}}`, true, true},
		"other quantities":                {`spec: {resources: {limits: {cpu: 1000m}}}`, `spec: {resources: {limits: {cpu: "2"}}}`, false, false},
		"texts that look like quantities": {"data: {cpu: 1000m}", `data: {cpu: "1"}`, false, false},
		"an injected container":           {"spec: {containers: [{name: a, image: x}]}", "spec: {containers: [{name: proxy}, {name: a, image: x, tty: true}]}", true, false},
		"another image":                   {"spec: {containers: [{name: a, image: x}]}", "spec: {containers: [{name: a, image: y}]}", false, false},
		"a variable that is there twice":  {"spec: {env: [{name: a, value: x}, {name: a, value: y}]}", "spec: {env: [{name: a, value: x}, {name: a, value: y}]}", true, true},
		"arguments":                       {"spec: {args: [a, b]}", "spec: {args: [b, a]}", false, false},
		"a number in another form":        {"spec: {n: 1.0}", "spec: {n: 1}", true, true},
		"what only the cluster sets":      {`metadata: {name: a, uid: x, resourceVersion: "7", creationTimestamp: null}`, `metadata: {name: a, uid: y, resourceVersion: "9"}`, true, true},
		"a status":                        {"status: {replicas: 1}", "status: {}", true, true},
		"marks that were taken off":       {"metadata: {labels: {app.kubernetes.io/managed-by: Helm}}", "metadata: {labels: {}}", false, false},
		"an object that is being deleted": {"data: {a: b}", "metadata: {deletionTimestamp: \"2020-01-01T00:00:00Z\"}\ndata: {a: b}", false, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			said, live := plainObject(test.said), &unstructured.Unstructured{Object: plainObject(test.live)}
			for exact, wanted := range map[bool]bool{false: test.holds, true: test.forced} {
				if got := (standing{exact}).holds(said, live); got != wanted {
					t.Errorf("forced %v: %v", exact, got)
				}
			}
		})
	}
	secret := plainObject("apiVersion: v1\nkind: Secret\ndata: {b: dGV4dA==}\nstringData: {a: text}\n")
	stored := plainObject("apiVersion: v1\nkind: Secret\ndata: {a: dGV4dA==, b: dGV4dA==}\n")
	if !(standing{}).holds(secret, &unstructured.Unstructured{Object: stored}) {
		t.Error("a plain text is taken for a change")
	}
	if secret["stringData"] == nil {
		t.Error("the document was changed")
	}
}

// plainObject has numbers as the objects of the cluster have them.
func plainObject(text string) map[string]any {
	object := manifest.ObjectsOf(text)[0]
	plain := &unstructured.Unstructured{}
	body, err := (&unstructured.Unstructured{Object: object}).MarshalJSON()
	if err == nil && object["kind"] != nil {
		_ = plain.UnmarshalJSON(body)
		return plain.Object
	}
	return withPlainNumbers(object).(map[string]any)
}

func withPlainNumbers(value any) any {
	switch typed := value.(type) {
	case map[string]any:
		for name, below := range typed {
			typed[name] = withPlainNumbers(below)
		}
	case []any:
		for index, below := range typed {
			typed[index] = withPlainNumbers(below)
		}
	case interface{ Int64() (int64, error) }:
		if whole, err := typed.Int64(); err == nil {
			return whole
		}
		if number, ok := value.(interface{ Float64() (float64, error) }); ok {
			float, _ := number.Float64()
			return float
		}
	}
	return value
}
