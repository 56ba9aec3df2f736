package record

import (
	"context"
	"errors"
	"maps"
	"strconv"
	"testing"

	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	corev1client "k8s.io/client-go/kubernetes/typed/core/v1"

	"walm.io/engine/problem"
)

var secretKind = schema.GroupResource{Resource: "secrets"}

// versionedSecrets refuses outdated writes like the API server; the fake clientset of client-go does not.
type versionedSecrets struct {
	corev1client.SecretInterface

	secrets map[string]*corev1.Secret
	writes  int
	// loses is a write that is done and whose response is lost.
	loses int
	// beforeDelete is what others do before the next deletion arrives.
	beforeDelete func()
}

func (v *versionedSecrets) Get(_ context.Context, name string, _ metav1.GetOptions) (*corev1.Secret, error) {
	secret, ok := v.secrets[name]
	if !ok {
		return nil, apierrors.NewNotFound(secretKind, name)
	}
	return secret.DeepCopy(), nil
}

func (v *versionedSecrets) Create(_ context.Context, secret *corev1.Secret, _ metav1.CreateOptions) (*corev1.Secret, error) {
	if v.secrets[secret.Name] != nil {
		return nil, apierrors.NewAlreadyExists(secretKind, secret.Name)
	}
	secret = secret.DeepCopy()
	secret.UID = types.UID(strconv.Itoa(v.writes))
	return v.put(secret)
}

func (v *versionedSecrets) Update(_ context.Context, secret *corev1.Secret, _ metav1.UpdateOptions) (*corev1.Secret, error) {
	current := v.secrets[secret.Name]
	if current == nil {
		return nil, apierrors.NewNotFound(secretKind, secret.Name)
	}
	if secret.ResourceVersion != "" && secret.ResourceVersion != current.ResourceVersion || secret.UID != "" && secret.UID != current.UID {
		return nil, apierrors.NewConflict(secretKind, secret.Name, errors.New("modified"))
	}
	return v.put(secret.DeepCopy())
}

func (v *versionedSecrets) Delete(_ context.Context, name string, options metav1.DeleteOptions) error {
	current := v.secrets[name]
	if current == nil {
		return apierrors.NewNotFound(secretKind, name)
	}
	if v.beforeDelete != nil {
		change := v.beforeDelete
		v.beforeDelete = nil
		change()
		current = v.secrets[name]
	}
	if is := options.Preconditions; is != nil && (*is.UID != current.UID || *is.ResourceVersion != current.ResourceVersion) {
		return apierrors.NewConflict(secretKind, name, errors.New("precondition failed"))
	}
	delete(v.secrets, name)
	return nil
}

func (v *versionedSecrets) put(secret *corev1.Secret) (*corev1.Secret, error) {
	v.writes++
	secret.ResourceVersion = strconv.Itoa(v.writes)
	v.secrets[secret.Name] = secret
	if v.writes == v.loses {
		return nil, errors.New("the connection was reset")
	}
	return secret.DeepCopy(), nil
}

func (v *versionedSecrets) edit(change func(*corev1.Secret)) {
	secret := v.secrets[firstKey].DeepCopy()
	change(secret)
	_, _ = v.put(secret)
}

const firstKey = "sh.helm.release.v1.web.v1"

func revisionWith(status common.Status) *release.Release {
	return &release.Release{Name: "web", Namespace: "demo", Version: 1, Info: &release.Info{Status: status}}
}

// started is an operation that has written its revision, pending.
func started(t *testing.T) (*Store, *versionedSecrets) {
	t.Helper()
	cluster := &versionedSecrets{secrets: map[string]*corev1.Secret{}}
	store := DefaultReading(0).NewStore(t.Context(), cluster, "demo")
	if err := store.Create(firstKey, revisionWith(common.StatusPendingUpgrade)); err != nil {
		t.Fatal(err)
	}
	return store, cluster
}

func TestAnOperationWhoseRevisionWasSettledWritesItNoMore(t *testing.T) {
	for name, settle := range map[string]func(*testing.T, *versionedSecrets){
		"another server settled it": func(t *testing.T, cluster *versionedSecrets) {
			t.Helper()
			other := DefaultReading(0).NewStore(t.Context(), cluster, "demo")
			if err := other.Update(firstKey, revisionWith(common.StatusFailed)); err != nil {
				t.Fatal(err)
			}
		},
		"somebody edited its payload": func(_ *testing.T, cluster *versionedSecrets) {
			cluster.edit(func(secret *corev1.Secret) { secret.Data = map[string][]byte{"release": []byte("other")} })
		},
		"somebody edited its status": func(_ *testing.T, cluster *versionedSecrets) {
			cluster.edit(func(secret *corev1.Secret) {
				secret.Labels = maps.Clone(secret.Labels)
				secret.Labels["status"] = "failed"
			})
		},
		"it was removed, and another one made": func(_ *testing.T, cluster *versionedSecrets) {
			cluster.edit(func(secret *corev1.Secret) { secret.UID = "another" })
		},
	} {
		t.Run(name, func(t *testing.T) {
			store, cluster := started(t)
			settle(t, cluster)
			before := cluster.secrets[firstKey]
			if err := store.Update(firstKey, revisionWith(common.StatusDeployed)); !problem.HasCode(err, problem.RevisionMismatch) {
				t.Errorf("update: %v", err)
			}
			if cluster.secrets[firstKey] != before {
				t.Error("the record was written")
			}
		})
	}
}

func TestWhatIsSupersededIsSupersededWhateverItSays(t *testing.T) {
	for status, want := range map[string]string{"deployed": "superseded", "superseded": "superseded", "failed": "failed"} {
		t.Run(status, func(t *testing.T) {
			store, cluster := started(t)
			cluster.edit(func(secret *corev1.Secret) {
				secret.Labels = maps.Clone(secret.Labels)
				secret.Labels["status"] = status
				secret.Data = map[string][]byte{"release": []byte("edited")}
			})
			err := store.Update(firstKey, revisionWith(common.StatusSuperseded))
			if refused := problem.HasCode(err, problem.RevisionMismatch); refused != (want == "failed") || !refused && err != nil {
				t.Errorf("update: %v", err)
			}
			if got := cluster.secrets[firstKey].Labels["status"]; got != want {
				t.Errorf("the record is %s", got)
			}
		})
	}
}

func TestLabelsOfOthersOnARecordAreInNobodysWay(t *testing.T) {
	store, cluster := started(t)
	cluster.edit(func(secret *corev1.Secret) { secret.Annotations = map[string]string{"backup": "done"} })
	if err := store.Update(firstKey, revisionWith(common.StatusDeployed)); err != nil {
		t.Fatal(err)
	}
	if status := cluster.secrets[firstKey].Labels["status"]; status != "deployed" {
		t.Errorf("the record is %s", status)
	}
}

func TestAWriteWhoseAnswerGotLostIsNotTakenBack(t *testing.T) {
	store, cluster := started(t)
	cluster.loses = cluster.writes + 1
	if err := store.Update(firstKey, revisionWith(common.StatusDeployed)); err == nil {
		t.Fatal("the answer got through")
	}
	// Like the end of the operation, which only knows the pending state.
	after := DefaultReading(0).NewStore(t.Context(), cluster, "demo")
	after.Continue(store)
	if err := after.Update(firstKey, revisionWith(common.StatusFailed)); !problem.HasCode(err, problem.RevisionMismatch) {
		t.Errorf("update: %v", err)
	}
	if status := cluster.secrets[firstKey].Labels["status"]; status != "deployed" {
		t.Errorf("the record is %s", status)
	}
}

func TestARecordThatWasNeverSeenIsLookedAtFirst(t *testing.T) {
	_, cluster := started(t)
	other := DefaultReading(0).NewStore(t.Context(), cluster, "demo")
	if err := other.Update(firstKey, revisionWith(common.StatusSuperseded)); err != nil {
		t.Fatal(err)
	}
	if err := other.Update("sh.helm.release.v1.web.v2", revisionWith(common.StatusDeployed)); !apierrors.IsNotFound(err) {
		t.Errorf("one that is not there: %v", err)
	}
}

func TestADeletionThatArrivesLateRemovesNothingElse(t *testing.T) {
	for name, change := range map[string]func(*versionedSecrets){
		"the record of the next release of this name": func(cluster *versionedSecrets) {
			delete(cluster.secrets, firstKey)
			other := DefaultReading(0).NewStore(context.Background(), cluster, "demo")
			_ = other.Create(firstKey, revisionWith(common.StatusPendingInstall))
		},
		"the record in a state that it got meanwhile": func(cluster *versionedSecrets) {
			other := DefaultReading(0).NewStore(context.Background(), cluster, "demo")
			_ = other.Update(firstKey, revisionWith(common.StatusDeployed))
		},
	} {
		t.Run(name, func(t *testing.T) {
			store, cluster := started(t)
			cluster.beforeDelete = func() { change(cluster) }
			if _, err := store.Delete(firstKey); !problem.HasCode(err, problem.RevisionMismatch) {
				t.Errorf("delete: %v", err)
			}
			if cluster.secrets[firstKey] == nil {
				t.Error("the record is gone")
			}
		})
	}
}

func TestARecordThatOthersLabelledIsDeleted(t *testing.T) {
	store, cluster := started(t)
	cluster.beforeDelete = func() {
		cluster.edit(func(secret *corev1.Secret) { secret.Annotations = map[string]string{"backup": "done"} })
	}
	if _, err := store.Delete(firstKey); err != nil {
		t.Fatal(err)
	}
	if cluster.secrets[firstKey] != nil {
		t.Error("the record is still there")
	}
	if _, err := store.Delete(firstKey); err == nil {
		t.Error("a record that is not there was deleted")
	}
}
