package action

import (
	"context"
	"errors"

	helmrelease "helm.sh/helm/v4/pkg/release"
	release "helm.sh/helm/v4/pkg/release/v1"
	"helm.sh/helm/v4/pkg/storage/driver"

	"walm.io/engine/history"
	"walm.io/engine/record"
)

// RevisionRequest asks for a revision of a release, the newest if Revision is 0.
type RevisionRequest struct {
	Target

	Revision int `json:"revision,omitempty"`
}

// Get returns a recorded revision, nil if there is none; of a failed one also why it failed, if that was noted.
func (s *Services) Get(ctx context.Context, question RevisionRequest) (*Release, error) {
	op, err := s.begin(ctx, question.Target, nil)
	if err != nil {
		return nil, s.beginProblem(question.Target, err)
	}
	revision, recorded, err := op.recordedAt(question.Revision)
	if err != nil || recorded == nil {
		return nil, op.problemOf(err)
	}
	var described *Release
	place := record.Place{Namespace: question.Namespace, Name: question.Name, Revision: revision}
	err = op.records.While(place, func() error {
		described = op.describe(recorded, revision)
		return nil
	})
	if err == nil {
		described.Failure = op.failureOf(recorded, place.SecretName())
	}
	return described, err
}

func (o *operation) recorded(revision int) (*release.Release, error) {
	_, recorded, err := o.recordedAt(revision)
	return recorded, err
}

// recordedAt reads a revision, the newest for 0, and returns the number in the name of its Secret.
func (o *operation) recordedAt(revision int) (int, *release.Release, error) {
	if err := o.checkName(); err != nil {
		return 0, nil, err
	}
	if revision == 0 {
		newest, err := o.newestRevision()
		if err != nil || newest == 0 {
			return 0, nil, err
		}
		revision = newest
	}
	recorded, err := o.readRevision(revision)
	return revision, recorded, err
}

func (o *operation) readRevision(revision int) (*release.Release, error) {
	var record helmrelease.Releaser
	record, err := o.helm.Releases.Get(o.target.Name, revision)
	if errors.Is(err, driver.ErrReleaseNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return history.ToRelease(record)
}

// History returns the summaries of all revisions, oldest first; an unreadable one says why.
func (s *Services) History(ctx context.Context, target Target) ([]Summary, error) {
	op, err := s.begin(ctx, target, nil)
	if err != nil {
		return nil, s.beginProblem(target, err)
	}
	if err := op.checkName(); err != nil {
		return nil, err
	}
	revisions, err := op.records.Find(history.Labels(target.Name))
	if err != nil {
		return nil, op.problemOf(err)
	}
	summaries := make([]Summary, 0, len(revisions))
	for _, revision := range revisions {
		switch {
		case revision.Name != target.Name:
		case revision.Err != nil:
			summaries = append(summaries, unreadableSummary(revision.Place, revision.Err))
		default:
			summaries = append(summaries, summarise(revision.Release))
		}
	}
	return summaries, nil
}
