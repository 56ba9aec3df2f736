package action

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/jsontext/jsontest"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
	"walm.io/engine/rendering"
)

// asked is a fake server that answers with a function and remembers its requests.
type asked struct {
	answer    func(question rendering.DocumentQuestion) (*rendering.DocumentChanges, error)
	questions []rendering.DocumentQuestion
}

func (a *asked) change(_ context.Context, question rendering.DocumentQuestion) (*rendering.DocumentChanges, error) {
	a.questions = append(a.questions, question)
	return a.answer(question)
}

// documentAt finds a document by kind and name.
func documentAt(t *testing.T, q rendering.DocumentQuestion, kind, name string) int {
	t.Helper()
	for _, document := range q.Documents {
		if document.Kind == kind && document.Name == name {
			return document.Index
		}
	}
	t.Fatalf("no %s %s among %+v", kind, name, q.Documents)
	return -1
}

// copyOfDocument is what the server gets and may change: the JSON form.
func copyOfDocument(t *testing.T, q rendering.DocumentQuestion, index int) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(jsontest.Of(t, q.Documents[index].Object)))
	decoder.UseNumber()
	var object map[string]any
	if err := decoder.Decode(&object); err != nil {
		t.Fatal(err)
	}
	return object
}

func TestDocumentsAreChangedAndOthersKeepTheirBytes(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{
		"a.yaml": charttest.OddConfigMap + "---\n" + charttest.ConfigMap("changed", "data: {big: \"x\"}\nimmutable: false\n") + "---\n" + charttest.ConfigMap("removed", ""),
		"list.yaml": "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: listed}}\n" +
			"- {apiVersion: v1, kind: ConfigMap, metadata: {name: other}}\n",
		"hook.yaml": charttest.ConfigMap("hook", "  annotations: {helm.sh/hook: pre-delete, helm.sh/hook-weight: \"3\"}\n"),
	})})
	server := &asked{}
	server.answer = func(question rendering.DocumentQuestion) (*rendering.DocumentChanges, error) {
		changed := documentAt(t, question, "ConfigMap", "changed")
		object := copyOfDocument(t, question, changed)
		object["data"] = map[string]any{"by": "server"}
		listed := copyOfDocument(t, question, documentAt(t, question, "ConfigMap", "listed"))
		listed["data"] = map[string]any{"in": "list"}
		hook := documentAt(t, question, "ConfigMap", "hook")
		if facts := question.Documents[hook].Hook; facts == nil || facts.Weight != 3 || facts.Events[0] != "pre-delete" {
			t.Errorf("the hook is %+v", question.Documents[hook])
		}
		hooked := copyOfDocument(t, question, hook)
		hooked["data"] = map[string]any{"in": "hook"}
		odd := documentAt(t, question, "ConfigMap", "odd")
		return &rendering.DocumentChanges{
			Changed: []manifest.ChangedDocument{
				{Index: changed, Object: object},
				{Index: documentAt(t, question, "ConfigMap", "removed")},
				{Index: documentAt(t, question, "ConfigMap", "listed"), Object: listed},
				{Index: hook, Object: hooked},
				// A document that comes back unchanged is not a change.
				{Index: odd, Object: copyOfDocument(t, question, odd)},
			},
			Added:    []map[string]any{{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "added"}}},
			Warnings: []problem.Warning{{Code: "TEST", Message: "careful"}},
		}, nil
	}
	services.ChangeDocuments = server.change
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	request.ReleaseConfig = nil
	request.Transform = &rendering.Transform{Token: "t1", Always: true}
	installed, err := services.Install(t.Context(), request, nil)
	if err != nil {
		t.Fatal(err)
	}
	if question := server.questions[0]; len(server.questions) != 1 || question.Token != "t1" || question.Recorded {
		t.Errorf("asked %+v", server.questions)
	}
	if !strings.Contains(installed.Manifest, charttest.OddConfigMap) {
		t.Errorf("an unchanged document lost its bytes:\n%s", installed.Manifest)
	}
	names := []string{}
	for _, object := range installed.Objects {
		names = append(names, object.Name)
	}
	if got := strings.Join(names, " "); got != "odd changed added listed other" && got != "odd changed listed other added" {
		t.Errorf("objects %s\n%s", got, installed.Manifest)
	}
	if !strings.Contains(installed.Manifest, "by: server") || !strings.Contains(installed.Manifest, "in: list") {
		t.Errorf("the manifest is\n%s", installed.Manifest)
	}
	if len(installed.Hooks) != 1 || !strings.Contains(installed.Hooks[0].Manifest, "in: hook") || installed.Hooks[0].Weight != 3 {
		t.Errorf("hooks %+v", installed.Hooks)
	}
	if len(installed.Warnings) != 1 || installed.Warnings[0].Code != "TEST" {
		t.Errorf("warnings %+v", installed.Warnings)
	}
	read, err := services.Get(t.Context(), RevisionRequest{Target: request.Target})
	if err != nil || read.Manifest != installed.Manifest || len(read.Warnings) != 0 {
		t.Errorf("recorded %+v, %v", read, err)
	}
}

func TestTheServerIsAskedOnlyWhereThereIsWork(t *testing.T) {
	services := testServices(t, charttest.Charts{
		"new": charttest.Files(map[string]string{"d.yaml": charttest.Deployment}),
		"old": charttest.Files(map[string]string{"d.yaml": strings.Replace(charttest.Deployment, "apps/v1", "apps/v1beta1", 1)}),
	})
	server := &asked{}
	server.answer = func(question rendering.DocumentQuestion) (*rendering.DocumentChanges, error) {
		object := copyOfDocument(t, question, 0)
		object["apiVersion"] = "apps/v1"
		return &rendering.DocumentChanges{Changed: []manifest.ChangedDocument{{Index: 0, Object: object}}}, nil
	}
	services.ChangeDocuments = server.change
	namespace := newNamespace(t, services)
	for _, chart := range []string{"new", "old"} {
		request := installation(namespace, chart, chart)
		request.Transform = &rendering.Transform{Token: chart}
		installed, err := services.Install(t.Context(), request, nil)
		if err != nil || installed.Objects[0].APIVersion != "apps/v1" {
			t.Fatalf("%s: %+v, %v", chart, installed, err)
		}
	}
	if len(server.questions) != 1 || server.questions[0].Token != "old" {
		t.Errorf("asked %+v", server.questions)
	}
	served := server.questions[0].Served["apps/v1"]
	if !strings.Contains(strings.Join(served, " "), "StatefulSet") {
		t.Errorf("apps/v1 serves %v", served)
	}
}

func TestWhatTheServerRefusesFailsTheOperation(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"cm.yaml": charttest.ConfigMap("cm", "")})})
	services.ChangeDocuments = func(ctx context.Context, _ rendering.DocumentQuestion) (*rendering.DocumentChanges, error) {
		return nil, problem.New(problem.ValuesInvalid, "not like this")
	}
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	request.Transform = &rendering.Transform{Always: true}
	_, err := services.Install(t.Context(), request, nil)
	if refused := problemtest.Want(t, err, problem.ValuesInvalid); refused.Message != "not like this" {
		t.Errorf("%s", refused.Message)
	}
	left, err := services.List(t.Context(), nil, namespace)
	if err != nil || len(left) != 0 {
		t.Errorf("records are left: %+v, %v", left, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	services.ChangeDocuments = func(ctx context.Context, _ rendering.DocumentQuestion) (*rendering.DocumentChanges, error) {
		cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	}
	_, err = services.Install(ctx, request, nil)
	problemtest.Want(t, err, problem.Cancelled)
}

// TestARecordThatIsNoLongerServedIsConverted records a manifest with an API version that this cluster does not know,
// like an older cluster would have left it, and upgrades and uninstalls it.
func TestARecordThatIsNoLongerServedIsConverted(t *testing.T) {
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"d.yaml": charttest.Deployment})})
	services.ChangeDocuments = func(_ context.Context, question rendering.DocumentQuestion) (*rendering.DocumentChanges, error) {
		changes := &rendering.DocumentChanges{}
		for index, document := range question.Documents {
			if document.APIVersion == "apps/v1beta1" {
				object := copyOfDocument(t, question, index)
				object["apiVersion"] = "apps/v1"
				changes.Changed = append(changes.Changed, manifest.ChangedDocument{Index: index, Object: object})
			}
		}
		return changes, nil
	}
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "web")
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	age := func(revision int) {
		op := ownOperation(t, services, request.Target)
		recorded, err := op.recorded(revision)
		if err != nil {
			t.Fatal(err)
		}
		recorded.Manifest = strings.Replace(recorded.Manifest, "apps/v1\n", "apps/v1beta1\n", 1) +
			"---\n# Source: web/templates/gone.yaml\napiVersion: gone.walm.test/v1\nkind: Gone\nmetadata: {name: gone}\n"
		if err := op.helm.Releases.Update(recorded); err != nil {
			t.Fatal(err)
		}
	}
	age(1)
	upgrading := UpgradeRequest{InstallRequest: request}
	_, err := services.Upgrade(t.Context(), upgrading, nil)
	problemtest.Want(t, err, problem.KindUnknown)
	upgrading.Transform = &rendering.Transform{}
	upgraded, err := services.Upgrade(t.Context(), upgrading, nil)
	if err != nil || upgraded.Objects[0].APIVersion != "apps/v1" {
		t.Fatalf("%+v, %v", upgraded, err)
	}
	if len(upgraded.Warnings) != 1 || upgraded.Warnings[0].Object.Kind != "Gone" {
		t.Errorf("warnings %+v", upgraded.Warnings)
	}
	age(upgraded.Revision)
	removal := UninstallRequest{Target: request.Target, TimeoutMs: 600_000, Wait: true, Transform: &rendering.Transform{}}
	if _, err := services.Uninstall(t.Context(), removal, nil); err != nil {
		t.Fatal(err)
	}
	set, err := ownCore(t, services).session.KubernetesClientSet()
	if err != nil {
		t.Fatal(err)
	}
	wantAbsent(t, set.AppsV1().Deployments(namespace), "rel")
}
