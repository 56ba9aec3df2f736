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
	// toldRefusals bounds the objects that one refusal names.
	toldRefusals = 50
)

// Validate lets the cluster validate the objects of a manifest as if they were applied: a dry run of the request that
// Helm sends for each, with the caller's identity. base is the revision that is upgraded; nil for an install. Error:
// what applying the first refused object would fail with; its details name all of them. Objects that the upgrade would
// skip are validated in their live state. classify turns an error of the cluster into a problem.
func (c *Client) Validate(text string, base *release.Release, revisions []*release.Release, classify func(error) error) error {
	if base != nil && !history.ServerSide(base) {
		c.host.Warn(problem.Warning{Code: notValidated, Message: "the objects are not validated by the cluster: the release is applied on the client's side"})
		return nil
	}
	text, _ = c.withoutUnknownKinds(text)
	list, err := c.Client.Build(strings.NewReader(text), false)
	if err != nil {
		return manifest.Unreadable(err)
	}
	if list, err = c.withinNamespaces(list); err != nil {
		return err
	}
	var known *knownObjects
	if base != nil {
		c.Earlier = BeforeOf(revisions)
		if recorded, err := c.Client.Build(strings.NewReader(base.Manifest), false); err == nil {
			known = c.known(recorded)
		}
	}
	failures := guard.Each(len(list), parallelDryRuns, func(index int) error { return c.judged(list[index], known) })
	if err := c.host.Context.Err(); err != nil {
		return err
	}
	var first *problem.Problem
	refused := []map[string]any{}
	for index, failure := range failures {
		if failure == nil {
			continue
		}
		if strings.Contains(failure.Error(), "does not support dry run") {
			object := RefOf(list[index])
			c.host.Warn(problem.Warning{
				Code: notValidated, Object: &object,
				Message: object.Kind + " " + object.Name + ": it is not validated by the cluster: an admission webhook of it supports no dry run",
			})
			continue
		}
		found, ok := problem.From(classify(failure))
		if !ok {
			return failure
		}
		if first == nil {
			first = found
		}
		if len(refused) < toldRefusals {
			refused = append(refused, map[string]any{"object": RefOf(list[index]), "code": found.Code})
		}
	}
	if first == nil {
		return nil
	}
	return first.With("refused", refused)
}

// judged sends the request that Helm would send for one object, as a dry run, and if it is refused the one that would
// be tried then (overcome).
func (c *Client) judged(info *resource.Info, known *knownObjects) error {
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
	retry := copyOf(kube.ResourceList{info})
	options := []kube.ClientCreateOption{kube.ClientCreateOptionServerSideApply(true, false), kube.ClientCreateOptionDryRun(true)}
	_, err = c.Client.Create(kube.ResourceList{info}, options...)
	if err == nil {
		return nil
	}
	_, status, ok := refusedObject(err)
	switch {
	case !ok:
		return err
	case onlyScaled(status):
		leaveReplicas(retry[0])
	case known.unchanged(retry[0]):
		return nil
	case !known.leaveStored(retry[0], c.lookAt(retry[0]), true):
		return err
	}
	_, err = c.Client.Create(retry, options...)
	return err
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
