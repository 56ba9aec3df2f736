package action

import (
	"strconv"
	"strings"
	"sync"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/jsontext/jsontest"
	"walm.io/engine/progress"
)

// storedOtherwise are documents that a cluster does not keep as they are sent. Each says `{{ .Values.v }}` somewhere.
var storedOtherwise = map[string]foreign{
	"one variable twice": {
		template: workload("twice", `, env: [{name: A, value: one}, {name: A, value: two}]`), kind: deployments, name: "twice",
		stays: []string{`"value":"one"`, `"value":"two"`}, onlyClientSide: true,
	},
	"one variable twice, and one that changes": {
		template: workload("beside", `, env: [{name: A, value: one}, {name: V, value: "{{ .Values.v }}"}, {name: A, value: two}]`), kind: deployments,
		name: "beside", stays: []string{`"value":"one"`, `"value":"two"`}, onlyClientSide: true,
	},
	"a variable that is there twice changes": {
		template: workload("changing", `, env: [{name: A, value: one}, {name: A, value: "{{ .Values.v }}"}]`), kind: deployments,
		name: "changing", onlyClientSide: true,
	},
	"equal variables": {
		template: workload("equal", `, env: [{name: A, value: one}, {name: A, value: one}, {name: V, value: "{{ .Values.v }}"}]`), kind: deployments,
		name: "equal", onlyClientSide: true,
	},
	"a variable that is there twice, once empty": {
		template: workload("emptied", `, env: [{name: A}, {name: A, value: ""}, {name: V, value: "{{ .Values.v }}"}]`), kind: deployments,
		name: "emptied", onlyClientSide: true,
	},
	"a variable that is there twice, by its source": {
		template: workload("sourced", `, env: [{name: A, value: one}, {name: A, valueFrom: {fieldRef: {fieldPath: metadata.name}}}, {name: V, value: "{{ .Values.v }}"}]`),
		kind:     deployments, name: "sourced", stays: []string{"metadata.name", `"value":"one"`}, onlyClientSide: true,
	},
	"a variable that is there twice in another order": {
		template: workload("turned", `, env: [{{ if eq .Values.v "1" }}{name: A, value: one}, {name: A, value: two}{{ else }}{name: A, value: two}, {name: A, value: one}{{ end }}, {name: V, value: "{{ .Values.v }}"}]`),
		kind:     deployments, name: "turned", onlyClientSide: true,
	},
	"one port twice": {
		template: workload("port", `, ports: [{containerPort: 80, name: a}, {containerPort: 80, name: b}], env: [{name: V, value: "{{ .Values.v }}"}]`),
		kind:     deployments, name: "port", stays: []string{`"name":"a"`, `"name":"b"`}, onlyClientSide: true,
	},
	"a port for two protocols": {
		template: workload("dns", `, ports: [{containerPort: 53}, {containerPort: 53, protocol: UDP}], env: [{name: V, value: "{{ .Values.v }}"}]`),
		kind:     deployments, name: "dns",
	},
	"nulls and empty texts": {
		template: workload("nulls", `, env: [{name: V, value: "{{ .Values.v }}"}, {name: NONE, value: null}, {name: EMPTY, value: ""}], command: null, args: [], resources: {}, workingDir: ""`),
		kind:     deployments, name: "nulls",
	},
	"quantities and durations": {
		template: workload("amount", `, resources: {limits: {cpu: 1000m, memory: 1024Mi}, requests: {cpu: 0.1, memory: "1024Mi"}}, env: [{name: V, value: "{{ .Values.v }}"}]`),
		kind:     deployments, name: "amount",
	},
	"a claim without a class": {
		template: `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, labels: {v: "{{ .Values.v }}"}}
spec: {accessModes: [ReadWriteOnce], storageClassName: , volumeName: "", dataSource: null, selector: {}, resources: {requests: {storage: 1024Mi}}}
`,
		kind: claims, name: "data",
	},
	"a service that the cluster completes": {
		template: `apiVersion: v1
kind: Service
metadata: {name: web, creationTimestamp: null, labels: {v: "{{ .Values.v }}"}}
spec: {type: NodePort, clusterIP: "", clusterIPs: [], loadBalancerIP: "", externalIPs: [], selector: {app: web}, ports: [{name: web, port: 80, nodePort: null}, {name: dns, port: 80, protocol: UDP}]}
status: {loadBalancer: {}}
`,
		kind: services, name: "web",
	},
	"an aggregated role": {
		template: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: "{{ .Release.Namespace }}", labels: {v: "{{ .Values.v }}"}}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {"walm.test/part-of": "{{ .Release.Namespace }}"}}]}
rules: []
`,
		kind: roles, patch: `[{"op": "replace", "path": "/rules", "value": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]}]`,
		stays: []string{`"resources":["pods"]`},
	},
	"a secret in plain text": {
		template: `apiVersion: v1
kind: Secret
metadata: {name: secret, labels: {v: "{{ .Values.v }}"}}
stringData: {a: text, empty: ""}
data: {b: dGV4dA==, none: null}
`,
		kind: schema.GroupVersionResource{Version: "v1", Resource: "secrets"}, name: "secret",
	},
	"empty data": {
		template: charttest.ConfigMap("empty", "  labels: {v: \"{{ .Values.v }}\"}\n  annotations:\ndata: {a: \"\", b: null}\nbinaryData: {}\n"),
		kind:     configMaps, name: "empty",
	},
}

var configMaps = schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}

// TestDocumentsThatTheClusterStoresOtherwise goes through the life of a release with each of them: what does not change is
// not sent, and what changes is changed.
func TestDocumentsThatTheClusterStoresOtherwise(t *testing.T) {
	for title, one := range storedOtherwise {
		for mode, server := range map[string]bool{"applied on the server": true, "applied by the client": false} {
			if server && one.onlyClientSide {
				continue
			}
			t.Run(title+", "+mode, func(t *testing.T) {
				t.Parallel()
				one.goThroughLife(t, server)
			})
		}
	}
}

func (f foreign) goThroughLife(t *testing.T, server bool) {
	charts := charttest.Charts{"web": charttest.Files(map[string]string{"values.yaml": "v: \"1\"\n", "one.yaml": f.template})}
	walm := testServices(t, charts)
	namespace := newNamespace(t, walm)
	installBy(t, walm, charts, namespace, server)
	cluster := dynamicOf(t, walm)
	if err := f.meddle(t, cluster, namespace); err != nil {
		t.Fatal(err)
	}
	resource, name := f.object(cluster, namespace)
	version := func() int64 {
		found, err := resource.Get(t.Context(), name, metav1.GetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if found.GetGeneration() > 0 {
			// Controllers write the status all the time.
			return found.GetGeneration()
		}
		if found.GetKind() == "PersistentVolumeClaim" {
			// It is bound meanwhile.
			return 0
		}
		version, err := strconv.ParseInt(found.GetResourceVersion(), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return version
	}
	check := func(when, v string) {
		t.Helper()
		f.check(t, cluster, namespace, when, v)
		found, err := resource.Get(t.Context(), name, metav1.GetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if text := jsontest.Of(t, found.Object["spec"]); f.kind == deployments && strings.Contains(f.template, `value: "{{`) && !strings.Contains(text, `"value":"`+v+`"`) {
			t.Errorf("%s: the variable is not %s: %s", when, v, text)
		}
	}
	upgrade := func(v string) int {
		t.Helper()
		upgrading := UpgradeRequest{InstallRequest: installation(namespace, "rel", "web")}
		upgrading.Values = map[string]any{"v": v}
		counted := &sends{}
		if _, err := walm.Upgrade(t.Context(), upgrading, counted.count); err != nil {
			t.Fatalf("upgrade to %s: %v", v, err)
		}
		check("after an upgrade to "+v, v)
		return counted.number()
	}
	for _, v := range []string{"1", "2", "2"} {
		before := version()
		sent, after := upgrade(v), version()
		if changes := v == "2" && sent > 0; !changes && (sent > 0 || after != before) {
			t.Errorf("an upgrade to %s without a change sends %d objects, %d before and %d after", v, sent, before, after)
		}
	}
	rollback := RewriteRequest{Target: Target{Namespace: namespace, Name: "rel"}, Base: 1, Hooks: hooksRollback, TimeoutMs: 600_000, ForceConflicts: true}
	if _, err := walm.Rewrite(t.Context(), rollback, nil); err != nil {
		t.Fatalf("rollback: %v", err)
	}
	rewriting := RewriteRequest{Target: rollback.Target, Hooks: hooksNone, TimeoutMs: 600_000, Labels: map[string]string{"tier": "web"}, ForceConflicts: true}
	before, counted := version(), &sends{}
	if _, err := walm.Rewrite(t.Context(), rewriting, counted.count); err != nil {
		t.Fatalf("rewrite: %v", err)
	}
	if after := version(); counted.number() > 0 || after != before {
		t.Errorf("a rewrite sends %d objects, %d before and %d after", counted.number(), before, after)
	}
	check("after a rollback", "1")
	upgrade("3")
}

// sends counts the objects that an operation applies, from its progress.
type sends struct {
	mutex sync.Mutex
	seen  int
}

func (s *sends) count(step progress.Step) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if step.Phase == progress.PhaseApply && strings.Contains(step.Message, " of ") {
		s.seen++
	}
}

func (s *sends) number() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.seen
}
