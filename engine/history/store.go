// Package history is the view of one operation of the revisions of a release: Helm's store with corrections of the
// operation, and what follows from the statuses of the revisions.
package history

import (
	"errors"
	"maps"
	"slices"
	"sync"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	helmrelease "helm.sh/helm/v4/pkg/release"
	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"
	"helm.sh/helm/v4/pkg/storage/driver"

	"walm.io/engine/excerpt"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/progress"
	"walm.io/engine/record"
)

// Store is Helm's store of release Secrets with six additions: a release that Helm made from a literal chart is written
// with the real chart and the user's values, a record that does not fit is refused before the first write, written
// revisions are remembered, the applied revision and
// the one that a change is made from are never pruned, a revision can be read differently than it was
// recorded, and automatic changes read the judged revisions, once.
type Store struct {
	*record.Store

	literal *helmchart.Chart
	chart   *helmchart.Chart
	values  map[string]any
	report  progress.Reporter

	// substituted is read in place of the revision with its number.
	substituted *release.Release
	rollback    bool

	// judged is read instead of the cluster; nil for changes requested by users.
	judged *judgedHistory

	// MaxHistory is the number of revisions to keep, including the one about to be written; 0 for all.
	MaxHistory int
	// Base is the revision that the change is made from, which is kept as well; 0 for none.
	Base int
	// Notes returns the notes to store with a new revision.
	Notes func() record.Notes
	// CutOff (may be nil) tells whether a revision recorded as failed was interrupted.
	CutOff func() bool
	// Failed (may be nil) returns what the operation failed with, to be noted with its revision; nil if that is not known.
	Failed func() *problem.Problem
	// Uninstalling (may be nil) is called once the objects of the release are about to be removed.
	Uninstalling func()

	// Placeholders are those in what Helm writes.
	Placeholders *manifest.Placeholders
	// Shortens passes Helm manifests with placeholders when it reads records.
	Shortens bool

	mutex   sync.Mutex
	written *release.Release
	// read is a history that was read ahead and may be used once, before anything is written.
	read *readHistory
	// held are updates of earlier revisions that wait for the success of the one being written, while `holding`.
	held    []*release.Release
	holding bool
}

// New returns the store of one operation.
func New(store *record.Store, report progress.Reporter) *Store {
	return &Store{Store: store, report: report}
}

var _ driver.Driver = (*Store)(nil)

// Stand makes records of the literal chart appear as records of the real one.
func (s *Store) Stand(literal, real *helmchart.Chart, values map[string]any) {
	s.literal, s.chart, s.values = literal, real, values
}

type readHistory struct {
	name    string
	records []helmrelease.Releaser
	err     error
}

// ReadAhead reads the history of a release, for the operation and for Helm's own first read of it. A revision that
// another client writes meanwhile is detected by Create, which is atomic.
func (s *Store) ReadAhead(name string) ([]helmrelease.Releaser, error) {
	if s.judged != nil {
		return s.Query(Labels(name))
	}
	records, err := s.Store.Query(Labels(name))
	if err == nil || errors.Is(err, driver.ErrReleaseNotFound) {
		s.mutex.Lock()
		s.read = &readHistory{name, slices.Clone(records), err}
		s.mutex.Unlock()
	}
	return records, err
}

// Query reads revisions, or returns the history that was read ahead, in the form for Helm.
func (s *Store) Query(labels map[string]string) ([]helmrelease.Releaser, error) {
	found, err := s.query(labels)
	if !s.Shortens || err != nil {
		return found, err
	}
	shortened := make([]helmrelease.Releaser, len(found))
	for index, one := range found {
		made, err := ToRelease(one)
		if err != nil {
			return nil, err
		}
		copied := *made
		copied.Manifest = s.Placeholders.Shorten(made.Manifest)
		shortened[index] = &copied
	}
	return shortened, nil
}

func (s *Store) query(labels map[string]string) ([]helmrelease.Releaser, error) {
	if s.judged != nil {
		return s.judged.query(labels)
	}
	s.mutex.Lock()
	read := s.read
	s.read = nil
	s.mutex.Unlock()
	if read != nil && maps.Equal(labels, Labels(read.name)) {
		return read.records, read.err
	}
	return s.Store.Query(labels)
}

// Labels are those by which Helm finds all revisions of a release.
func Labels(name string) map[string]string {
	return map[string]string{"name": name, "owner": "helm"}
}

// Create writes a new revision; it fails if the revision exists, which fences concurrent writers.
// Errors: RELEASE_TOO_LARGE, driver.ErrReleaseExists.
func (s *Store) Create(key string, written helmrelease.Releaser) error {
	real, err := s.real(written)
	if err != nil {
		return err
	}
	if s.substituted != nil && !s.rollback {
		real.Info.RollbackRevision = 0
	}
	if err := checkReadable(real, s.Limits()); err != nil {
		return err
	}
	if s.Notes != nil {
		s.Note(key, s.Notes())
	}
	err = s.CreateWithin(key, real, func(size int) error {
		// A record far enough below the limit needs no separate check of the part that a dry run knows.
		if size > allowedSize(real)-noteRoom {
			if err := CheckRecordable(real, s.Limits()); err != nil {
				return err
			}
		}
		if size > roomyRecord(real) {
			return recordTooLarge(real, size)
		}
		s.report(progress.Step{Phase: progress.PhaseRecord, Message: "recording revision " + key})
		// A refused record prunes nothing.
		return s.prune(real.Name)
	})
	if err != nil {
		return err
	}
	s.remember(real)
	return s.judged.wrote(real)
}

// Update writes a revision again.
func (s *Store) Update(key string, written helmrelease.Releaser) error {
	real, err := s.real(written)
	if err != nil {
		return err
	}
	// In the same write that records the failure: otherwise a reader would not retry.
	if real.Info.Status == common.StatusFailed {
		if s.CutOff != nil && s.CutOff() {
			real.Info.Description = MarkCutOff(real.Info.Description)
		} else if s.Failed != nil {
			if failure := s.Failed(); failure != nil {
				s.NoteFailure(key, failure)
			}
		}
	}
	if s.holds(real) {
		return nil
	}
	if err := s.Store.Update(key, real); err != nil {
		return err
	}
	s.remember(real)
	if s.Uninstalling != nil && real.Info.Status == common.StatusUninstalling {
		s.Uninstalling()
		s.Uninstalling = nil
	}
	return s.judged.wrote(real)
}

// maxDescriptionBytes bounds the recorded description of a failure: webhooks of the cluster may return messages of any
// length, and a record with more than what is read would lock its release.
const maxDescriptionBytes = 16 << 10

// real returns the release to be recorded.
func (s *Store) real(written helmrelease.Releaser) (*release.Release, error) {
	made, err := ToRelease(written)
	if err != nil {
		return nil, err
	}
	if whole := s.Placeholders.Restore(made.Manifest); len(whole) != len(made.Manifest) {
		restored := *made
		restored.Manifest = whole
		made = &restored
	}
	if made.Info != nil {
		made.Info.Description = excerpt.Of(made.Info.Description, maxDescriptionBytes)
	}
	if s.literal == nil || made.Chart != s.literal {
		return made, nil
	}
	recorded := *made
	recorded.Chart = s.chart
	recorded.Config = s.values
	return &recorded, nil
}

// remember stores a copy of the operation's own revision as it is in the cluster now.
func (s *Store) remember(revision *release.Release) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.written != nil && revision.Version < s.written.Version {
		return
	}
	kept := *revision
	info := *revision.Info
	kept.Info = &info
	kept.Hooks = slices.Clone(revision.Hooks)
	s.written = &kept
}

// Last returns the newest revision that this operation wrote, nil if it wrote none.
func (s *Store) Last() *release.Release {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.written
}

// Delete removes a revision that is no longer kept.
func (s *Store) Delete(key string) (helmrelease.Releaser, error) {
	s.judged.forget(key)
	return s.Store.Delete(key)
}
