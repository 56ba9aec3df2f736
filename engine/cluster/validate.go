package cluster

import (
	"maps"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/kube"
	release "helm.sh/helm/v4/pkg/release/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/cli-runtime/pkg/resource"

	"walm.io/engine/guard"
	"walm.io/engine/history"
	"walm.io/engine/manifest"
	"walm.io/engine/ownership"
	"walm.io/engine/problem"
)

const (
	// notValidated is the code of the warning about objects that the cluster cannot validate in a dry run.
	notValidated = "NOT_VALIDATED"
	// parallelDryRuns is the number of objects validated concurrently.
	parallelDryRuns = 8
	// maxNamedRefusals bounds the objects that one refusal names.
	maxNamedRefusals = 50
)

// Judging says of which change the objects are judged.
type Judging struct {
	// Base is the revision that is upgraded, one of Revisions; nil for an install.
	Base           *release.Release
	Revisions      []*release.Release
	ForceConflicts bool
	// Hooks are those that run.
	Hooks []*release.Hook
	// Upcoming are kinds whose definitions the change writes before anything else. Those of the manifest are found in it.
	Upcoming map[schema.GroupKind]bool
	// Classify gives the problem that an error of the cluster is.
	Classify func(error) error
}

// Validate lets the cluster judge the objects of a manifest as it would if they were applied: a dry run of the request
// that Helm sends for each, in the name of the caller. Error: what applying the first refused object would fail with; its
// details name all of them. What an upgrade would leave as it was is judged as it would be left. An object whose definition
// comes with the same change cannot be judged by the one that is there: its refusal is a warning.
func (c *Client) Validate(text string, judging Judging) error {
	base := judging.Base
	c.Forces = judging.ForceConflicts
	if base != nil && !history.ServerSide(base) {
		c.ClientSide, c.ClientApply = true, !c.Forces
		c.host.Session.WriteNothing()
	}
	upcoming := manifest.EntriesOfManifest(text).DefinedKinds()
	maps.Copy(upcoming, judging.Upcoming)
	text, _ = c.withoutUnknownKinds(text)
	list, err := c.built(strings.NewReader(text), false)
	if err != nil {
		return manifest.Unreadable(err)
	}
	var known *knownObjects
	former := map[string]*resource.Info{}
	if base != nil {
		c.Earlier = BeforeOf(judging.Revisions)
		if recorded, err := c.built(strings.NewReader(base.Manifest), false); err == nil {
			known = c.known(recorded)
			for _, info := range recorded {
				former[objectKey(info)] = info
			}
		}
	}
	hooks, err := c.hookObjects(judging.Hooks, upcoming)
	if err != nil {
		return err
	}
	if list, err = c.withinNamespaces(append(list, hooks...)); err != nil {
		return err
	}
	documents := make([]map[string]any, len(list))
	for index, info := range list {
		// Judging replaces the objects by those that the cluster answers with.
		documents[index] = contentOf(info)
	}
	failures := guard.Each(len(list), parallelDryRuns, func(index int) error {
		if slices.Contains(hooks, list[index]) {
			return c.judgedHook(list[index])
		}
		return c.judged(list[index], known, former[objectKey(list[index])])
	})
	if err := c.host.Context.Err(); err != nil {
		return err
	}
	sharedNodePorts(list, documents, failures)
	c.beyondOwnLimits(list, documents, failures)
	var first *problem.Problem
	refused := []map[string]any{}
	for index, failure := range failures {
		if failure == nil {
			continue
		}
		if supportsNoDryRun(failure) {
			c.warnUnjudged(list[index], "an admission webhook of it supports no dry run")
			continue
		}
		before := list[:index]
		if slices.Contains(hooks, list[index]) {
			// They run before or after all others.
			before = list
		}
		if comesAlong(failure, before) {
			c.warnUnjudged(list[index], "something that it needs comes with the same change")
			continue
		}
		if c.becomesFree(failure, index, list, documents) {
			c.warnUnjudged(list[index], "the port that it asks for becomes free with the same change")
			continue
		}
		if _, changes := upcoming[list[index].Mapping.GroupVersionKind.GroupKind()]; changes {
			c.warnUnjudged(list[index], "the definition of its kind comes with the same change")
			continue
		}
		found, ok := problem.From(judging.Classify(failure))
		if !ok {
			return failure
		}
		if first == nil {
			first = found
		}
		if len(refused) < maxNamedRefusals {
			refused = append(refused, map[string]any{"object": RefOf(list[index]), "code": found.Code})
		}
	}
	if first == nil {
		return nil
	}
	return first.With("refused", refused)
}

// supportsNoDryRun reports whether a webhook was not called because it has side effects even in a dry run.
func supportsNoDryRun(err error) bool {
	return strings.Contains(err.Error(), "does not support dry run")
}

func (c *Client) warnUnjudged(info *resource.Info, why string) {
	object := RefOf(info)
	c.host.Warn(problem.Warning{
		Code: notValidated, Object: &object, Message: object.Kind + " " + object.Name + ": it is not validated by the cluster: " + why,
	})
}

// judged is the request that Helm would send for one object, as a dry run, and where it is refused the one that would be
// tried then (resolveRefusal). `former` is the object in the revision that is upgraded; nil if it has none.
func (c *Client) judged(info *resource.Info, known *knownObjects, former *resource.Info) error {
	accessor, err := meta.Accessor(info.Object)
	if err != nil {
		return err
	}
	c.host.Owner.Mark(accessor)
	labels := maps.Clone(accessor.GetLabels())
	if labels == nil {
		labels = map[string]string{}
	}
	labels["app.kubernetes.io/managed-by"] = "Helm"
	accessor.SetLabels(labels)
	if known.unchanged(info) {
		if left, err := c.leavesAlone(info); left || err != nil {
			return err
		}
	}
	if c.ClientSide {
		c.keepForeignFields(known, kube.ResourceList{info})
		c.leaveAggregated(kube.ResourceList{info})
	}
	retry := copyOf(kube.ResourceList{info})
	err = c.tryOut(info, former)
	if err == nil {
		return ending(info)
	}
	_, status, ok := refusedObject(err)
	switch {
	case !ok:
		return err
	case onlyStrategyDefaulted(retry[0], status):
		// The change makes these parameters the release's own first (ownStrategy).
		return nil
	case onlyScaled(status):
		leaveReplicas(retry[0])
	case known.unchanged(retry[0]):
		return nil
	case c.mayRecreate(retry[0], err):
		return c.checkSelector(retry[0])
	case c.mayRestore(known, retry[0], err):
		return nil
	case !known.leaveStored(retry[0], c.readLive(retry[0]), true):
		return err
	}
	return c.tryOut(retry[0], former)
}

// tryOut sends for one object what Helm sends, as a dry run. Of what Helm applies on the client's side the session makes
// one; an object that no revision has, but the cluster, is compared with itself, as Helm does.
func (c *Client) tryOut(info, former *resource.Info) error {
	if !c.ClientSide {
		_, err := c.Client.Create(kube.ResourceList{info}, kube.ClientCreateOptionServerSideApply(true, c.Forces), kube.ClientCreateOptionDryRun(true))
		return err
	}
	from := copyOf(kube.ResourceList{info})
	if former != nil {
		from = copyOf(kube.ResourceList{former})
	}
	_, err := c.update(from, kube.ResourceList{info}, kube.ClientUpdateOptionServerSideApply(false, false))
	return err
}

// Ending is OBJECT_BEING_DELETED for an object that is about to go in the cluster; nil if it is not, or cannot be read.
func Ending(info *resource.Info) error {
	if err := info.Get(); err != nil {
		return nil
	}
	return ending(info)
}

// ending is OBJECT_BEING_DELETED for an object that is about to go, as a dry run has answered it; a change would wait for it.
func ending(info *resource.Info) error {
	live, err := meta.Accessor(info.Object)
	if err != nil || live.GetDeletionTimestamp() == nil {
		return err
	}
	return ownership.BeingDeleted(ownership.Hanging{Object: RefOf(info), Finalizers: live.GetFinalizers()})
}

// withinNamespaces leaves out objects in a namespace that the operation itself would create: they cannot be validated.
func (c *Client) withinNamespaces(list kube.ResourceList) (kube.ResourceList, error) {
	made := map[string]bool{c.host.Owner.Namespace: true}
	places := map[string]bool{}
	for _, info := range list {
		places[info.Namespace] = true
		if info.Mapping.GroupVersionKind.GroupKind() == ownership.NamespaceKind {
			made[info.Name] = true
		}
	}
	core, err := c.host.Session.Core()
	if err != nil {
		return nil, err
	}
	absent := map[string]bool{}
	for _, place := range slices.Sorted(maps.Keys(places)) {
		if !made[place] {
			continue
		}
		if _, err := core.Namespaces().Get(c.host.Context, place, metav1.GetOptions{}); apierrors.IsNotFound(err) {
			absent[place] = true
		}
	}
	return list.Filter(func(info *resource.Info) bool { return !absent[info.Namespace] }), nil
}
