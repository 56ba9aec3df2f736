package action

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

// broken is a Service that every cluster refuses, after everything else was applied.
const broken = "apiVersion: v1\nkind: Service\nmetadata: {name: zz-broken}\nspec: {ports: [{port: 99999}]}\n"

func setOf(t *testing.T, services *Services) *kubernetes.Clientset {
	t.Helper()
	set, err := ownCore(t, services).session.KubernetesClientSet()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// marks are the labels and annotations that make an object a release's own.
func marks(namespace, name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{
		Labels:      map[string]string{"app.kubernetes.io/managed-by": "Helm"},
		Annotations: map[string]string{"meta.helm.sh/release-name": name, "meta.helm.sh/release-namespace": namespace},
	}
}

func makeConfigMap(t *testing.T, services *Services, namespace, name string, meta metav1.ObjectMeta) types.UID {
	t.Helper()
	meta.Name = name
	made, err := setOf(t, services).CoreV1().ConfigMaps(namespace).Create(t.Context(), &corev1.ConfigMap{ObjectMeta: meta}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return made.UID
}

// uidOf is empty if there is no such ConfigMap, or it is being deleted.
func uidOf(t *testing.T, services *Services, namespace, name string) types.UID {
	t.Helper()
	found, err := setOf(t, services).CoreV1().ConfigMaps(namespace).Get(context.Background(), name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) || (err == nil && found.DeletionTimestamp != nil) {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	return found.UID
}

func wantConfigMaps(t *testing.T, services *Services, namespace string, there, gone []string) {
	t.Helper()
	for _, name := range there {
		if uidOf(t, services, namespace, name) == "" {
			t.Errorf("ConfigMap %s is gone", name)
		}
	}
	for _, name := range gone {
		if uidOf(t, services, namespace, name) != "" {
			t.Errorf("ConfigMap %s is left", name)
		}
	}
}

func warned(warnings []problem.Warning, name string) bool {
	return slices.ContainsFunc(warnings, func(warning problem.Warning) bool {
		return warning.Code == "OBJECT_KEPT" && warning.Object != nil && warning.Object.Name == name
	})
}

func names(objects []problem.ObjectRef) string {
	found := []string{}
	for _, object := range objects {
		found = append(found, object.Name)
	}
	slices.Sort(found)
	return strings.Join(found, " ")
}

func TestTakingBackAnInstallLeavesWhatWasThere(t *testing.T) {
	services := testServices(t, charttest.Charts{"bad": charttest.Files(map[string]string{
		"a.yaml": charttest.ConfigMap("adopted", "data: {a: b}\n"), "b.yaml": charttest.ConfigMap("made", ""), "z.yaml": broken,
		"h.yaml": charttest.ConfigMap("hook", "  annotations: {\"helm.sh/hook\": pre-install}\n"),
	})})
	namespace := newNamespace(t, services)
	adopted := makeConfigMap(t, services, namespace, "adopted", marks(namespace, "rel"))
	request := installation(namespace, "rel", "bad")
	_, err := services.Install(t.Context(), request, nil)
	problemtest.Want(t, err, problem.ManifestInvalid)
	cleaned, err := services.RemoveFailedInstall(t.Context(), RemoveFailedInstallRequest{Target: request.Target, TimeoutMs: 600_000}, nil)
	if err != nil || names(cleaned.Kept) != "adopted" || names(cleaned.Removed) != "hook made" {
		t.Fatalf("%+v, %v", cleaned, err)
	}
	if uidOf(t, services, namespace, "adopted") != adopted {
		t.Error("the adopted object is another one, or gone")
	}
	wantConfigMaps(t, services, namespace, nil, []string{"made", "hook"})
}

// TestAFailedInstallGivesWhatItTookOverItsContentBack has it take over what an earlier release of its name kept, and what
// another user wrote.
func TestAFailedInstallGivesWhatItTookOverItsContentBack(t *testing.T) {
	keep := "  annotations: {helm.sh/resource-policy: keep}\n"
	services := testServices(t, charttest.Charts{
		"first": charttest.Files(map[string]string{"a.yaml": charttest.ConfigMap("kept", keep+"data: {a: first, b: first}\n")}),
		"bad": charttest.Files(map[string]string{
			"a.yaml": charttest.ConfigMap("kept", keep+"data: {a: bad}\n"), "b.yaml": charttest.ConfigMap("theirs", "data: {new: bad}\n"), "z.yaml": broken,
		}),
	})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "first")
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := services.Uninstall(t.Context(), UninstallRequest{Target: request.Target, TimeoutMs: 600_000}, nil); err != nil {
		t.Fatal(err)
	}
	maps := setOf(t, services).CoreV1().ConfigMaps(namespace)
	theirs := corev1.ConfigMap{ObjectMeta: marks(namespace, "rel"), Data: map[string]string{"old": "theirs"}}
	theirs.Name = "theirs"
	if _, err := maps.Create(t.Context(), &theirs, metav1.CreateOptions{FieldManager: "somebody"}); err != nil {
		t.Fatal(err)
	}
	wanted := map[string]map[string]string{"kept": {"a": "first", "b": "first"}, "theirs": {"old": "theirs"}}
	_, err := services.Install(t.Context(), installation(namespace, "rel", "bad"), nil)
	problemtest.Want(t, err, problem.ManifestInvalid)
	cleaned, err := services.RemoveFailedInstall(t.Context(), RemoveFailedInstallRequest{Target: request.Target, TimeoutMs: 600_000}, nil)
	if err != nil || names(cleaned.Kept) != "kept theirs" {
		t.Fatalf("%+v, %v", cleaned, err)
	}
	for name, data := range wanted {
		found := live(t, maps, name)
		if !reflect.DeepEqual(found.Data, data) {
			t.Errorf("%s has %v", name, found.Data)
		}
	}
	// Its fields have the owners that they had: the earlier chart can be installed again without conflicts.
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Error(err)
	}
}

func TestTakingBackSeveralInstallsRemovesWhatTheFirstMade(t *testing.T) {
	services := testServices(t, charttest.Charts{"bad": charttest.Files(map[string]string{"b.yaml": charttest.ConfigMap("made", ""), "z.yaml": broken})})
	namespace := newNamespace(t, services)
	request := installation(namespace, "rel", "bad")
	for range 2 {
		_, err := services.Install(t.Context(), request, nil)
		problemtest.Want(t, err, problem.ManifestInvalid)
	}
	cleaned, err := services.RemoveFailedInstall(t.Context(), RemoveFailedInstallRequest{Target: request.Target, TimeoutMs: 600_000}, nil)
	if err != nil || names(cleaned.Kept) != "" || names(cleaned.Removed) != "made" {
		t.Fatalf("%+v, %v", cleaned, err)
	}
	wantConfigMaps(t, services, namespace, nil, []string{"made"})
}

func TestAReleaseNeverDeletesItsOwnNamespace(t *testing.T) {
	own := "{{ if .Values.own }}apiVersion: v1\nkind: Namespace\nmetadata: {name: \"{{ .Release.Namespace }}\"}\n{{ end }}"
	services := testServices(t, charttest.Charts{"web": charttest.Files(map[string]string{"n.yaml": own, "cm.yaml": charttest.ConfigMap("cm", "")})})
	namespace := newNamespace(t, services)
	patch := fmt.Sprintf(`{"metadata": {"labels": {"app.kubernetes.io/managed-by": "Helm"}, "annotations": {"meta.helm.sh/release-name": "rel", "meta.helm.sh/release-namespace": %q}}}`, namespace)
	if _, err := setOf(t, services).CoreV1().Namespaces().Patch(t.Context(), namespace, types.MergePatchType, []byte(patch), metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
	there := func(when string) {
		found, err := setOf(t, services).CoreV1().Namespaces().Get(t.Context(), namespace, metav1.GetOptions{})
		if err != nil || found.DeletionTimestamp != nil {
			t.Fatalf("the namespace is going %s: %v", when, err)
		}
	}
	request := installation(namespace, "rel", "web")
	request.Values = map[string]any{"own": true}
	if _, err := services.Install(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	without := UpgradeRequest{InstallRequest: request}
	without.Values = map[string]any{"own": false}
	foretold, err := services.Render(t.Context(), RenderRequest{Target: request.Target, Content: without.Content, IsUpgrade: true}, nil)
	if err != nil || !warned(foretold.Warnings, namespace) {
		t.Errorf("the dry run foretells %+v, %v", foretold, err)
	}
	upgraded, err := services.Upgrade(t.Context(), without, nil)
	if err != nil || !warned(upgraded.Warnings, namespace) {
		t.Errorf("%+v, %v", upgraded, err)
	}
	there("after an upgrade")
	back := RewriteRequest{Target: request.Target, Base: 1, Hooks: hooksRollback, ForceConflicts: true, TimeoutMs: 600_000}
	for _, base := range []int{1, 2} {
		back.Base = base
		gone, err := services.Rewrite(t.Context(), back, nil)
		if err != nil || warned(gone.Warnings, namespace) != (base == 2) {
			t.Errorf("%+v, %v", gone, err)
		}
	}
	there("after a rollback")
	with := UpgradeRequest{InstallRequest: request}
	if _, err := services.Upgrade(t.Context(), with, nil); err != nil {
		t.Fatal(err)
	}
	removed, err := services.Uninstall(t.Context(), UninstallRequest{Target: request.Target, TimeoutMs: 600_000, Wait: true}, nil)
	if err != nil || names(removed.Kept) != namespace {
		t.Errorf("%+v, %v", removed, err)
	}
	there("after an uninstall")
}

func TestANamespaceStaysWithWhatOthersHaveInIt(t *testing.T) {
	services := testServices(t, charttest.Charts{})
	home := newNamespace(t, services)
	for name, furnish := range map[string]func(other string){
		"empty":  func(string) {},
		"own":    func(other string) { makeConfigMap(t, services, other, "cm", marks(home, "own")) },
		"others": func(other string) { makeConfigMap(t, services, other, "cm", metav1.ObjectMeta{}) },
		"kept": func(other string) {
			meta := marks(home, "kept")
			meta.Annotations["helm.sh/resource-policy"] = "keep"
			makeConfigMap(t, services, other, "cm", meta)
		},
		"neighbour": func(other string) { makeConfigMap(t, services, other, "cm", marks(home, "somebody")) },
	} {
		other := home + "-" + name
		services.Charts = charttest.Charts{"web": charttest.Files(map[string]string{"n.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + other + "}\n"})}
		request := installation(home, name, "web")
		if _, err := services.Install(t.Context(), request, nil); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = setOf(t, services).CoreV1().Namespaces().Delete(context.Background(), other, metav1.DeleteOptions{})
		})
		furnish(other)
		removed, err := services.Uninstall(t.Context(), UninstallRequest{Target: request.Target, TimeoutMs: 600_000}, nil)
		if err != nil {
			t.Fatal(name, err)
		}
		found, err := setOf(t, services).CoreV1().Namespaces().Get(t.Context(), other, metav1.GetOptions{})
		stays := err == nil && found.DeletionTimestamp == nil
		if wanted := name != "empty" && name != "own"; stays != wanted || (names(removed.Kept) == other) != wanted {
			t.Errorf("%s: the namespace stays: %v, kept %+v, %v", name, stays, removed.Kept, err)
		}
	}
}

func TestAnUpgradeLeavesWhatAnotherReleaseOwnsNow(t *testing.T) {
	services := testServices(t, charttest.Charts{
		"v1": charttest.Files(map[string]string{"a.yaml": charttest.ConfigMap("shared", ""), "b.yaml": charttest.ConfigMap("{{ .Release.Name }}", "")}),
		"v2": charttest.Files(map[string]string{"b.yaml": charttest.ConfigMap("{{ .Release.Name }}", "")}),
	})
	namespace := newNamespace(t, services)
	if _, err := services.Install(t.Context(), installation(namespace, "one", "v1"), nil); err != nil {
		t.Fatal(err)
	}
	if err := setOf(t, services).CoreV1().ConfigMaps(namespace).Delete(t.Context(), "shared", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := services.Install(t.Context(), installation(namespace, "two", "v1"), nil); err != nil {
		t.Fatal(err)
	}
	_, err := services.Upgrade(t.Context(), UpgradeRequest{InstallRequest: installation(namespace, "one", "v1")}, nil)
	if taken := problemtest.Want(t, err, problem.ResourceExists); taken.Object == nil || taken.Object.Name != "shared" || !strings.Contains(taken.Message, "release two") {
		t.Errorf("%+v", taken)
	}
	upgraded, err := services.Upgrade(t.Context(), UpgradeRequest{InstallRequest: installation(namespace, "one", "v2")}, nil)
	if err != nil || !warned(upgraded.Warnings, "shared") {
		t.Errorf("%+v, %v", upgraded, err)
	}
	wantConfigMaps(t, services, namespace, []string{"shared", "one", "two"}, nil)
}

func TestReleasesThatAreMadeAtOnceShareNothing(t *testing.T) {
	services := testServices(t, charttest.Charts{})
	namespace := newNamespace(t, services)
	role := namespace + "-shared"
	services.Charts = charttest.Charts{"web": charttest.Files(map[string]string{
		"r.yaml": "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: " + role + "}\nrules: []\n",
		"a.yaml": charttest.ConfigMap("everybodys", ""), "b.yaml": charttest.ConfigMap("{{ .Release.Name }}", ""),
	})}
	const many = 8
	failures := make([]error, many)
	var group sync.WaitGroup
	for index := range many {
		group.Go(func() {
			_, failures[index] = services.Install(context.Background(), installation(namespace, fmt.Sprintf("r%d", index), "web"), nil)
		})
	}
	group.Wait()
	set := setOf(t, services)
	t.Cleanup(func() { _ = set.RbacV1().ClusterRoles().Delete(context.Background(), role, metav1.DeleteOptions{}) })
	owned, err := set.RbacV1().ClusterRoles().Get(t.Context(), role, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	shared, err := set.CoreV1().ConfigMaps(namespace).Get(t.Context(), "everybodys", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	winners := 0
	for index, failure := range failures {
		if failure != nil {
			problemtest.Want(t, failure, problem.ResourceExists)
			continue
		}
		winners++
		name := fmt.Sprintf("r%d", index)
		if owned.Annotations["meta.helm.sh/release-name"] != name || shared.Annotations["meta.helm.sh/release-name"] != name {
			t.Errorf("%s was told that it is installed, and does not own everything", name)
		}
	}
	if winners > 1 {
		t.Errorf("%d releases own one object", winners)
	}
	for index, failure := range failures {
		if failure == nil {
			continue
		}
		target := Target{Namespace: namespace, Name: fmt.Sprintf("r%d", index)}
		if _, err := services.RemoveFailedInstall(t.Context(), RemoveFailedInstallRequest{Target: target, TimeoutMs: 600_000}, nil); err != nil && !problem.HasCode(err, problem.ReleaseNotFound) {
			t.Error(err)
		}
	}
	if winners == 1 {
		wantConfigMaps(t, services, namespace, []string{"everybodys"}, nil)
	}
}

func TestWhatFailedUpgradesMadeGoesWithTheNextChange(t *testing.T) {
	services := testServices(t, charttest.Charts{
		"good": charttest.Files(map[string]string{"a.yaml": charttest.ConfigMap("a", "data: {v: \"{{ .Values.v }}\"}\n")}),
		"bad":  charttest.Files(map[string]string{"a.yaml": charttest.ConfigMap("a", ""), "x.yaml": charttest.ConfigMap("x-{{ .Release.Revision }}", ""), "t.yaml": charttest.ConfigMap("taken", "data: {a: b}\n"), "z.yaml": broken}),
	})
	for name, end := range map[string]func(target Target) error{
		"upgrade": func(target Target) error {
			upgrading := UpgradeRequest{InstallRequest: installation(target.Namespace, target.Name, "good"), MaxHistory: 2}
			_, err := services.Upgrade(t.Context(), upgrading, nil)
			return err
		},
		"rewrite": func(target Target) error {
			_, err := services.Rewrite(t.Context(), RewriteRequest{Target: target, TimeoutMs: 600_000, Hooks: hooksNone, MaxHistory: 2}, nil)
			return err
		},
		"uninstall": func(target Target) error {
			_, err := services.Uninstall(t.Context(), UninstallRequest{Target: target, TimeoutMs: 600_000}, nil)
			return err
		},
	} {
		namespace := newNamespace(t, services)
		request := installation(namespace, "rel", "good")
		if _, err := services.Install(t.Context(), request, nil); err != nil {
			t.Fatal(err)
		}
		makeConfigMap(t, services, namespace, "taken", marks(namespace, "rel"))
		// More failures than the history keeps.
		for range 4 {
			_, err := services.Upgrade(t.Context(), UpgradeRequest{InstallRequest: installation(namespace, "rel", "bad"), MaxHistory: 2}, nil)
			problemtest.Want(t, err, problem.ManifestInvalid)
		}
		made := []string{"x-2", "x-3", "x-4", "x-5"}
		wantConfigMaps(t, services, namespace, []string{"a", "taken"}, made)
		// As an engine leaves them that is killed before it has taken them back.
		for _, one := range made {
			makeConfigMap(t, services, namespace, one, marks(namespace, "rel"))
		}
		if err := end(request.Target); err != nil {
			t.Fatal(name, err)
		}
		left := []string{"a", "taken"}
		if name == "uninstall" {
			left = []string{"taken"}
			wantConfigMaps(t, services, namespace, nil, []string{"a"})
		}
		wantConfigMaps(t, services, namespace, left, made)
	}
}
