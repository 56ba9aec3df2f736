package action

import (
	"context"
	"errors"
	"strings"

	release "helm.sh/helm/v4/pkg/release/v1"

	"walm.io/engine/cluster"
	"walm.io/engine/excerpt"
	"walm.io/engine/guard"
	"walm.io/engine/history"
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
	// Applied are documents that would be applied: the cluster judges them, as it does those of Except and the deletions.
	Applied []map[string]any `json:"applied,omitempty"`
	// KeepsAll tells that nothing is deleted.
	KeepsAll bool `json:"keepsAll,omitempty"`
}

// Foretold lists what an operation would delete, and what it would leave.
type Foretold struct {
	Revision int               `json:"revision"`
	Objects  []Fate            `json:"objects"`
	Warnings []problem.Warning `json:"warnings"`
	// Refused is what the cluster would refuse the change with; nil where it would not.
	Refused *problem.Problem `json:"refused,omitempty"`
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
	fateAbsent  = "gone"
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
	newest := history.Newest(revisions)
	if newest == nil {
		return nil, o.notFound()
	}
	if err := o.findLeftovers(revisions, newest.Version); err != nil {
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
	if request.KeepsAll {
		return o.foretellApplied(&Foretold{Revision: newest.Version, Objects: []Fate{}}, request, revisions)
	}
	o.kube.WithBeside = request.Except == 0
	list, err := o.kube.Build(strings.NewReader(newest.Manifest), false)
	if err != nil {
		return nil, err
	}
	foretold := &Foretold{Revision: newest.Version, Objects: []Fate{}}
	fates := make([]Fate, len(list))
	refusals := make([]error, len(list))
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
			fates[index].Outcome, fates[index].Reason = fateAbsent, "it is not there any longer, or is being deleted"
		default:
			refusals[index] = o.kube.ForetellDeletion(list[index], live)
		}
		return nil
	})
	foretold.Refused = o.refusalOf(errors.Join(refusals...))
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
	return o.foretellApplied(foretold, request, revisions)
}

// foretellApplied lets the cluster judge what would be applied, too: that comes before the deletions.
func (o *operation) foretellApplied(foretold *Foretold, request ForetellRemovalRequest, revisions []*release.Release) (*Foretold, error) {
	entries, err := manifest.EntriesOfObjects(request.Applied, "")
	if err != nil {
		return nil, err
	}
	text := entries.Manifest()
	for _, revision := range revisions {
		if revision.Version == request.Except {
			text = revision.Manifest
		}
	}
	if text != "" {
		judging := cluster.Judging{Base: history.ComparedByUpgrade(revisions), Revisions: revisions, ForceConflicts: true, Classify: o.classify}
		if refused := o.refusalOf(o.kube.Validate(text, judging)); refused != nil {
			foretold.Refused = refused
		}
	}
	foretold.Warnings = append([]problem.Warning{}, o.warnings...)
	return foretold, o.ctx.Err()
}

// refusalOf is what the cluster refuses an object with; what cannot be asked is not refused.
func (o *operation) refusalOf(err error) *problem.Problem {
	refused, _ := problem.From(o.problemOf(err))
	return refused
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
