package history

import (
	"errors"
	"slices"

	helmrelease "helm.sh/helm/v4/pkg/release"
	release "helm.sh/helm/v4/pkg/release/v1"
	"helm.sh/helm/v4/pkg/storage/driver"

	"walm.io/engine/problem"
	"walm.io/engine/record"
	"walm.io/engine/seal"
)

// judgedHistory is what an automatic operation reads. A user who may edit the namespace may replace a record after the
// server has checked its seal, so the release is read once, the revisions used have to be the judged ones, and Helm
// gets these very records: none is read a second time. Written revisions go to the cluster and are read here.
type judgedHistory struct {
	name   string
	judged map[int]seal.Facts
	read   func() ([]helmrelease.Releaser, error)
	facts  func(*release.Release) (*seal.Facts, error)

	isRead bool
	// records are oldest first.
	records []*release.Release
	own     map[int]bool
}

// Judge restricts the operation to revisions of a release that were judged. `facts` returns what a seal is verified
// against.
func (s *Store) Judge(name string, judged []seal.Facts, facts func(*release.Release) (*seal.Facts, error)) {
	s.judged = &judgedHistory{
		name: name, judged: map[int]seal.Facts{}, own: map[int]bool{}, facts: facts,
		read: func() ([]helmrelease.Releaser, error) { return s.Store.Query(Labels(name)) },
	}
	for _, facts := range judged {
		s.judged.judged[facts.Revision] = facts
	}
}

// MayUse refuses a revision that was neither judged nor written by the operation. Error: RELEASE_NOT_SEALED.
func (s *Store) MayUse(revision int) error { return s.judged.mayUse(revision) }

// load reads the release and compares. Errors: RELEASE_NOT_SEALED, REVISION_MISMATCH if there is a newer revision than
// the judged ones.
func (h *judgedHistory) load() error {
	if h.isRead {
		return nil
	}
	found, err := h.read()
	if err != nil && !errors.Is(err, driver.ErrReleaseNotFound) {
		return err
	}
	records, err := ToReleases(found)
	if err != nil {
		return err
	}
	if err := h.check(records); err != nil {
		return err
	}
	h.records, h.isRead = records, true
	return nil
}

func (h *judgedHistory) check(records []*release.Release) error {
	for at, recorded := range records {
		if at > 0 && records[at-1].Version == recorded.Version {
			return h.notSealed(recorded.Version, "it is recorded twice")
		}
		if recorded.Info == nil {
			return h.notSealed(recorded.Version, "its record is not whole")
		}
		judged, ok := h.judged[recorded.Version]
		if !ok {
			continue
		}
		facts, err := h.facts(recorded)
		if err != nil {
			return err
		}
		if facts == nil || *facts != judged {
			return h.notSealed(recorded.Version, "it was changed after its seal was looked at")
		}
	}
	if len(records) == 0 {
		return nil
	}
	newest := Newest(records).Version
	if h.mayUse(newest) != nil {
		return problem.New(problem.RevisionMismatch,
			"release %s is at revision %d, which was written after Walm had read it", h.name, newest).With("revision", newest)
	}
	// Helm compares with this one, and what a refused change had reached gets its documents again. Which one it is follows from
	// states, which no seal covers.
	return h.mayUse(AppliedOf(records).Version)
}

// mayUse refuses a revision that the server has not judged and the operation has not written; for nil it refuses none.
// Error: RELEASE_NOT_SEALED.
func (h *judgedHistory) mayUse(revision int) error {
	if h == nil || h.own[revision] {
		return nil
	}
	if _, ok := h.judged[revision]; ok {
		return nil
	}
	return h.notSealed(revision, "it is not among those whose seals were looked at")
}

func (h *judgedHistory) notSealed(revision int, why string) error {
	return problem.New(problem.ReleaseNotSealed, "Walm does not act by itself on revision %d of release %s: %s", revision, h.name, why).
		With("revision", revision)
}

// query answers Helm's queries: all revisions of the release, or those with a status. The status is the record's own,
// because its label may differ.
func (h *judgedHistory) query(labels map[string]string) ([]helmrelease.Releaser, error) {
	if err := h.load(); err != nil {
		return nil, err
	}
	status, byStatus := labels["status"]
	found := []helmrelease.Releaser{}
	for _, recorded := range h.records {
		if labels["name"] == h.name && (!byStatus || recorded.Info.Status.String() == status) {
			found = append(found, record.Copy(recorded))
		}
	}
	if len(found) == 0 {
		return nil, driver.ErrReleaseNotFound
	}
	return found, nil
}

// get returns one judged revision. Errors: driver.ErrReleaseNotFound, those of load and mayUse.
func (h *judgedHistory) get(key string) (helmrelease.Releaser, error) {
	if err := h.load(); err != nil {
		return nil, err
	}
	for _, recorded := range h.records {
		if KeyOf(recorded) == key {
			return record.Copy(recorded), h.mayUse(recorded.Version)
		}
	}
	return nil, driver.ErrReleaseNotFound
}

// wrote stores a revision as it would be read back; nil stores nothing.
func (h *judgedHistory) wrote(written *release.Release) error {
	if h == nil {
		return nil
	}
	kept, err := record.AsReadBack(*written)
	if err != nil {
		return err
	}
	kept.Labels = written.Labels
	if at := slices.IndexFunc(h.records, func(one *release.Release) bool { return one.Version == written.Version }); at >= 0 {
		h.records[at] = kept
		return nil
	}
	h.own[written.Version] = true
	h.records = append(h.records, kept)
	return nil
}

// forget drops a revision that is removed.
func (h *judgedHistory) forget(key string) {
	if h != nil {
		h.records = slices.DeleteFunc(h.records, func(one *release.Release) bool { return KeyOf(one) == key })
	}
}
