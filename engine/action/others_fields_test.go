package action

import (
	"context"
	"strings"
	"testing"
	"time"

	helmaction "helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/kube"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/fair"
	"walm.io/engine/jsontext/jsontest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

// foreign is one way in which the cluster or another manager makes an object differ from what was applied.
type foreign struct {
	// template is the document of the chart; `v` in it changes with the upgrade.
	template string
	kind     schema.GroupVersionResource
	name     string
	// patch is the JSON patch of the other manager, to a subresource if one is named.
	patch, subresource string
	// stays is what the object has to contain after each change, in JSON.
	stays []string
	// onlyClientSide marks what a server-side apply refuses already at the install.
	onlyClientSide bool
}

var (
	deployments = schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}
	services    = schema.GroupVersionResource{Version: "v1", Resource: "services"}
	claims      = schema.GroupVersionResource{Version: "v1", Resource: "persistentvolumeclaims"}
	roles       = schema.GroupVersionResource{Group: "rbac.authorization.k8s.io", Version: "v1", Resource: "clusterroles"}
	webhooks    = schema.GroupVersionResource{Group: "admissionregistration.k8s.io", Version: "v1", Resource: "mutatingwebhookconfigurations"}
	apiServices = schema.GroupVersionResource{Group: "apiregistration.k8s.io", Version: "v1", Resource: "apiservices"}
)

func workload(name, container string) string {
	return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ` + name + `, labels: {v: "{{ .Values.v }}"}}
spec:
  replicas: 2
  selector: {matchLabels: {app: ` + name + `}}
  template:
    metadata: {labels: {app: ` + name + `}}
    spec: {containers: [{name: main, image: "registry.example/main:1"` + container + `}]}
`
}

var foreigners = map[string]foreign{
	"autoscaler": {
		template: workload("scaled", ""), kind: deployments, name: "scaled",
		patch: `[{"op": "replace", "path": "/spec/replicas", "value": 5}]`, subresource: "scale", stays: []string{`"replicas":5`},
	},
	"hotfix": {
		template: workload("hotfixed", ""), kind: deployments, name: "hotfixed",
		patch: `[{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "registry.example/main:hotfix"}]`,
		stays: []string{"main:hotfix"},
	},
	"annotations of the cluster autoscaler": {
		template: workload("evictable", ""), kind: deployments, name: "evictable",
		patch: `[{"op": "add", "path": "/spec/template/metadata/annotations", "value": {"cluster-autoscaler.kubernetes.io/safe-to-evict": "true"}}]`,
		stays: []string{"safe-to-evict"},
	},
	"sidecar": {
		template: workload("injected", `, ports: [{containerPort: 80}]`), kind: deployments, name: "injected",
		patch: `[{"op": "add", "path": "/spec/template/spec/containers/0", "value": {"name": "proxy", "image": "registry.example/proxy:1"}},
			{"op": "add", "path": "/spec/template/spec/initContainers", "value": [{"name": "proxy-init", "image": "registry.example/proxy:1"}]}]`,
		stays: []string{`"name":"proxy"`, `"name":"proxy-init"`, `"containerPort":80`},
	},
	"one port for two protocols": {
		template: workload("ports", `, ports: [{containerPort: 53}, {containerPort: 53, protocol: UDP}]`), kind: deployments, name: "ports",
		patch: `[{"op": "replace", "path": "/spec/replicas", "value": 3}]`, subresource: "scale", stays: []string{`"protocol":"UDP"`, `"replicas":3`},
	},
	"one variable twice": {
		template: workload("twice", `, env: [{name: A, value: one}, {name: A, value: two}], resources: null`), kind: deployments, name: "twice",
		patch: `[{"op": "replace", "path": "/spec/replicas", "value": 3}]`, subresource: "scale",
		stays: []string{`"value":"one"`, `"value":"two"`, `"replicas":3`}, onlyClientSide: true,
	},
	"a claim without a class": {
		template: `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], storageClassName: , volumeName: "", resources: {requests: {storage: 1024Mi}}}
`,
		kind: claims, name: "data", stays: []string{`"ReadWriteOnce"`},
	},
	"addresses that the cluster gives": {
		template: `apiVersion: v1
kind: Service
metadata: {name: web, labels: {v: "{{ .Values.v }}"}}
spec: {type: NodePort, clusterIP: "", loadBalancerIP: "", selector: {app: web}, ports: [{name: web, port: 80, nodePort: null}, {name: dns, port: 80, protocol: UDP}]}
`,
		kind: services, name: "web",
		patch: `[{"op": "replace", "path": "/spec/sessionAffinity", "value": "ClientIP"}]`, stays: []string{"ClientIP", `"nodePort":3`},
	},
	"an aggregated role": {
		template: `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: "{{ .Release.Namespace }}", labels: {v: "{{ .Values.v }}"}}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {"walm.test/part-of": "{{ .Release.Namespace }}"}}]}
rules: []
`,
		kind: roles, patch: `[{"op": "replace", "path": "/rules", "value": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]}]`,
		stays: []string{`"aggregationRule"`},
	},
	"an injected authority of a webhook": {
		template: `apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: "{{ .Release.Namespace }}", labels: {v: "{{ .Values.v }}"}}
webhooks:
- name: never.walm.test
  admissionReviewVersions: [v1]
  sideEffects: None
  failurePolicy: Ignore
  namespaceSelector: {matchLabels: {walm.test/never: "true"}}
  clientConfig: {caBundle: Cg==, service: {name: none, namespace: "{{ .Release.Namespace }}"}}
`,
		kind:  webhooks,
		patch: `[{"op": "replace", "path": "/webhooks/0/clientConfig/caBundle", "value": "aW5qZWN0ZWQ="}]`, stays: []string{"aW5qZWN0ZWQ="},
	},
	"an injected authority of an API": {
		template: `apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: "v1.{{ .Release.Namespace }}.walm.test", labels: {v: "{{ .Values.v }}"}}
spec:
  group: "{{ .Release.Namespace }}.walm.test"
  version: v1
  groupPriorityMinimum: 10
  versionPriority: 10
  caBundle: Cg==
  service: {name: none, namespace: "{{ .Release.Namespace }}"}
`,
		kind:  apiServices,
		patch: `[{"op": "replace", "path": "/spec/caBundle", "value": "aW5qZWN0ZWQ="}]`, stays: []string{"aW5qZWN0ZWQ="},
	},
}

// TestWhatOthersSetInObjectsOfAReleaseStays applies all of them to a release of Walm, and to one that Helm 3 made:
// upgrades, also of the objects themselves, and rewrites neither fail nor revert it.
func TestWhatOthersSetInObjectsOfAReleaseStays(t *testing.T) {
	t.Run("applied on the server", func(t *testing.T) { others(t, true) })
	t.Run("applied by the client", func(t *testing.T) { others(t, false) })
}

func others(t *testing.T, server bool) {
	files := map[string]string{"values.yaml": "v: \"1\"\n"}
	tried := map[string]foreign{}
	for title, one := range foreigners {
		if !server || !one.onlyClientSide {
			tried[title], files[one.name+one.kind.Resource+".yaml"] = one, one.template
		}
	}
	charts := charttest.Charts{"web": charttest.Files(files)}
	walm := testServices(t, charts)
	namespace := newNamespace(t, walm)
	installBy(t, walm, charts, namespace, server)
	cluster := dynamicOf(t, walm)
	for title, one := range tried {
		if err := one.meddle(t, cluster, namespace); err != nil {
			t.Fatal(title, err)
		}
	}
	holds := func(when, v string) {
		for title, one := range tried {
			one.check(t, cluster, namespace, title+" "+when, v)
		}
	}
	upgrading := UpgradeRequest{InstallRequest: installation(namespace, "rel", "web")}
	for _, v := range []string{"2", "2", "3"} {
		upgrading.Values = map[string]any{"v": v}
		if _, err := walm.Upgrade(t.Context(), upgrading, nil); err != nil {
			t.Fatal(err)
		}
		holds("after an upgrade to "+v, v)
	}
	rewriting := RewriteRequest{Target: upgrading.Target, Hooks: hooksNone, TimeoutMs: 600_000, Labels: map[string]string{"tier": "web"}, ForceConflicts: true}
	if _, err := walm.Rewrite(t.Context(), rewriting, nil); err != nil {
		t.Fatal(err)
	}
	holds("after a rewrite", "3")

	upgrading.ForceConflicts = true
	if _, err := walm.Upgrade(t.Context(), upgrading, nil); err != nil {
		t.Fatal(err)
	}
	resource, name := foreigners["hotfix"].object(cluster, namespace)
	if forced, err := resource.Get(t.Context(), name, metav1.GetOptions{}); err != nil || strings.Contains(jsontest.Of(t, forced.Object), "main:hotfix") {
		t.Errorf("what is forced is not so: %v, %v", forced, err)
	}
}

func (f foreign) object(cluster dynamic.Interface, namespace string) (dynamic.ResourceInterface, string) {
	resource := cluster.Resource(f.kind)
	switch {
	case f.kind == apiServices:
		return resource, "v1." + namespace + ".walm.test"
	case f.name == "":
		return resource, namespace
	default:
		return resource.Namespace(namespace), f.name
	}
}

func (f foreign) meddle(t *testing.T, cluster dynamic.Interface, namespace string) error {
	if f.patch == "" {
		return nil
	}
	parts := []string{}
	if f.subresource != "" {
		parts = append(parts, f.subresource)
	}
	resource, name := f.object(cluster, namespace)
	_, err := resource.Patch(t.Context(), name, types.JSONPatchType, []byte(f.patch), metav1.PatchOptions{FieldManager: "somebody"}, parts...)
	return err
}

func (f foreign) check(t *testing.T, cluster dynamic.Interface, namespace, when, v string) {
	t.Helper()
	resource, name := f.object(cluster, namespace)
	found, err := resource.Get(t.Context(), name, metav1.GetOptions{})
	if err != nil {
		t.Fatal(when, err)
	}
	text := jsontest.Of(t, found.Object)
	for _, wanted := range f.stays {
		if !strings.Contains(text, wanted) {
			t.Errorf("%s: %s is gone: %s", when, wanted, text)
		}
	}
	if strings.Contains(f.template, ".Values.v") && found.GetLabels()["v"] != v {
		t.Errorf("%s: the object was not changed: %v", when, found.GetLabels())
	}
}

// installBy installs the chart `web` as release rel with plain Helm.
func installBy(t *testing.T, walm *Services, charts charttest.Charts, namespace string, server bool) {
	t.Helper()
	chart, err := charts.Load(t.Context(), fair.Caller{}, "web")
	if err != nil {
		t.Fatal(err)
	}
	run := helmaction.NewInstall(plainConfiguration(t, walm, namespace))
	run.ReleaseName, run.Namespace, run.ServerSideApply = "rel", namespace, server
	run.Timeout, run.WaitStrategy = time.Minute, kube.HookOnlyStrategy
	if _, err := run.Run(chart, map[string]any{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = walm.Uninstall(context.Background(), UninstallRequest{Target: Target{Namespace: namespace, Name: "rel"}, TimeoutMs: 600_000}, nil)
	})
}

func dynamicOf(t *testing.T, walm *Services) dynamic.Interface {
	t.Helper()
	config, err := ownCore(t, walm).session.ToRESTConfig()
	if err != nil {
		t.Fatal(err)
	}
	found, err := dynamic.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestARefusedUpgradeOfWhatTheClientAppliedIsTakenBack(t *testing.T) {
	bad := "{{ if .Values.bad }}\n" + broken + "{{ end }}"
	charts := charttest.Charts{"web": charttest.Files(map[string]string{
		"a.yaml": charttest.ConfigMap("cm", "data: {v: \"{{ .Values.v }}\"}\n"), "z.yaml": bad, "values.yaml": "v: \"1\"\n",
	})}
	walm := testServices(t, charts)
	namespace := newNamespace(t, walm)
	installBy(t, walm, charts, namespace, false)
	for _, forced := range []bool{false, true} {
		upgrading := UpgradeRequest{InstallRequest: installation(namespace, "rel", "web")}
		upgrading.Values = map[string]any{"v": "2", "bad": true}
		upgrading.ForceConflicts = forced
		_, err := walm.Upgrade(t.Context(), upgrading, nil)
		problemtest.Want(t, err, problem.ManifestInvalid)
		if value := live(t, setOf(t, walm).CoreV1().ConfigMaps(namespace), "cm").Data["v"]; value != "1" {
			t.Errorf("forced %v: v is %s: %v", forced, value, err)
		}
	}
}
