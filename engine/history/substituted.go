package history

import (
	helmrelease "helm.sh/helm/v4/pkg/release"
	release "helm.sh/helm/v4/pkg/release/v1"

	"walm.io/engine/record"
)

// Substitute makes Helm read the given revision, and holds the updates of others back. Only a `rollback` records which
// revision it came from.
func (s *Store) Substitute(altered *release.Release, rollback bool) {
	s.substituted, s.rollback = altered, rollback
	s.HoldOthers()
}

// HoldOthers holds updates of earlier revisions back until Release. Helm marks the deployed revision as superseded before
// the new one is deployed, a rollback even before it knows whether it succeeds. If its process ended in between, nothing
// would be deployed, and a change that was applied completely would be carried out again.
func (s *Store) HoldOthers() { s.holding = true }

// Get reads one revision.
func (s *Store) Get(key string) (helmrelease.Releaser, error) {
	found, err := s.readOne(key)
	if err != nil || s.substituted == nil {
		return found, err
	}
	recorded, err := ToRelease(found)
	if err != nil || recorded.Version != s.substituted.Version {
		return found, err
	}
	return s.substituted, nil
}

func (s *Store) readOne(key string) (helmrelease.Releaser, error) {
	if s.judged != nil {
		return s.judged.get(key)
	}
	return s.Store.Get(key)
}

// Release writes the updates that were held back.
func (s *Store) Release() error {
	s.mutex.Lock()
	held := s.held
	s.held = nil
	s.mutex.Unlock()
	for _, one := range held {
		if err := s.Store.Update(KeyOf(one), one); err != nil {
			return err
		}
	}
	return nil
}

// KeyOf is the name of a revision's Secret.
func KeyOf(made *release.Release) string {
	return record.Place{Name: made.Name, Revision: made.Version}.SecretName()
}

// holds stores the update of a revision other than the one being written.
func (s *Store) holds(record *release.Release) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if !s.holding || s.written == nil || record.Version >= s.written.Version {
		return false
	}
	s.held = append(s.held, record)
	return true
}
