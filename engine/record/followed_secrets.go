package record

import (
	"context"
	"hash/maphash"
	"sync"

	"helm.sh/helm/v4/pkg/release/common"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	corev1client "k8s.io/client-go/kubernetes/typed/core/v1"

	"walm.io/engine/problem"
)

// maxUpdates bounds how often an update is retried because of changes that do not concern the record.
const maxUpdates = 5

// followedSecrets writes a record only as the successor of the version read or written before through it, while Helm
// overwrites any version. So settling a revision ends the operation that made it: a later write of that operation
// (after a freeze, or a delayed request, or a lost response) changes nothing, and no deletion removes a record that it
// did not see. Only marking as superseded ignores the
// content: an edited record must not stay in force beside its successor.
type followedSecrets struct {
	corev1client.SecretInterface

	seen *observations
}

// observations are the last known versions of the Secrets, by name.
type observations struct {
	mutex  sync.Mutex
	seed   maphash.Seed
	byName map[string]observation
}

type observation struct {
	version string
	uid     types.UID
	// content is a digest of the record in the Secret: others may label and annotate it.
	content uint64
}

func newObservations() *observations {
	return &observations{seed: maphash.MakeSeed(), byName: map[string]observation{}}
}

// observe returns the present version of a Secret.
func (s *observations) observe(secret *corev1.Secret) observation {
	var hash maphash.Hash
	hash.SetSeed(s.seed)
	_, _ = hash.WriteString(statusOf(secret).String())
	_ = hash.WriteByte(0)
	_, _ = hash.Write(secret.Data["release"])
	return observation{secret.ResourceVersion, secret.UID, hash.Sum64()}
}

// note stores the present version of a Secret.
func (s *observations) note(secret *corev1.Secret) observation {
	now := s.observe(secret)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.byName[secret.Name] = now
	return now
}

func (s *observations) of(name string) (observation, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	seen, ok := s.byName[name]
	return seen, ok
}

func (f *followedSecrets) Get(ctx context.Context, name string, options metav1.GetOptions) (*corev1.Secret, error) {
	secret, err := f.SecretInterface.Get(ctx, name, options)
	if err == nil {
		f.seen.note(secret)
	}
	return secret, err
}

func (f *followedSecrets) List(ctx context.Context, options metav1.ListOptions) (*corev1.SecretList, error) {
	list, err := f.SecretInterface.List(ctx, options)
	if err == nil {
		for index := range list.Items {
			f.seen.note(&list.Items[index])
		}
	}
	return list, err
}

func (f *followedSecrets) Create(ctx context.Context, secret *corev1.Secret, options metav1.CreateOptions) (*corev1.Secret, error) {
	created, err := f.SecretInterface.Create(ctx, secret, options)
	if err == nil {
		f.seen.note(created)
	}
	return created, err
}

// Update writes if the record still has the last known version. A record that was never read is read first. Errors:
// REVISION_MISMATCH if another client has written it, those of the cluster.
func (f *followedSecrets) Update(ctx context.Context, secret *corev1.Secret, options metav1.UpdateOptions) (*corev1.Secret, error) {
	seen, err := f.known(ctx, secret.Name)
	if err != nil {
		return nil, err
	}
	for attempt := 1; ; attempt++ {
		secret.ResourceVersion, secret.UID = seen.version, seen.uid
		updated, err := f.SecretInterface.Update(ctx, secret, options)
		if err == nil {
			f.seen.note(updated)
			return updated, nil
		}
		if !apierrors.IsConflict(err) || attempt == maxUpdates {
			return nil, err
		}
		current, err := f.SecretInterface.Get(ctx, secret.Name, metav1.GetOptions{})
		if err != nil {
			return nil, err
		}
		now := f.seen.observe(current)
		isOther := now.isOther(seen)
		if isOther && isSuperseded(secret) && isSuperseded(current) {
			return current, nil
		}
		if isOther && !(isSuperseded(secret) && statusOf(current) == common.StatusDeployed) {
			return nil, writtenByOther(secret.Name)
		}
		seen = now
	}
}

// Delete removes the record if it still has the last known version: a request that arrives late, when the next release
// of this name has a record of this name, or the deletion was given up, removes nothing. What the caller demands of it
// counts instead. Errors as of Update.
func (f *followedSecrets) Delete(ctx context.Context, name string, options metav1.DeleteOptions) error {
	if options.Preconditions != nil {
		return f.SecretInterface.Delete(ctx, name, options)
	}
	seen, err := f.known(ctx, name)
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		options.Preconditions = &metav1.Preconditions{UID: &seen.uid, ResourceVersion: &seen.version}
		err := f.SecretInterface.Delete(ctx, name, options)
		if !apierrors.IsConflict(err) || attempt == maxUpdates {
			return err
		}
		current, err := f.SecretInterface.Get(ctx, name, metav1.GetOptions{})
		if err != nil {
			return err
		}
		now := f.seen.observe(current)
		if now.isOther(seen) {
			return writtenByOther(name)
		}
		seen = now
	}
}

// known returns the last known version of a record, which is read if it never was.
func (f *followedSecrets) known(ctx context.Context, name string) (observation, error) {
	if seen, known := f.seen.of(name); known {
		return seen, nil
	}
	current, err := f.SecretInterface.Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return observation{}, err
	}
	return f.seen.note(current), nil
}

// isOther tells whether the record is another one, or has another content, than the one seen before.
func (o observation) isOther(before observation) bool {
	return o.content != before.content || o.uid != before.uid
}

func writtenByOther(name string) error {
	return problem.New(problem.RevisionMismatch,
		"another process wrote the record %s while this operation was about to write it: the operation ends here", name)
}

func isSuperseded(secret *corev1.Secret) bool { return statusOf(secret) == common.StatusSuperseded }

func statusOf(secret *corev1.Secret) common.Status { return common.Status(secret.Labels["status"]) }
