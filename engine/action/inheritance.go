package action

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"walm.io/engine/history"
	"walm.io/engine/manifest"
	"walm.io/engine/ownership"
	"walm.io/engine/problem"
)

// isGone tells whether a release has no record any longer; if its records may not be read, it is assumed to exist.
func (o *operation) isGone(release ownership.Owner) bool {
	core, err := o.session.Core()
	if err != nil {
		return false
	}
	listed, err := core.Secrets(release.Namespace).List(o.ctx, metav1.ListOptions{
		LabelSelector: labels.Set(history.Labels(release.Name)).String(), Limit: 1,
	})
	return err == nil && len(listed.Items) == 0
}

// inherits warns once that a definition changes its owner.
func (o *operation) inherits(definition string, from ownership.Owner) {
	o.inheritance.Lock()
	defer o.inheritance.Unlock()
	if o.inherited[definition] {
		return
	}
	if o.inherited == nil {
		o.inherited = map[string]bool{}
	}
	o.inherited[definition] = true
	o.warn(problem.Warning{
		Code:    "OBJECT_TAKEN_OVER",
		Object:  &problem.ObjectRef{APIVersion: "apiextensions.k8s.io/v1", Kind: manifest.DefinitionKind, Name: definition},
		Message: fmt.Sprintf("CustomResourceDefinition %s was left by %s, which is gone: it belongs to this release from now on", definition, from),
	})
}
