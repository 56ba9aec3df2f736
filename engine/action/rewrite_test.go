package action

import (
	"context"
	"strings"
	"testing"

	"helm.sh/helm/v4/pkg/release/common"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/jsontext/jsontest"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
	"walm.io/engine/rendering"
)

// ownOperation is an operation that outlives the test's context.
func ownOperation(t *testing.T, services *Services, target Target) *operation {
	t.Helper()
	op, err := services.begin(context.Background(), target, nil)
	if err != nil {
		t.Fatal(err)
	}
	return op
}

// getter is a typed client of one kind.
type getter[T any] interface {
	Get(ctx context.Context, name string, options metav1.GetOptions) (T, error)
}

func wantAbsent[T any](t *testing.T, objects getter[T], name string) {
	t.Helper()
	if _, err := objects.Get(context.Background(), name, metav1.GetOptions{}); !apierrors.IsNotFound(err) {
		t.Errorf("%s is still there: %v", name, err)
	}
}

func live[T any](t *testing.T, objects getter[T], name string) T {
	t.Helper()
	found, err := objects.Get(context.Background(), name, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// replicasChanged answers with Deployments of this many replicas.
func replicasChanged(t *testing.T, replicas int) func(rendering.DocumentQuestion) (*rendering.DocumentChanges, error) {
	return func(question rendering.DocumentQuestion) (*rendering.DocumentChanges, error) {
		changes := &rendering.DocumentChanges{}
		for index, document := range question.Documents {
			if document.Kind == "Deployment" {
				object := copyOfDocument(t, question, index)
				object["spec"].(map[string]any)["replicas"] = replicas
				changes.Changed = append(changes.Changed, manifest.ChangedDocument{Index: index, Object: object})
			}
		}
		return changes, nil
	}
}

func rewriting(target Target) RewriteRequest {
	return RewriteRequest{Target: target, TimeoutMs: 600_000, Hooks: hooksNone, ReleaseConfig: nil}
}

const randomSecret = "apiVersion: v1\nkind: Secret\nmetadata: {name: random}\nstringData: {password: \"{{ randAlphaNum 16 }}\"}\n"

func TestARewriteRendersNothingAndKeepsTheRest(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{
		"deployment.yaml": charttest.Deployment, "odd.yaml": charttest.OddConfigMap, "secret.yaml": randomSecret, "NOTES.txt": "thank you",
		"hook.yaml":     charttest.ConfigMap("hook", "  annotations: {helm.sh/hook: pre-upgrade}\n"),
		"back.yaml":     charttest.ConfigMap("back", "  annotations: {helm.sh/hook: pre-rollback}\n"),
		"farewell.yaml": charttest.ConfigMap("farewell", "  annotations: {helm.sh/hook: pre-delete}\n"),
	})})
	server := &asked{answer: replicasChanged(t, 0)}
	services.ChangeDocuments = server.change
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	request.Values = map[string]any{"replicas": 2}
	request.Labels = map[string]string{"team": "red"}
	installed, err := services.Install(t.Context(), request, nil)
	if err != nil {
		t.Fatal(err)
	}
	set, err := ownCore(t, services).session.KubernetesClientSet()
	if err != nil {
		t.Fatal(err)
	}

	paused := rewriting(request.Target)
	paused.Transform = &rendering.Transform{Token: "pause", Always: true}
	paused.Description = "paused"
	paused.Expected = 1
	made, err := services.Rewrite(t.Context(), paused, nil)
	if err != nil {
		t.Fatal(err)
	}
	if made.Revision != 2 || made.Status != "deployed" || made.Description != "paused" || made.Labels["team"] != "red" || made.Notes != "thank you" {
		t.Errorf("made %+v %q", made.Summary, made.Notes)
	}
	if jsontest.Of(t, made.Config) != jsontest.Of(t, request.Values) || made.ChartMetadata.Name != "web" {
		t.Errorf("config %v of %v", made.Config, made.ChartMetadata)
	}
	if *live(t, set.AppsV1().Deployments(namespace), "rel").Spec.Replicas != 0 {
		t.Error("the deployment was not changed")
	}
	if !server.questions[0].Recorded || len(server.questions[0].Documents) != 6 {
		t.Errorf("asked %+v", server.questions[0])
	}
	before, after := manifest.EntriesOfManifest(installed.Manifest), manifest.EntriesOfManifest(made.Manifest)
	if len(before) != len(after) || before.Manifest() != installed.Manifest {
		t.Fatalf("%d documents became %d", len(before), len(after))
	}
	for index := range before {
		changed := before[index].Head+before[index].Text != after[index].Head+after[index].Text
		if changed != strings.HasSuffix(before[index].Source, "deployment.yaml") || before[index].Head != after[index].Head {
			t.Errorf("document %d of %s: %q", index, before[index].Source, after[index].Text)
		}
	}
	if jsontest.Of(t, hookTexts(installed.Hooks)) != jsontest.Of(t, hookTexts(made.Hooks)) {
		t.Errorf("hooks %+v", made.Hooks)
	}
	wantAbsent(t, set.CoreV1().ConfigMaps(namespace), "hook")
	wantAbsent(t, set.CoreV1().ConfigMaps(namespace), "back")

	// Back to the first revision, with its rollback hooks.
	back := rewriting(request.Target)
	back.Base, back.Hooks, back.Values = 1, hooksRollback, map[string]any{"replicas": 5}
	back.ReleaseConfig = map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "own"},
	}
	restored, err := services.Rewrite(t.Context(), back, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(restored.Manifest, installed.Manifest) || jsontest.Of(t, restored.Config) != `{"replicas":5}` {
		t.Errorf("restored %v\n%s", restored.Config, restored.Manifest)
	}
	if *live(t, set.AppsV1().Deployments(namespace), "rel").Spec.Replicas != 2 {
		t.Error("the deployment was not restored")
	}
	live(t, set.CoreV1().ConfigMaps(namespace), "back")
	live(t, set.CoreV1().ConfigMaps(namespace), "own")
	history, err := services.History(t.Context(), request.Target)
	if err != nil || len(history) != 3 || history[0].Status != "superseded" || history[1].Status != "superseded" {
		t.Errorf("history %+v, %v", history, err)
	}
	if _, err := services.Uninstall(t.Context(), UninstallRequest{Target: request.Target, TimeoutMs: 600_000}, nil); err != nil {
		t.Fatal(err)
	}
	live(t, set.CoreV1().ConfigMaps(namespace), "farewell")
}

func hookTexts(hooks []Hook) []string {
	texts := []string{}
	for _, hook := range hooks {
		texts = append(texts, hook.Path+hook.Manifest)
	}
	return texts
}

func TestAFailedRewriteLeavesWhatWasDeployed(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"deployment.yaml": charttest.Deployment})})
	server := &asked{answer: replicasChanged(t, -1)}
	services.ChangeDocuments = server.change
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	bad := rewriting(request.Target)
	bad.Transform = &rendering.Transform{Always: true}
	_, err := services.Rewrite(t.Context(), bad, nil)
	problemtest.Want(t, err, problem.ManifestInvalid)
	history, err := services.History(t.Context(), request.Target)
	if err != nil || len(history) != 2 || history[0].Status != "deployed" || history[1].Status != "failed" {
		t.Fatalf("history %+v, %v", history, err)
	}
	// The newest revision failed: the deployed one is the base.
	server.answer = replicasChanged(t, 3)
	good, err := services.Rewrite(t.Context(), bad, nil)
	if err != nil || good.Revision != 3 || !strings.Contains(good.Manifest, "replicas: 3") {
		t.Fatalf("%+v, %v", good, err)
	}
	history, err = services.History(t.Context(), request.Target)
	if err != nil || history[0].Status != "superseded" || history[2].Status != common.StatusDeployed.String() {
		t.Errorf("history %+v, %v", history, err)
	}
	missing := rewriting(request.Target)
	missing.Base = 9
	_, err = services.Rewrite(t.Context(), missing, nil)
	problemtest.Want(t, err, problem.ReleaseNotFound)
	missing.Base, missing.Expected = 0, 1
	_, err = services.Rewrite(t.Context(), missing, nil)
	problemtest.Want(t, err, problem.RevisionMismatch)
}

func TestARewriteAfterAFailedOneRemovesWhatThatDidNot(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{
		"deployment.yaml": charttest.Deployment, "extra.yaml": charttest.ConfigMap("extra", ""),
	})})
	replicas := replicasChanged(t, -1)
	server := &asked{answer: func(question rendering.DocumentQuestion) (*rendering.DocumentChanges, error) {
		changes, err := replicas(question)
		for index, document := range question.Documents {
			if document.Kind == "ConfigMap" {
				changes.Changed = append(changes.Changed, manifest.ChangedDocument{Index: index})
			}
		}
		return changes, err
	}}
	services.ChangeDocuments = server.change
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	set, err := ownCore(t, services).session.KubernetesClientSet()
	if err != nil {
		t.Fatal(err)
	}
	removing := rewriting(request.Target)
	removing.Transform = &rendering.Transform{Always: true}
	_, err = services.Rewrite(t.Context(), removing, nil)
	problemtest.Want(t, err, problem.ManifestInvalid)
	live(t, set.CoreV1().ConfigMaps(namespace), "extra")

	replicas = replicasChanged(t, 1)
	if _, err := services.Rewrite(t.Context(), removing, nil); err != nil {
		t.Fatal(err)
	}
	wantAbsent(t, set.CoreV1().ConfigMaps(namespace), "extra")
}
