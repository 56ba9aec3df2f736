package action

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
	// notValidated is the code of the warning about what the cluster cannot judge without doing it.
	notValidated = "NOT_VALIDATED"
	// toldRefusals bounds the objects that one refusal names.
	toldRefusals = 50
)

// validate lets the cluster judge the objects of a manifest as it would if they were applied: a dry run of the request
// that Helm sends for each, in the name of the caller. base is the revision that is upgraded; nil for an install. Error:
// what applying the first refused object would fail with; its details name all of them. What the upgrade would leave as it
// was is judged as it would be left.
func (o *operation) validate(text string, base *release.Release, revisions []*release.Release) error {
	if base != nil && !history.ServerSide(base) {
		o.warn(problem.Warning{Code: notValidated, Message: "the objects are not validated by the cluster: the release is applied on the client's side"})
		return nil
	}
	text, _ = o.withoutUnknownKinds(text)
	list, err := o.kube.Client.Build(strings.NewReader(text), false)
	if err != nil {
		return manifest.Unreadable(err)
	}
	if list, err = o.withinNamespaces(list); err != nil {
		return err
	}
	var known *knownObjects
	if base != nil {
		o.kube.earlier = beforeOf(revisions)
		if recorded, err := o.kube.Client.Build(strings.NewReader(base.Manifest), false); err == nil {
			known = o.kube.known(recorded)
		}
	}
	failures := guard.Each(len(list), parallelComparisons, func(index int) error { return o.judged(list[index], known) })
	if err := o.ctx.Err(); err != nil {
		return err
	}
	var first *problem.Problem
	refused := []map[string]any{}
	for index, failure := range failures {
		if failure == nil {
			continue
		}
		if strings.Contains(failure.Error(), "does not support dry run") {
			object := refOf(list[index])
			o.warn(problem.Warning{
				Code: notValidated, Object: &object,
				Message: object.Kind + " " + object.Name + ": it is not validated by the cluster: an admission webhook of it supports no dry run",
			})
			continue
		}
		found, ok := problem.From(o.classify(failure))
		if !ok {
			return failure
		}
		if first == nil {
			first = found
		}
		if len(refused) < toldRefusals {
			refused = append(refused, map[string]any{"object": refOf(list[index]), "code": found.Code})
		}
	}
	if first == nil {
		return nil
	}
	return first.With("refused", refused)
}

// judged is the request that Helm would send for one object, as a dry run, and where it is refused the one that would be
// tried then (overcome).
func (o *operation) judged(info *resource.Info, known *knownObjects) error {
	accessor, err := meta.Accessor(info.Object)
	if err != nil {
		return err
	}
	o.owner().Mark(accessor)
	labels := maps.Clone(accessor.GetLabels())
	if labels == nil {
		labels = map[string]string{}
	}
	labels["app.kubernetes.io/managed-by"] = "Helm"
	accessor.SetLabels(labels)
	retry := copyOf(kube.ResourceList{info})
	options := []kube.ClientCreateOption{kube.ClientCreateOptionServerSideApply(true, false), kube.ClientCreateOptionDryRun(true)}
	_, err = o.kube.Client.Create(kube.ResourceList{info}, options...)
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
	case !known.leaveStored(retry[0], lookAt(retry[0]), true):
		return err
	}
	_, err = o.kube.Client.Create(retry, options...)
	return err
}

// withinNamespaces leaves out what lies in a namespace that the operation itself would make: nothing can be asked there.
func (o *operation) withinNamespaces(list kube.ResourceList) (kube.ResourceList, error) {
	made := map[string]bool{o.target.Namespace: true}
	places := map[string]bool{}
	for _, info := range list {
		places[info.Namespace] = true
		if info.Mapping.GroupVersionKind.GroupKind() == ownership.NamespaceKind {
			made[info.Name] = true
		}
	}
	core, err := o.session.Core()
	if err != nil {
		return nil, err
	}
	absent := map[string]bool{}
	for _, place := range slices.Sorted(maps.Keys(places)) {
		if !made[place] {
			continue
		}
		if _, err := core.Namespaces().Get(o.ctx, place, metav1.GetOptions{}); apierrors.IsNotFound(err) {
			absent[place] = true
		}
	}
	return list.Filter(func(info *resource.Info) bool { return !absent[info.Namespace] }), nil
}
