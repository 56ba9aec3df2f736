package action

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
	"walm.io/engine/refusal"
	"walm.io/engine/rendering"
)

// impossible are documents that no cluster accepts, with what the refusal has to name.
var impossible = map[string]struct{ text, kind, name, field string }{
	"labels":      {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, labels: {a: b, v: 5}}\n", "ConfigMap", "web", "metadata.labels.v"},
	"annotations": {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, annotations: {v: true}}\n", "ConfigMap", "web", "metadata.annotations.v"},
	"number":      {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: 5}\n", "ConfigMap", "", "metadata.name"},
	"path":        {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \"a b/c\"}\n", "ConfigMap", "a b/c", ""},
	"upper":       {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Web}\n", "ConfigMap", "Web", "metadata.name"},
	"nameless":    {"apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n", "ConfigMap", "", ""},
	"kindless":    {"apiVersion: v1\nmetadata: {name: web}\n", "", "web", ""},
	"version":     {"apiVersion: 1\nkind: ConfigMap\nmetadata: {name: web}\n", "ConfigMap", "web", ""},
	"data":        {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {v: 5}\n", "ConfigMap", "web", "data.v"},
	"secret":      {"apiVersion: v1\nkind: Secret\nmetadata: {name: web}\ndata: {v: \"not base64!\"}\n", "Secret", "web", "data.v"},
	"binary":      {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\nbinaryData: {a: aGk=, v: \"not base64!\"}\n", "ConfigMap", "web", "binaryData.v"},
	"bundle":      {"apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: web}\nwebhooks: [{name: a.b.test, sideEffects: None, admissionReviewVersions: [v1], clientConfig: {url: \"https://a.test\", caBundle: \"not base64!\"}}]\n", "ValidatingWebhookConfiguration", "web", "webhooks[0].clientConfig.caBundle"},
	"claim":       {"apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: web}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: zwei}}}\n", "PersistentVolumeClaim", "web", "spec.resources.requests.storage"},
	"quota":       {"apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: web}\nspec: {hard: {cpu: 4, memory: 4 Gi}}\n", "ResourceQuota", "web", "spec.hard.memory"},
	"memory":      {workloadWith("1", "4 Gi"), "Deployment", "web", "spec.template.spec.containers[0].resources.limits.memory"},
	"unit":        {workloadWith("1", "4GB"), "Deployment", "web", "spec.template.spec.containers[0].resources.limits.memory"},
	"half":        {workloadWith("1.5", "4Gi"), "Deployment", "web", "spec.replicas"},
	"many":        {workloadWith("three", "4Gi"), "Deployment", "web", "spec.replicas"},
	"negative":    {workloadWith("-1", "4Gi"), "Deployment", "web", "spec.replicas"},
	"port":        {"apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 99999}]}\n", "Service", "web", "spec.ports[0].port"},
	"hook":        {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, labels: {v: 5}, annotations: {\"helm.sh/hook\": pre-install}}\n", "ConfigMap", "web", "metadata.labels.v"},
	"job":         {"apiVersion: batch/v1\nkind: Job\nmetadata: {name: web, annotations: {\"helm.sh/hook\": pre-install}}\nspec: {backoffLimit: x}\n", "Job", "web", "spec.backoffLimit"},
}

func workloadWith(replicas, memory string) string {
	return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: " + replicas +
		"\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec: {containers: [{name: web, image: x, resources: {limits: {memory: \"" + memory + "\"}}}]}\n"
}

func TestARefusalNamesFileObjectAndField(t *testing.T) {
	charts := charttest.Charts{}
	for name, one := range impossible {
		charts[name] = charttest.Files(map[string]string{"a-good.yaml": charttest.ConfigMap("{{ .Release.Name }}", ""), "bad.yaml": one.text})
	}
	services := testServices(t, charts)
	namespace := newNamespace(t, services)
	for name, one := range impossible {
		request := installation(namespace, name, name)
		_, err := services.Install(t.Context(), request, nil)
		found, ok := problem.From(err)
		if !ok || found.Code != problem.ManifestInvalid {
			t.Errorf("%s: want MANIFEST_INVALID, got %v", name, err)
			continue
		}
		if found.Details["file"] != "web/templates/bad.yaml" || found.Object == nil || found.Object.Kind != one.kind || found.Object.Name != one.name || found.Field != one.field {
			t.Errorf("%s: %+v in %v, field %s: %s", name, found.Object, found.Details["file"], found.Field, found.Message)
		}
		if !strings.Contains(found.Message, "web/templates/bad.yaml") || !strings.Contains(found.Message, one.field) {
			t.Errorf("%s: the message does not tell where: %s", name, found.Message)
		}
	}
}

// TestARefusedHookOfADeleteNamesItsFile: the hook is the first thing that the delete builds.
func TestARefusedHookOfADeleteNamesItsFile(t *testing.T) {
	services := testServices(t, charttest.Charts{"hooked": charttest.Files(map[string]string{
		"a-good.yaml": charttest.ConfigMap("{{ .Release.Name }}", ""),
		"bad.yaml":    "apiVersion: v1\nkind: Service\nmetadata: {name: web, annotations: {\"helm.sh/hook\": pre-delete}}\nspec: {ports: [{port: 99999}]}\n",
	})})
	namespace := newNamespace(t, services)
	if _, err := services.Install(t.Context(), installation(namespace, "web", "hooked"), nil); err != nil {
		t.Fatal(err)
	}
	_, err := services.Uninstall(t.Context(), UninstallRequest{Target: installation(namespace, "web", "hooked").Target, TimeoutMs: 30_000}, nil)
	found, ok := problem.From(err)
	if !ok || found.Code != problem.ManifestInvalid || found.Details["file"] != "web/templates/bad.yaml" || found.Object == nil || found.Field != "spec.ports[0].port" {
		t.Fatalf("want MANIFEST_INVALID of web/templates/bad.yaml, got %+v", found)
	}
	if !strings.Contains(found.Message, "(web/templates/bad.yaml, Service web, field spec.ports[0].port)") {
		t.Errorf("the message does not tell where: %s", found.Message)
	}
}

// TestARefusedRewriteNamesTheFile: Helm does not validate what is recorded already.
func TestARefusedRewriteNamesTheFile(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"web.yaml": workloadWith("1", "4Gi")})})
	services.ChangeDocuments = (&asked{answer: replicasChanged(t, -1)}).change
	namespace := newNamespace(t, services)
	if _, err := services.Install(t.Context(), installation(namespace, "web", "web"), nil); err != nil {
		t.Fatal(err)
	}
	request := rewriting(installation(namespace, "web", "web").Target)
	request.Transform = &rendering.Transform{Token: "t1", Always: true}
	_, err := services.Rewrite(t.Context(), request, nil)
	found, ok := problem.From(err)
	if !ok || found.Code != problem.ManifestInvalid || found.Details["file"] != "web/templates/web.yaml" || !strings.Contains(found.Message, "(web/templates/web.yaml, Deployment web, field spec.replicas)") {
		t.Fatalf("want MANIFEST_INVALID of web/templates/web.yaml, got %+v", found)
	}
}

func TestAWebhookThatDoesNotAnswerIsNamed(t *testing.T) {
	for text, webhook := range map[string]string{
		`failed calling webhook "pods.example.com": failed to call webhook: Post "https://hook.example.svc:443/": dial tcp: connect: connection refused`: "pods.example.com",
		`conversion webhook for example.com/v1, Kind=Gauge failed: Post "https://hook.example.svc:443/": context deadline exceeded`:                      "conversion webhook for example.com/v1, Kind=Gauge",
	} {
		found := refusal.OfCluster(apierrors.NewInternalError(errors.New(text)))
		if found == nil || found.Code != problem.AdmissionUnavailable || found.Details["webhook"] != webhook {
			t.Errorf("%+v", found)
		}
	}
	refused := &apierrors.StatusError{ErrStatus: metav1.Status{Reason: metav1.StatusReasonForbidden, Message: `admission webhook "pods.example.com" denied the request: no`}}
	if found := refusal.OfCluster(refused); found == nil || found.Code != problem.AdmissionRefused {
		t.Errorf("%+v", found)
	}
}

func TestAnUnreachableWebhookOfTheClusterIsTold(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"a.yaml": charttest.ConfigMap("a", "")})})
	namespace := newNamespace(t, services)
	webhook := silentWebhookFor(t, services, namespace)
	_, err := services.Install(t.Context(), installation(namespace, "rel", "web"), nil)
	silent := problemtest.Want(t, err, problem.AdmissionUnavailable)
	if silent.Details["webhook"] != webhook || silent.Object == nil || silent.Object.Name != "a" || silent.Details["file"] != "web/templates/a.yaml" {
		t.Errorf("%+v %+v", silent, silent.Object)
	}
}

// TestWhatASilentWebhookLeftAsItWasNeedsNoTakingBack: the API server answers 500, as to a write that may have arrived.
func TestWhatASilentWebhookLeftAsItWasNeedsNoTakingBack(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{
		"a.yaml": charttest.ConfigMap("a", "data: {v: \"{{ .Values.v }}\"}\n"), "b.yaml": charttest.ConfigMap("b", "data: {v: \"{{ .Values.v }}\"}\n"),
	})})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	request.Values = map[string]any{"v": "1"}
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	silentWebhookFor(t, services, namespace)
	upgrading := UpgradeRequest{InstallRequest: request}
	upgrading.Values = map[string]any{"v": "2"}
	_, err := services.Upgrade(t.Context(), upgrading, nil)
	silent := problemtest.Want(t, err, problem.AdmissionUnavailable)
	if strings.Contains(silent.Message, "taken back") || silent.Details["notRestored"] != nil {
		t.Errorf("%s %v", silent.Message, silent.Details)
	}
}

// TestACharacterThatYAMLDoesNotAllowIsFound has values printed without quotes.
func TestACharacterThatYAMLDoesNotAllowIsFound(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{
		"a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  note: {{ .Values.note }}\n",
	})})
	namespace := newNamespace(t, services)
	for _, note := range []string{"a\u007fb", "a\ufffeb", "\u0001"} {
		request := installation(namespace, "rel", "web")
		request.Values = map[string]any{"note": note}
		_, installed := services.Install(t.Context(), request, nil)
		_, foretold := services.Render(t.Context(), RenderRequest{Target: request.Target, Content: request.Content}, nil)
		for _, err := range []error{installed, foretold} {
			refused := problemtest.Want(t, err, problem.ManifestInvalid)
			if refused.Details["file"] != "web/templates/a.yaml" || refused.Details["line"] != 5 {
				t.Errorf("%q: %v %s", note, refused.Details, refused.Message)
			}
		}
	}
}

func TestControlCharactersAreStored(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{
		"a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {note: {{ .Values.note | quote }}}\n",
	})})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	note := "a\u007fb\u0085c\ufeffd\u0000e"
	request.Values = map[string]any{"note": note}
	request.ReleaseConfig = map[string]any{
		"apiVersion": "v1", "kind": "ResourceQuota", "metadata": map[string]any{"name": "facts", "annotations": map[string]any{"note": note}},
		"spec": map[string]any{},
	}
	installed, err := services.Install(t.Context(), request, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := manifest.TextAt(installed.Objects[1].Object, "data", "note"); len(installed.Objects) != 2 || got != note {
		t.Errorf("%q of %d objects", got, len(installed.Objects))
	}
	set := setOf(t, services)
	live, err := set.CoreV1().ConfigMaps(namespace).Get(t.Context(), "a", metav1.GetOptions{})
	if err != nil || live.Data["note"] != note {
		t.Errorf("%q, %v", live.Data, err)
	}
	facts, err := set.CoreV1().ResourceQuotas(namespace).Get(t.Context(), "facts", metav1.GetOptions{})
	if err != nil || facts.Annotations["note"] != note {
		t.Errorf("%q, %v", facts.Annotations, err)
	}
}

// silentWebhookFor registers an unresponsive webhook for the ConfigMaps of a namespace, and returns its name.
func silentWebhookFor(t *testing.T, services *Services, namespace string) string {
	t.Helper()
	set := setOf(t, services)
	name, address, seconds := namespace+".silent.example.com", "https://127.0.0.1:1/", int32(1)
	fail, none := admissionv1.Fail, admissionv1.SideEffectClassNone
	made := &admissionv1.ValidatingWebhookConfiguration{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Webhooks: []admissionv1.ValidatingWebhook{{
			Name: name, ClientConfig: admissionv1.WebhookClientConfig{URL: &address}, FailurePolicy: &fail, SideEffects: &none,
			TimeoutSeconds: &seconds, AdmissionReviewVersions: []string{"v1"},
			NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"kubernetes.io/metadata.name": namespace}},
			Rules: []admissionv1.RuleWithOperations{{
				Operations: []admissionv1.OperationType{admissionv1.OperationAll},
				Rule:       admissionv1.Rule{APIGroups: []string{""}, APIVersions: []string{"v1"}, Resources: []string{"configmaps"}},
			}},
		}},
	}
	if _, err := set.AdmissionregistrationV1().ValidatingWebhookConfigurations().Create(t.Context(), made, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = set.AdmissionregistrationV1().ValidatingWebhookConfigurations().Delete(context.Background(), name, metav1.DeleteOptions{})
	})
	// The API server calls a new webhook only after a moment.
	probe := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{GenerateName: "probe-"}}
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); {
		_, err := set.CoreV1().ConfigMaps(namespace).Create(t.Context(), probe, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
		if err != nil {
			return name
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the webhook is not asked")
	return ""
}
