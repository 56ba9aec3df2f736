package action

import (
	"bytes"
	"context"
	"encoding/json"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"

	"walm.io/engine/guard"
)

// Comparison is a recorded object beside the one that runs, without managed fields.
type Comparison struct {
	Index      int            `json:"index"`
	Source     string         `json:"source"`
	APIVersion string         `json:"apiVersion"`
	Kind       string         `json:"kind"`
	Namespace  string         `json:"namespace"`
	Name       string         `json:"name"`
	Recorded   map[string]any `json:"recorded"`
	// Live is nil where the object is gone or its kind is not served.
	Live map[string]any `json:"live"`
	// Applied is what applying the recorded object would make of the live one; Message says why that is unknown.
	Applied map[string]any `json:"applied"`
	Message string         `json:"message"`
}

// parallelComparisons is the number of objects looked at at the same time.
const parallelComparisons = 8

// Compare puts the objects of a recorded revision beside those that run; nothing is written. Errors:
// RELEASE_NOT_FOUND, those of the cluster.
func (s *Services) Compare(ctx context.Context, question Question) ([]Comparison, error) {
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
	originals := objectsOfAll(recorded.Manifest)
	documents := manifestDocuments(recorded.Manifest, recorded.Namespace, op.scopesOf(ctx, nil))
	comparisons := make([]Comparison, len(documents))
	failures := guard.Each(len(documents), parallelComparisons, func(index int) (err error) {
		comparisons[index], err = op.compare(objects, documents[index], originals[index])
		return err
	})
	for _, failure := range failures {
		if failure != nil {
			return nil, op.problemOf(failure)
		}
	}
	return comparisons, nil
}

// compare looks at one object; `original` is the recorded one with all digits of its numbers.
func (o *operation) compare(
	objects dynamic.Interface, document Document, original map[string]any,
) (Comparison, error) {
	compared := Comparison{
		Index: document.Index, Source: document.Source, APIVersion: document.APIVersion, Kind: document.Kind,
		Namespace: document.Namespace, Name: document.Name, Recorded: document.Object,
	}
	kind := schema.FromAPIVersionAndKind(document.APIVersion, document.Kind)
	mapper, err := o.session.ToRESTMapper()
	if err != nil {
		return compared, err
	}
	mapping, err := mapper.RESTMapping(kind.GroupKind(), kind.Version)
	if meta.IsNoMatchError(err) {
		compared.Message = "the cluster does not serve kind " + document.Kind + " of " + document.APIVersion
		return compared, nil
	}
	if err != nil {
		return compared, err
	}
	var resource dynamic.ResourceInterface = objects.Resource(mapping.Resource)
	if mapping.Scope.Name() == meta.RESTScopeNameNamespace {
		resource = objects.Resource(mapping.Resource).Namespace(document.Namespace)
	}
	live, err := resource.Get(o.ctx, document.Name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return compared, nil
	}
	if err != nil {
		return compared, err
	}
	if compared.Live, err = shownObject(live); err != nil {
		return compared, err
	}
	patch, err := json.Marshal(o.ownedByHelm(original))
	if err != nil {
		return compared, err
	}
	force := true
	applied, err := resource.Patch(o.ctx, document.Name, types.ApplyPatchType, patch, metav1.PatchOptions{
		FieldManager: fieldManager, Force: &force, DryRun: []string{metav1.DryRunAll},
	})
	if apierrors.IsInvalid(err) || apierrors.IsBadRequest(err) || apierrors.IsNotFound(err) {
		compared.Message = err.Error()
		return compared, nil
	}
	if err != nil {
		return compared, err
	}
	compared.Applied, err = shownObject(applied)
	return compared, err
}

// ownedByHelm gives an object with the metadata that Helm adds when it applies one.
func (o *operation) ownedByHelm(object map[string]any) map[string]any {
	owned, metadata := copyMap(object), copyMap(mapAt(object, "metadata"))
	labels, annotations := copyMap(mapAt(metadata, "labels")), copyMap(mapAt(metadata, "annotations"))
	labels["app.kubernetes.io/managed-by"] = "Helm"
	annotations["meta.helm.sh/release-name"] = o.target.Name
	annotations["meta.helm.sh/release-namespace"] = o.target.Namespace
	metadata["labels"], metadata["annotations"] = labels, annotations
	owned["metadata"] = metadata
	return owned
}

// shownObject gives an object of the cluster in the form that documents have.
func shownObject(object *unstructured.Unstructured) (map[string]any, error) {
	object.SetManagedFields(nil)
	text, err := object.MarshalJSON()
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var shown map[string]any
	if err := decoder.Decode(&shown); err != nil {
		return nil, err
	}
	return safeForJavaScript(shown).(map[string]any), nil
}
