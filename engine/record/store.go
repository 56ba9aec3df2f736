package record

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	helmrelease "helm.sh/helm/v4/pkg/release"
	release "helm.sh/helm/v4/pkg/release/v1"
	"helm.sh/helm/v4/pkg/storage/driver"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	corev1client "k8s.io/client-go/kubernetes/typed/core/v1"

	"walm.io/engine/fair"
)

// page is the number of records read by one request: each may be 1 MiB.
const page = 8

// Reading is what all readers of records share.
type Reading struct {
	Limits Limits
	Gate   *Gate
	// Caller is whose share of the gate is taken.
	Caller fair.Caller
	// Memory remembers decoded records; nil for none.
	Memory *Memory
	// Diary remembers records that crash the engine; nil for none.
	Diary *Diary
}

// DefaultReading has the default limits. decompressedBytes, if above 0, is the decompressed limit of one record.
func DefaultReading(decompressedBytes int64) Reading {
	limits := DefaultLimits()
	if decompressedBytes > 0 {
		limits.DecompressedBytes = decompressedBytes
		limits.HistoryBytes = max(limits.HistoryBytes, decompressedBytes)
	}
	return Reading{Limits: limits, Gate: NewGate(2*limits.HistoryBytes, limits.HistoryBytes), Memory: NewMemory(rememberedBytes, rememberedFor)}
}

// For is the same for one caller.
func (r Reading) For(caller fair.Caller) Reading {
	r.Caller = caller
	return r
}

// Store is Helm's driver of release Secrets in one namespace, with two differences: it returns only records that Decode
// accepts, and it writes a record only as the successor of the version it has read. Each call of the engine has its
// own; what it read counts against the gate until the call's context ends.
type Store struct {
	*driver.Secrets

	ctx       context.Context
	secrets   *followedSecrets
	namespace string
	limits    Limits
	lease     *lease
	memory    *Memory
	diary     *Diary
	// ids identify the records read, by place.
	ids   sync.Map
	noted *notedSecrets
	// unreadable are the records that Query found and left out.
	unreadable []corev1.Secret
}

var _ driver.Driver = (*Store)(nil)

// NewStore reads and writes the records of a namespace.
func (r Reading) NewStore(ctx context.Context, secrets corev1client.SecretInterface, namespace string) *Store {
	followed := &followedSecrets{secrets, newObservations()}
	noted := &notedSecrets{SecretInterface: followed, read: secrets, notes: map[string][]byte{}}
	return &Store{
		Secrets: driver.NewSecrets(noted), ctx: ctx, secrets: followed, namespace: namespace, noted: noted,
		limits: r.Limits, lease: r.Gate.newLease(ctx, r.Caller), memory: r.Memory, diary: r.Diary,
	}
}

// Continue lets the store write as the successor of what another one has read, for the end of its operation.
func (s *Store) Continue(other *Store) { s.secrets.seen = other.secrets.seen }

// Limits are those of the records it reads.
func (s *Store) Limits() Limits { return s.limits }

// Found is the content of one place: a release, or why there is none.
type Found struct {
	Place
	Release *release.Release
	Err     error
}

// Get reads one record. Errors: driver.ErrReleaseNotFound, RELEASE_UNREADABLE, those of the cluster.
func (s *Store) Get(key string) (helmrelease.Releaser, error) {
	secret, err := s.secrets.Get(s.ctx, key, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil, driver.ErrReleaseNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("reading the record %s: %w", key, err)
	}
	decoded, err := s.decode(secret)
	if err != nil {
		return nil, err
	}
	decoded.Labels = ownLabels(secret.Labels)
	return decoded, nil
}

func (s *Store) decode(secret *corev1.Secret) (*release.Release, error) {
	place, content, err := open(secret, s.limits, s.memory)
	if err != nil {
		return nil, err
	}
	if err := s.lease.take(s.ctx, content.size); err != nil {
		return nil, err
	}
	return s.decodeWithDiary(place, content, secret)
}

// decodeWithDiary decodes a record while the diary notes it.
func (s *Store) decodeWithDiary(place Place, content packed, secret *corev1.Secret) (*release.Release, error) {
	id := idOf(secret)
	s.ids.Store(place, id)
	if content.known != nil {
		return decode(place, content, secret.Labels, s.limits, s.memory)
	}
	var decoded *release.Release
	err := s.diary.read(place, id, func() (err error) {
		decoded, err = decode(place, content, secret.Labels, s.limits, s.memory)
		return err
	})
	return decoded, err
}

// While does further work with what this store has read from a place, noted in the diary like Get and Find. Error:
// RELEASE_UNREADABLE, and what work returns.
func (s *Store) While(place Place, work func() error) error {
	id, _ := s.ids.Load(place)
	name, _ := id.(string)
	return s.diary.read(place, name, work)
}

// Query reads the records with these labels. Unreadable ones are left out, like in Helm, unless one is the newest of a
// release: then the present state is unknown. Errors: as Get.
func (s *Store) Query(wanted map[string]string) ([]helmrelease.Releaser, error) {
	all, err := s.Find(wanted)
	if err != nil {
		return nil, err
	}
	newest := map[string]Found{}
	read := []helmrelease.Releaser{}
	for _, found := range all {
		if found.Revision > newest[found.Name].Revision {
			newest[found.Name] = found
		}
		if found.Err == nil {
			read = append(read, found.Release)
		}
	}
	if _, byStatus := wanted["status"]; !byStatus {
		for _, found := range newest {
			if found.Err != nil {
				return nil, found.Err
			}
		}
	}
	if len(read) == 0 {
		return nil, driver.ErrReleaseNotFound
	}
	return read, nil
}

// List reads all records of the namespace that a filter accepts.
func (s *Store) List(filter func(helmrelease.Releaser) bool) ([]helmrelease.Releaser, error) {
	all, err := s.Find(map[string]string{"owner": "helm"})
	if err != nil {
		return nil, err
	}
	read := []helmrelease.Releaser{}
	for _, found := range all {
		if found.Err == nil && filter(found.Release) {
			read = append(read, found.Release)
		}
	}
	return read, nil
}

// Delete removes a record, whatever it contains, without decoding it, and returns its place; one that has changed since it
// was read stays. Errors: driver.ErrReleaseNotFound, REVISION_MISMATCH, those of the cluster.
func (s *Store) Delete(key string) (helmrelease.Releaser, error) {
	err := s.secrets.Delete(s.ctx, key, metav1.DeleteOptions{})
	if apierrors.IsNotFound(err) {
		return nil, driver.ErrReleaseNotFound
	}
	place, _ := PlaceOf(s.namespace, key)
	return &release.Release{Namespace: place.Namespace, Name: place.Name, Version: place.Revision}, err
}

// Find reads the Secrets at the places of Helm's records with these labels, by name and revision; all revisions of a
// release include those that their labels hide. Secrets not named like records are ignored. Errors: RELEASE_UNREADABLE
// if all together exceed the limit of a history, those of the cluster.
func (s *Store) Find(wanted map[string]string) ([]Found, error) {
	sized, total, err := s.gather(wanted)
	if err != nil {
		return nil, err
	}
	if err := s.lease.take(s.ctx, total); err != nil {
		return nil, err
	}
	if _, byStatus := wanted["status"]; wanted["name"] != "" && !byStatus {
		hidden, err := s.hidden(wanted["name"], sized)
		if err != nil {
			return nil, err
		}
		sized = append(sized, hidden...)
	}
	all := make([]Found, 0, len(sized))
	for _, one := range sized {
		found := Found{Place: one.place, Err: one.err}
		if found.Err == nil {
			found.Release, found.Err = s.decodeWithDiary(one.place, one.content, &one.secret)
		}
		if found.Err == nil {
			found.Release.Labels = one.secret.Labels
		} else if one.secret.Type == secretType {
			s.unreadable = append(s.unreadable, one.secret)
		}
		all = append(all, found)
	}
	slices.SortFunc(all, func(a, b Found) int { return a.Revision - b.Revision })
	return all, nil
}

type sizedSecret struct {
	secret  corev1.Secret
	place   Place
	content packed
	err     error
}

// gather lists Secrets without decompressing them, and adds up their decompressed sizes.
func (s *Store) gather(wanted map[string]string) ([]sizedSecret, int64, error) {
	var (
		gathered []sizedSecret
		total    int64
		options  = metav1.ListOptions{LabelSelector: labels.Set(wanted).AsSelector().String(), Limit: page}
	)
	for {
		listed, err := s.secrets.List(s.ctx, options)
		if err != nil {
			return nil, 0, fmt.Errorf("reading the records: %w", err)
		}
		for _, secret := range listed.Items {
			secret.Namespace = s.namespace
			if _, ok := PlaceOf(s.namespace, secret.Name); !ok {
				continue
			}
			place, content, err := open(&secret, s.limits, s.memory)
			secret.Data, secret.ManagedFields = nil, nil
			gathered = append(gathered, sizedSecret{secret, place, content, err})
			if total += content.size; total > s.limits.HistoryBytes {
				return nil, 0, place.Unreadable(
					"the records that are kept of the release decompress to more than %d MiB together", s.limits.HistoryBytes>>20)
			}
		}
		if listed.Continue == "" {
			return gathered, total, nil
		}
		options.Continue = listed.Continue
	}
}

// RemoveUnreadable removes the records that this store found and could not read, unless they have changed since. Used
// when a release is uninstalled: Helm removes those that it can read.
func (s *Store) RemoveUnreadable(name string) error {
	failures := []error{}
	for _, secret := range s.unreadable {
		if place, ok := PlaceOf(s.namespace, secret.Name); !ok || place.Name != name {
			continue
		}
		unchanged := metav1.Preconditions{UID: &secret.UID, ResourceVersion: &secret.ResourceVersion}
		err := s.secrets.Delete(s.ctx, secret.Name, metav1.DeleteOptions{Preconditions: &unchanged})
		if err != nil && !apierrors.IsNotFound(err) && !apierrors.IsConflict(err) {
			failures = append(failures, err)
		}
	}
	s.unreadable = nil
	return errors.Join(failures...)
}
