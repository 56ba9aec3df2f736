package action

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"

	"walm.io/engine/cluster"
	"walm.io/engine/excerpt"
	"walm.io/engine/guard"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/record"
)

// Comparison is a recorded object next to the live one, without managed fields.
type Comparison struct {
	Index      int            `json:"index"`
	Source     string         `json:"source"`
	APIVersion string         `json:"apiVersion"`
	Kind       string         `json:"kind"`
	Namespace  string         `json:"namespace"`
	Name       string         `json:"name"`
	Recorded   map[string]any `json:"recorded"`
	// Live is nil if the object is gone or its kind is not served.
	Live map[string]any `json:"live"`
	// Applied is the live object after applying the recorded one.
	Applied map[string]any `json:"applied"`
	// Outcome is compared, missing, forbidden or unknown; Message says why the state is unknown.
	Outcome string `json:"outcome"`
	Message string `json:"message"`
}

// Outcomes of comparing one object.
const (
	outcomeCompared  = "compared"
	outcomeMissing   = "missing"
	outcomeForbidden = "forbidden"
	outcomeUnknown   = "unknown"
)

const (
	// liveBytes bounds the total size of the live objects of one comparison, and of the results of applying.
	liveBytes = 64 << 20
	// liveDepth bounds the nesting of an object; answers have the same bound.
	liveDepth = 64
	// messageBytes bounds the message about one object: the cluster's error may repeat the object.
	messageBytes = 1 << 10
)

// parallelComparisons is the number of objects compared concurrently.
const parallelComparisons = 8

// Compare puts the objects of a recorded revision next to the live ones; nothing is written. An object that cannot be
// compared says why. Errors: RELEASE_NOT_FOUND, RELEASE_UNREADABLE, CLUSTER_UNREACHABLE, the context's.
func (s *Services) Compare(ctx context.Context, question RevisionRequest) ([]Comparison, error) {
	op, err := s.begin(ctx, question.Target, nil)
	if err != nil {
		return nil, s.beginProblem(question.Target, err)
	}
	recorded, err := op.recorded(question.Revision)
	if err != nil {
		return nil, op.problemOf(err)
	}
	if recorded == nil {
		return nil, op.notFound()
	}
	objects, err := op.session.DynamicClient()
	if err != nil {
		return nil, err
	}
	originals := manifest.ObjectsOfAll(recorded.Manifest)
	documents := manifest.DocumentsOf(recorded.Manifest, recorded.Namespace, op.Cluster.Scopes(ctx, nil))
	comparisons := make([]Comparison, len(documents))
	budget := &atomic.Int64{}
	budget.Store(liveBytes)
	failures := guard.Each(len(documents), parallelComparisons, func(index int) error {
		document := documents[index]
		comparisons[index] = Comparison{
			Index: document.Index, Source: document.Source, APIVersion: document.APIVersion, Kind: document.Kind,
			Namespace: document.Namespace, Name: document.Name, Recorded: document.Object, Outcome: outcomeUnknown,
		}
		return op.compare(&comparisons[index], objects, originals[index], budget)
	})
	for index, failure := range failures {
		if failure == nil {
			continue
		}
		if err := op.setApart(&comparisons[index], failure); err != nil {
			return nil, err
		}
	}
	return comparisons, nil
}

// setApart records why one object cannot be compared. Error: a failure that concerns all of them.
func (o *operation) setApart(compared *Comparison, failure error) error {
	known := o.problemOf(failure)
	found, ok := problem.From(known)
	unasked := apierrors.IsUnauthorized(failure) || (ok && found.Code == problem.ClusterUnreachable)
	if unasked || o.ctx.Err() != nil {
		return known
	}
	compared.Outcome, compared.Live, compared.Applied = outcomeUnknown, nil, nil
	var panicked *guard.PanicError
	switch {
	case errors.As(failure, &panicked):
		o.Log.Error("comparing an object panicked", "object", compared.Kind+" "+compared.Name, "namespace", compared.Namespace,
			"panic", panicked.Error(), "stack", string(panicked.Stack))
		compared.Message = "comparing it failed unexpectedly"
		return nil
	case ok && found.Code == problem.Forbidden:
		compared.Outcome = outcomeForbidden
	}
	compared.Message = excerpt.Of(failure.Error(), messageBytes)
	return nil
}

// compare compares one object; `original` is the recorded one with all digits of its numbers.
func (o *operation) compare(compared *Comparison, objects dynamic.Interface, original map[string]any, budget *atomic.Int64) error {
	document := compared
	kind := schema.FromAPIVersionAndKind(document.APIVersion, document.Kind)
	mapper, err := o.session.ToRESTMapper()
	if err != nil {
		return err
	}
	mapping, err := mapper.RESTMapping(kind.GroupKind(), kind.Version)
	if meta.IsNoMatchError(err) {
		compared.Outcome = outcomeMissing
		compared.Message = "the cluster does not serve kind " + document.Kind + " of " + document.APIVersion
		return nil
	}
	if err != nil {
		return err
	}
	var resource dynamic.ResourceInterface = objects.Resource(mapping.Resource)
	if mapping.Scope.Name() == meta.RESTScopeNameNamespace {
		resource = objects.Resource(mapping.Resource).Namespace(document.Namespace)
	}
	live, err := resource.Get(o.ctx, document.Name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		compared.Outcome = outcomeMissing
		return nil
	}
	if err != nil {
		return err
	}
	if compared.Live, err = shownObject(live, budget); err != nil {
		return err
	}
	patch, err := json.Marshal(o.ownedByHelm(original))
	if err != nil {
		return err
	}
	force := true
	applied, err := resource.Patch(o.ctx, document.Name, types.ApplyPatchType, patch, metav1.PatchOptions{
		FieldManager: cluster.FieldManager, Force: &force, DryRun: []string{metav1.DryRunAll},
	})
	if err != nil {
		return err
	}
	if compared.Applied, err = shownObject(applied, budget); err != nil {
		return err
	}
	compared.Outcome = outcomeCompared
	return nil
}

// ownedByHelm returns an object with the metadata that Helm adds when applying it.
func (o *operation) ownedByHelm(object map[string]any) map[string]any {
	object = cluster.WithoutGiven(object)
	owned, metadata := manifest.CopyMap(object), manifest.CopyMap(manifest.MapAt(object, "metadata"))
	labels, annotations := manifest.CopyMap(manifest.MapAt(metadata, "labels")), manifest.CopyMap(manifest.MapAt(metadata, "annotations"))
	labels["app.kubernetes.io/managed-by"] = "Helm"
	annotations["meta.helm.sh/release-name"] = o.target.Name
	annotations["meta.helm.sh/release-namespace"] = o.target.Namespace
	metadata["labels"], metadata["annotations"] = labels, annotations
	owned["metadata"] = metadata
	return owned
}

// shownObject returns an object of the cluster in the form of documents, as far as the budget allows.
func shownObject(object *unstructured.Unstructured, budget *atomic.Int64) (map[string]any, error) {
	object.SetManagedFields(nil)
	text, err := object.MarshalJSON()
	if err != nil {
		return nil, err
	}
	if record.DepthOf(text, liveDepth) > liveDepth {
		return nil, fmt.Errorf("it nests deeper than %d levels", liveDepth)
	}
	if budget.Add(-int64(len(text))) < 0 {
		return nil, fmt.Errorf("the objects of the release are larger than %d MiB together", liveBytes>>20)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var shown map[string]any
	if err := decoder.Decode(&shown); err != nil {
		return nil, err
	}
	return manifest.SafeForJavaScript(shown).(map[string]any), nil
}
