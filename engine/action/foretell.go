package action

import (
	"context"
	"slices"
	"strings"

	release "helm.sh/helm/v4/pkg/release/v1"
	"k8s.io/cli-runtime/pkg/resource"

	"walm.io/engine/cluster"
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
	// Applied are documents that would be applied: the cluster judges them, as it does the deletions, and what Except has
	// of other objects.
	Applied []map[string]any `json:"applied,omitempty"`
	// Rendered tells that Applied is everything that would be applied, instead of what Except has, and that the cluster has
	// judged it.
	Rendered bool `json:"rendered,omitempty"`
	// KeepsAll tells that nothing is deleted.
	KeepsAll bool `json:"keepsAll,omitempty"`
}

// Foretold lists what an operation would delete, and what it would leave.
type Foretold struct {
	Revision int               `json:"revision"`
	Objects  []cluster.Fate    `json:"objects"`
	Warnings []problem.Warning `json:"warnings"`
	// Refused is what the cluster would refuse the change with; nil where it would not.
	Refused *problem.Problem `json:"refused,omitempty"`
}

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
	goal, err := o.goalOf(request, revisions)
	if err != nil {
		return nil, err
	}
	stays := o.refsIn(goal)
	o.convertRecorded(request.Transform, true)
	if request.KeepsAll {
		return o.foretellApplied(&Foretold{Revision: newest.Version, Objects: []cluster.Fate{}}, goal, request, revisions)
	}
	o.kube.WithBeside = request.Except == 0
	list, err := o.kube.Build(strings.NewReader(newest.Manifest), false)
	if err != nil {
		return nil, err
	}
	list = list.Filter(func(info *resource.Info) bool { return !stays[unversioned(cluster.RefOf(info))] })
	fates, refused := o.kube.Foretell(list, true)
	if err := o.ctx.Err(); err != nil {
		return nil, err
	}
	foretold := &Foretold{Revision: newest.Version, Objects: fates, Refused: o.refusalOf(refused)}
	return o.foretellApplied(foretold, goal, request, revisions)
}

// goalOf returns the manifest that would be applied: the documents of the request, and those of the revision that the
// release goes back to about other objects. Errors: MANIFEST_INVALID.
func (o *operation) goalOf(request ForetellRemovalRequest, revisions []*release.Release) (string, error) {
	applied, err := manifest.EntriesOfObjects(request.Applied, "")
	if err != nil {
		return "", err
	}
	revision := history.Find(revisions, request.Except)
	if revision == nil || request.Rendered {
		return applied.Manifest(), nil
	}
	scopes := o.Cluster.Scopes(o.ctx, nil)
	if err := manifest.CheckRecordedOnce(revision, o.target.Namespace, scopes); err != nil {
		return "", err
	}
	if len(applied) == 0 {
		return revision.Manifest, nil
	}
	replaced := o.refsIn(applied.Manifest())
	kept := slices.DeleteFunc(manifest.EntriesOfManifest(revision.Manifest), func(entry *manifest.Entry) bool {
		documents := manifest.Entries{entry}.Documents(revision.Namespace, scopes)
		return len(documents) == 1 && replaced[unversioned(documents[0].Ref())]
	})
	return append(kept, applied...).Manifest(), nil
}

// refsIn returns the objects of a manifest, independently of the versions of their groups.
func (o *operation) refsIn(text string) map[problem.ObjectRef]bool {
	refs := map[problem.ObjectRef]bool{}
	for _, document := range manifest.DocumentsOf(text, o.target.Namespace, o.Cluster.Scopes(o.ctx, nil)) {
		refs[unversioned(document.Ref())] = true
	}
	return refs
}

// foretellApplied lets the cluster judge what would be applied, too: that comes before the deletions.
func (o *operation) foretellApplied(foretold *Foretold, text string, request ForetellRemovalRequest, revisions []*release.Release) (*Foretold, error) {
	if text != "" && !request.Rendered {
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
