package history

import (
	"errors"

	"helm.sh/helm/v4/pkg/storage/driver"
)

// prune makes room for one more revision of a release by removing the oldest ones, like Helm, except the applied one and
// the one that the change is made from. Helm spares the revision with the status deployed. If the last write of an
// upgrade was lost no revision has it: the applied one is superseded, and a few failures later Helm would remove its only
// record. Without the one that a rollback goes back to, a rollback that is interrupted after this could not be repeated.
func (s *Store) prune(name string) error {
	if s.MaxHistory <= 0 {
		return nil
	}
	found, err := s.query(Labels(name))
	if errors.Is(err, driver.ErrReleaseNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	revisions, err := ToReleases(found)
	if err != nil || len(revisions) == 0 {
		return err
	}
	applied, over := AppliedOf(revisions), len(revisions)+1-s.MaxHistory
	for _, revision := range revisions {
		if over <= 0 {
			break
		}
		if revision.Version == applied.Version || revision.Version == s.Base {
			continue
		}
		if _, err := s.Delete(KeyOf(revision)); err != nil && !errors.Is(err, driver.ErrReleaseNotFound) {
			return err
		}
		over--
	}
	return nil
}
