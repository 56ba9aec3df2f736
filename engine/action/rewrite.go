package action

import (
	"context"
	"slices"
	"time"

	helmaction "helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/kube"
	release "helm.sh/helm/v4/pkg/release/v1"

	"walm.io/engine/cluster"
	"walm.io/engine/history"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/progress"
	"walm.io/engine/rendering"
	"walm.io/engine/seal"
)

// RewriteRequest asks for a new revision from recorded documents. Nothing is rendered, because charts may generate
// passwords.
type RewriteRequest struct {
	Target

	// Base is the revision whose chart, values, manifest, hooks and notes are used. 0: the applied one.
	Base int `json:"base,omitempty"`
	// ReleaseConfig replaces the recorded one; nil: the revision has none.
	ReleaseConfig map[string]any `json:"releaseConfig"`
	// Values are recorded instead of the base's, Labels instead of those of the applied revision.
	Values         map[string]any       `json:"values,omitempty"`
	Labels         map[string]string    `json:"labels,omitempty"`
	Description    string               `json:"description,omitempty"`
	TimeoutMs      int64                `json:"timeoutMs"`
	MaxHistory     int                  `json:"maxHistory"`
	Expected       int                  `json:"expectedRevision,omitempty"`
	ForceConflicts bool                 `json:"forceConflicts,omitempty"`
	Wait           bool                 `json:"wait,omitempty"`
	Transform      *rendering.Transform `json:"transform,omitempty"`
	SealToken      string               `json:"sealToken,omitempty"`
	// Kept is the base at the time its seal was checked, if the new revision keeps the maker of that seal: the base must
	// still be exactly this. Nil if the new revision is sealed for the caller.
	Kept *seal.Facts `json:"kept,omitempty"`
	// Hooks is `none`, or `rollback` to run the base's pre-rollback and post-rollback hooks.
	Hooks string `json:"hooks"`
}

// Which hooks a rewrite runs; the record contains all of them in any case.
const (
	hooksNone     = "none"
	hooksRollback = "rollback"
)

// Rewrite is `helm rollback` to a modified revision: the manifest is recorded byte for byte except for the documents
// that change. If it fails, the previously deployed revision stays recorded as deployed, as after a failed upgrade.
func (s *Services) Rewrite(ctx context.Context, request RewriteRequest, report progress.Reporter) (*Release, error) {
	return s.writeRevision(ctx, request.Target, request.TimeoutMs, report, func(op *operation) error { return op.rewrite(request) })
}

func (o *operation) rewrite(request RewriteRequest) error {
	revisions, err := o.changeable(request.Expected)
	if err != nil {
		return err
	}
	base, err := o.baseOf(revisions, request.Base)
	if err != nil {
		return err
	}
	if err := o.isKept(base, request.Kept); err != nil {
		return err
	}
	applied, newest := history.AppliedOf(revisions), history.Newest(revisions)
	altered, err := o.altered(base, applied, newest.Version+1, request)
	if err != nil {
		return err
	}
	if base.Version != applied.Version {
		if err := manifest.CheckRecordedOnce(altered, o.target.Namespace, o.Cluster.Scopes(o.ctx, nil)); err != nil {
			return err
		}
	}
	o.convertRecorded(request.Transform, true)
	if err := o.findLeftovers(revisions, newest.Version); err != nil {
		return err
	}
	o.kube.Earlier, o.kube.Rewrites = cluster.BeforeOf(revisions), request.Hooks == hooksNone
	o.records.Substitute(altered, request.Hooks == hooksRollback)
	run := helmaction.NewRollback(o.helm)
	run.Version = base.Version
	run.Description = request.Description
	run.DisableHooks = request.Hooks != hooksRollback
	run.ForceConflicts = o.applyAs(base, request.ForceConflicts)
	o.records.MaxHistory, o.records.Base = request.MaxHistory, base.Version
	run.Timeout = time.Duration(request.TimeoutMs) * time.Millisecond
	run.WaitStrategy, run.WaitOptions = o.waiting(request.Wait)
	if err := run.Run(o.target.Name); err != nil {
		return o.takeBack(err, altered.Manifest, applied, kube.ClientUpdateOptionServerSideApply(history.ServerSide(base), history.ServerSide(base)))
	}
	return o.records.Release()
}

// baseOf returns the revision to start from. Errors: RELEASE_NOT_FOUND, RELEASE_NOT_SEALED.
func (o *operation) baseOf(revisions []*release.Release, wanted int) (*release.Release, error) {
	found, err := o.findBase(revisions, wanted)
	if err != nil {
		return nil, err
	}
	return found, o.records.MayUse(found.Version)
}

// isKept refuses a base that was written after the server checked its seal: the new content would be sealed in the name
// of the maker of the old one. Error: REVISION_MISMATCH, so that the server reads again.
func (o *operation) isKept(base *release.Release, judged *seal.Facts) error {
	if judged == nil {
		return nil
	}
	facts, err := o.sealFactsOf(base)
	if err != nil || (facts != nil && *facts == *judged) {
		return err
	}
	return problem.New(problem.RevisionMismatch,
		"revision %d of release %s was written again after Walm had looked at its seal: repeat the change", base.Version, o.target.Name).
		With("revision", base.Version)
}

func (o *operation) findBase(revisions []*release.Release, wanted int) (*release.Release, error) {
	if wanted == 0 {
		return history.AppliedOf(revisions), nil
	}
	if found := history.Find(revisions, wanted); found != nil {
		return found, nil
	}
	return nil, problem.New(problem.ReleaseNotFound, "release %s in namespace %s has no revision %d: its history may have been pruned",
		o.target.Name, o.target.Namespace, wanted).With("revision", wanted)
}

// altered returns the base with the documents, values and labels of the new revision. The base is not changed.
func (o *operation) altered(base, applied *release.Release, revision int, request RewriteRequest) (*release.Release, error) {
	altered := *base
	altered.Labels = ownLabels(applied.Labels)
	if request.Labels != nil {
		altered.Labels = request.Labels
	}
	if request.Values != nil {
		altered.Config = request.Values
	}
	objects := slices.DeleteFunc(manifest.EntriesOfManifest(base.Manifest), func(entry *manifest.Entry) bool {
		return entry.IsReleaseConfig(base.Name) && request.ReleaseConfig == nil
	})
	hooks := manifest.EntriesOfHooks(base.Hooks)
	transformer := o.rendering.Transformer(request.Transform)
	shown := slices.DeleteFunc(slices.Concat(objects, hooks), func(entry *manifest.Entry) bool { return entry.IsReleaseConfig("") })
	changes, err := transformer.Changes(shown, rendering.FromRecord)
	if err != nil {
		return nil, err
	}
	if err := o.rendering.KnownParts(shown); err != nil {
		return nil, err
	}
	if changes != nil {
		added, err := manifest.EntriesOfObjects(changes.Added, base.Chart.Name()+"/"+rendering.AddedTemplate)
		if err != nil {
			return nil, err
		}
		for _, entry := range added {
			objects = objects.WithAdded(entry)
		}
	}
	altered.Hooks = manifest.HooksOf(hooks, base.Hooks)
	altered.Manifest, err = o.sealedManifest(altered, revision, objects, request)
	return &altered, err
}

// sealedManifest returns the manifest of the new revision with Walm's own object, sealed if requested.
func (o *operation) sealedManifest(altered release.Release, revision int, objects manifest.Entries, request RewriteRequest) (string, error) {
	sealer := o.sealer(request.SealToken)
	config, word := request.ReleaseConfig, ""
	var err error
	if config != nil && sealer.Wanted() {
		if config, word, err = sealer.Placeholder(config); err != nil {
			return "", err
		}
	}
	if objects, err = objects.WithReleaseConfig(&altered, config); err != nil {
		return "", err
	}
	manifest := objects.Manifest()
	if word == "" {
		return manifest, nil
	}
	altered.Name, altered.Namespace, altered.Version, altered.Manifest = o.target.Name, o.target.Namespace, revision, manifest
	text, err := sealer.Seal(altered, word)
	return seal.ReplaceWord(manifest, word, text), err
}
