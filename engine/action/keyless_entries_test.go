package action

import (
	"strings"
	"testing"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/cluster"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

func podOf(spec string) string {
	return "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: " + spec + "\n"
}

func deploymentOf(spec string) string {
	return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec: " + spec + "\n"
}

// keyless are documents with an entry that lacks its key, with the field that the refusal has to name.
var keyless = map[string]struct{ text, field string }{
	"container":  {deploymentOf("{containers: [{image: nginx}]}"), "spec.template.spec.containers[0].name"},
	"second":     {deploymentOf("{containers: [{name: a, image: nginx}, {name: , image: nginx}]}"), "spec.template.spec.containers[1].name"},
	"init":       {podOf("{initContainers: [{image: nginx}], containers: [{name: a, image: nginx}]}"), "spec.initContainers[0].name"},
	"port":       {deploymentOf("{containers: [{name: a, image: nginx, ports: [{containerPort: 1}, {name: http, protocol: TCP}]}]}"), "spec.template.spec.containers[0].ports[1].containerPort"},
	"env":        {podOf("{containers: [{name: a, image: nginx, env: [{value: x}]}]}"), "spec.containers[0].env[0].name"},
	"null":       {podOf("{containers: [{name: a, image: nginx, env: [null]}]}"), "spec.containers[0].env[0]"},
	"text":       {podOf("{containers: [{name: a, image: nginx, env: [A=b]}]}"), "spec.containers[0].env[0]"},
	"mount":      {podOf("{volumes: [{name: v}], containers: [{name: a, image: nginx, volumeMounts: [{name: v}]}]}"), "spec.containers[0].volumeMounts[0].mountPath"},
	"volume":     {podOf("{volumes: [{emptyDir: {}}], containers: [{name: a, image: nginx}]}"), "spec.volumes[0].name"},
	"host":       {podOf("{hostAliases: [{hostnames: [a]}], containers: [{name: a, image: nginx}]}"), "spec.hostAliases[0].ip"},
	"spread":     {podOf("{topologySpreadConstraints: [{topologyKey: a, maxSkew: 1}], containers: [{name: a, image: nginx}]}"), "spec.topologySpreadConstraints[0].whenUnsatisfiable"},
	"service":    {"apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{name: a, targetPort: 1}]}\n", "spec.ports[0].port"},
	"account":    {"apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}\nsecrets: [{}]\n", "secrets[0].name"},
	"owner":      {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: a}]}\n", "metadata.ownerReferences[0].uid"},
	"claimed":    {"apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\nspec:\n  serviceName: web\n  selector: {matchLabels: {a: b}}\n  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: nginx, volumeDevices: [{name: v}]}]}}\n", "spec.template.spec.containers[0].volumeDevices[0].devicePath"},
	"cron":       {"apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: web}\nspec: {schedule: \"@daily\", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{image: nginx}]}}}}}\n", "spec.jobTemplate.spec.template.spec.containers[0].name"},
	"webhook":    {"apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: web}\nwebhooks: [{sideEffects: None, admissionReviewVersions: [v1], clientConfig: {url: \"https://a.test\"}}]\n", "webhooks[0].name"},
	"of a list":  {"apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata: {name: web}\n  spec: {ports: [{name: a}]}\n", "spec.ports[0].port"},
	"of a hook":  {"apiVersion: v1\nkind: Pod\nmetadata: {name: web, annotations: {\"helm.sh/hook\": \"pre-install,pre-upgrade\"}}\nspec: {containers: [{image: nginx}]}\n", "spec.containers[0].name"},
	"controller": {"apiVersion: v1\nkind: ReplicationController\nmetadata: {name: web}\nspec: {replicas: 0, template: {metadata: {labels: {a: b}}, spec: {containers: [{image: nginx}]}}}\n", "spec.template.spec.containers[0].name"},
}

// keyed are documents whose entries lack nothing that the cluster wants.
var keyed = map[string]string{
	"pulls":     deploymentOf("{imagePullSecrets: [{}], containers: [{name: a, image: nginx}]}"),
	"protocol":  deploymentOf("{containers: [{name: a, image: nginx, ports: [{containerPort: 1}, {containerPort: 1, protocol: UDP}]}]}"),
	"sources":   deploymentOf("{volumes: [{name: v, projected: {sources: [{}]}}], containers: [{name: a, image: nginx, envFrom: [{configMapRef: {name: a}}]}]}"),
	"account":   "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}\nimagePullSecrets: [{}]\n",
	"status":    "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a, image: nginx}]}\nstatus: {conditions: [{status: \"True\"}]}\n",
	"addresses": "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 1, name: a}, {port: 1, name: b, protocol: UDP}]}\n",
}

func keylessCharts() charttest.Charts {
	charts := charttest.Charts{"good": charttest.Files(map[string]string{"a.yaml": charttest.ConfigMap("{{ .Release.Name }}", "")})}
	for name, one := range keyless {
		charts["lacks "+name] = charttest.Files(map[string]string{"a.yaml": charttest.ConfigMap("{{ .Release.Name }}", ""), "web.yaml": one.text})
	}
	for name, text := range keyed {
		charts["has "+name] = charttest.Files(map[string]string{"web.yaml": text})
	}
	return charts
}

func TestEntriesWithoutTheirKeyAreRefusedBeforeTheCluster(t *testing.T) {
	services := testServices(t, keylessCharts())
	namespace := newNamespace(t, services)
	good := installation(namespace, "good", "good")
	if _, err := services.Install(t.Context(), good, nil); err != nil {
		t.Fatal(err)
	}
	for name, one := range keyless {
		fresh := installation(namespace, "fresh", "lacks "+name)
		again := UpgradeRequest{InstallRequest: installation(namespace, "good", "lacks "+name)}
		preview := RenderRequest{Target: fresh.Target, Content: fresh.Content}
		judged := preview
		judged.Validate = true
		upgrading := RenderRequest{Target: again.Target, Content: again.Content, IsUpgrade: true}
		failures := map[string]error{}
		_, failures["install"] = services.Install(t.Context(), fresh, nil)
		_, failures["upgrade"] = services.Upgrade(t.Context(), again, nil)
		_, failures["preview"] = services.Render(t.Context(), preview, nil)
		_, failures["dry run"] = services.Render(t.Context(), judged, nil)
		_, failures["dry upgrade"] = services.Render(t.Context(), upgrading, nil)
		for what, err := range failures {
			refused := problemtest.Want(t, err, problem.ManifestInvalid)
			file, _ := refused.Details["file"].(string)
			if refused.Object == nil || refused.Object.Name != "web" || refused.Field != one.field || !strings.HasSuffix(file, "/templates/web.yaml") {
				t.Errorf("%s of %s: %+v", what, name, refused)
			}
			if !strings.Contains(refused.Message, "told apart") || !strings.Contains(refused.Message, file) {
				t.Errorf("%s of %s: %s", what, name, refused.Message)
			}
		}
	}
}

// The cluster itself is asked about the same documents: no more and no fewer are refused than it would.
func TestTheClusterRefusesTheSameEntriesWithoutTheirKey(t *testing.T) {
	services := testServices(t, keylessCharts())
	namespace := newNamespace(t, services)
	judge := func(text string) error {
		op, err := services.begin(t.Context(), Target{Namespace: namespace, Name: "rel"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return op.kube.Validate(text, cluster.Judging{Classify: op.classify})
	}
	for name, one := range keyless {
		if err := judge("---\n# Source: web/templates/web.yaml\n" + one.text); err == nil {
			t.Errorf("the cluster accepts %s", name)
		}
	}
	for name, text := range keyed {
		if err := judge("---\n# Source: web/templates/web.yaml\n" + text); err != nil {
			t.Errorf("the cluster refuses %s: %v", name, err)
		}
		request := installation(namespace, "rel", "has "+name)
		if _, err := services.Render(t.Context(), RenderRequest{Target: request.Target, Content: request.Content, Validate: true}, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
