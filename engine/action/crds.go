package action

import (
	"bytes"
	"fmt"
	"time"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/kube"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/cli-runtime/pkg/resource"

	"walm.io/engine/problem"
)

// How an operation treats the definitions in the chart's crds/ folders.
const (
	crdsCreate = "create"
	crdsApply  = "apply"
	crdsSkip   = "skip"
)

// establishTime is how long Helm waits for definitions to be established.
const establishTime = 60 * time.Second

// installCRDs brings the definitions of the chart and its subcharts into the cluster before anything is rendered, and
// waits until the cluster serves them: `create` leaves existing ones as they are, which is Helm's rule, `apply`
// updates them too. Nothing is waited for where nothing was written.
func (o *operation) installCRDs(loaded *helmchart.Chart, mode string, force bool) error {
	if mode == crdsSkip {
		return nil
	}
	written := kube.ResourceList{}
	for _, definition := range loaded.CRDObjects() {
		list, err := o.kube.Build(bytes.NewReader(definition.File.Data), false)
		if err != nil {
			return crdFailed(definition.Name, err)
		}
		if mode == crdsCreate {
			if list, err = absentOnly(list); err != nil {
				return crdFailed(definition.Name, err)
			}
		}
		if len(list) == 0 {
			continue
		}
		if _, err := o.kube.Create(list, kube.ClientCreateOptionServerSideApply(true, force && mode == crdsApply)); err != nil {
			return crdFailed(definition.Name, err)
		}
		written = append(written, list...)
	}
	if len(written) == 0 {
		return nil
	}
	waiter, err := o.kube.GetWaiterWithOptions(kube.StatusWatcherStrategy, kube.WithWaitContext(o.ctx))
	if err != nil {
		return err
	}
	if err := waiter.Wait(written, establishTime); err != nil {
		return err
	}
	return o.waitForKinds(kindsDefinedBy(loaded))
}

func crdFailed(name string, err error) error {
	return fmt.Errorf("failed to install CRD %s: %w", name, err)
}

func absentOnly(list kube.ResourceList) (kube.ResourceList, error) {
	absent := kube.ResourceList{}
	for _, info := range list {
		_, err := resource.NewHelper(info.Client, info.Mapping).Get(info.Namespace, info.Name)
		switch {
		case apierrors.IsNotFound(err):
			absent = append(absent, info)
		case err != nil:
			return nil, err
		}
	}
	return absent, nil
}

// waitForKinds returns when discovery serves the kinds: a definition is established a moment before it does. The
// templates of the chart then see them in `.Capabilities`.
func (o *operation) waitForKinds(defined map[schema.GroupKind]bool) error {
	deadline := time.NewTimer(establishTime)
	defer deadline.Stop()
	for {
		if err := o.Cluster.Refresh(o.ctx); err != nil {
			return err
		}
		missing := ""
		for kind := range defined {
			if _, known := o.Cluster.Namespaced(o.ctx, kind); !known {
				missing = kind.String()
			}
		}
		if missing == "" {
			capabilities, err := o.Cluster.Capabilities(o.ctx)
			o.helm.Capabilities = capabilities
			return err
		}
		select {
		case <-o.ctx.Done():
			return o.ctx.Err()
		case <-deadline.C:
			return problem.New(problem.OperationTimeout, "the cluster did not serve kind %s within %s of its definition", missing, establishTime)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// kindsDefinedBy gives the kinds that the chart's crds/ folders define, and whether they are namespaced.
func kindsDefinedBy(loaded *helmchart.Chart) map[schema.GroupKind]bool {
	defined := map[schema.GroupKind]bool{}
	for _, definition := range loaded.CRDObjects() {
		for _, text := range releaseutil.SplitManifests(string(definition.File.Data)) {
			for _, object := range objectsOf(text) {
				kind := textAt(object, "spec", "names", "kind")
				if textAt(object, "kind") == "CustomResourceDefinition" && kind != "" {
					group := textAt(object, "spec", "group")
					defined[schema.GroupKind{Group: group, Kind: kind}] = textAt(object, "spec", "scope") == "Namespaced"
				}
			}
		}
	}
	return defined
}
