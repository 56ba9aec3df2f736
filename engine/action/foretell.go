package action

import (
	"context"
	"strings"

	"walm.io/engine/cluster"
	"walm.io/engine/excerpt"
	"walm.io/engine/guard"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/progress"
	"walm.io/engine/rendering"
)

// ForetellRemovalRequest asks what would happen to the objects of a release's newest revision if it were uninstalled.
type ForetellRemovalRequest struct {
	Target

	// Except is a revision whose objects would stay, because the release is rolled back to it; 0: none.
	Except int `json:"except,omitempty"`
	// Transform is called only if the record contains kinds that the cluster no longer serves.
	Transform *rendering.Transform `json:"transform,omitempty"`
}

// Foretold lists what an operation would delete, and what it would leave.
type Foretold struct {
	Revision int               `json:"revision"`
	Objects  []Fate            `json:"objects"`
	Warnings []problem.Warning `json:"warnings"`
}

// Fate is what would happen to one object, and why.
type Fate struct {
	Object  problem.ObjectRef `json:"object"`
	Outcome string            `json:"outcome"`
	Reason  string            `json:"reason"`
}

// Outcomes of an object that an operation removes from the release.
const (
	fateDeleted = "deleted"
	fateKept    = "kept"
	fateGone    = "gone"
	fateUnknown = "unknown"
)

// ForetellRemoval judges the objects like the deletion itself; nothing is written. An object that cannot be judged says
// why. Errors: RELEASE_NOT_FOUND, RELEASE_UNREADABLE, MANIFEST_INVALID, CLUSTER_UNREACHABLE, the context's.
func (s *Services) ForetellRemoval(ctx context.Context, request ForetellRemovalRequest, report progress.Reporter) (*Foretold, error) {
	op, err := s.begin(ctx, request.Target, report)
	if err != nil {
		return nil, s.beginProblem(request.Target, err)
	}
	foretold, err := op.foretellRemoval(request)
	return foretold, op.problemOf(err)
}

func (o *operation) foretellRemoval(request ForetellRemovalRequest) (*Foretold, error) {
	revisions, err := o.history()
	if err != nil {
		return nil, err
	}
	if len(revisions) == 0 {
		return nil, o.notFound()
	}
	newest := revisions[len(revisions)-1]
	if err := o.lookBeside(revisions, newest.Version); err != nil {
		return nil, err
	}
	stays := map[problem.ObjectRef]bool{}
	for _, revision := range revisions {
		if revision.Version != request.Except {
			continue
		}
		scopes := o.Cluster.Scopes(o.ctx, nil)
		if err := manifest.CheckRecordedOnce(revision, o.target.Namespace, scopes); err != nil {
			return nil, err
		}
		for _, document := range manifest.DocumentsOf(revision.Manifest, revision.Namespace, scopes) {
			stays[unversioned(document.Ref())] = true
		}
	}
	o.convertRecorded(request.Transform, true)
	o.kube.WithBeside = request.Except == 0
	list, err := o.kube.Build(strings.NewReader(newest.Manifest), false)
	if err != nil {
		return nil, err
	}
	foretold := &Foretold{Revision: newest.Version, Objects: []Fate{}}
	fates := make([]Fate, len(list))
	failures := guard.Each(len(list), parallelComparisons, func(index int) error {
		fates[index] = Fate{Object: cluster.RefOf(list[index]), Outcome: fateDeleted}
		if stays[unversioned(fates[index].Object)] {
			return nil
		}
		live, kept, err := o.kube.Judge(list[index])
		switch {
		case err != nil:
			return err
		case kept != "":
			fates[index].Outcome, fates[index].Reason = fateKept, kept
		case live == nil:
			fates[index].Outcome, fates[index].Reason = fateGone, "it is not there any longer, or is being deleted"
		}
		return nil
	})
	for index, fate := range fates {
		if stays[unversioned(fate.Object)] {
			continue
		}
		if failures[index] != nil {
			if err := o.ctx.Err(); err != nil {
				return nil, err
			}
			fate.Outcome, fate.Reason = fateUnknown, excerpt.Of(failures[index].Error(), messageBytes)
		}
		foretold.Objects = append(foretold.Objects, fate)
	}
	foretold.Warnings = append([]problem.Warning{}, o.warnings...)
	return foretold, nil
}

// unversioned identifies the object independently of the version of its group.
func unversioned(object problem.ObjectRef) problem.ObjectRef {
	if group, _, found := strings.Cut(object.APIVersion, "/"); found {
		object.APIVersion = group
	} else {
		object.APIVersion = ""
	}
	return object
}
