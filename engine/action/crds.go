package action

import (
	"fmt"
	"strings"
	"time"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/kube"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/cli-runtime/pkg/resource"

	"walm.io/engine/cluster"
	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/rendering"
)

// establishTime is how long Helm waits for definitions to be established.
const establishTime = 60 * time.Second

// chartDefinitions are the definitions in the crds/ folders of a chart and its subcharts. Definitions in a version that
// the cluster no longer serves are converted.
func (o *operation) chartDefinitions(loaded *helmchart.Chart, transform *rendering.Transform) (manifest.Entries, error) {
	entries := manifest.Entries{}
	for _, definition := range loaded.CRDObjects() {
		text := string(definition.File.Data)
		if transform != nil && strings.Contains(text, "apiextensions.k8s.io/v1beta1") {
			parts := manifest.EntriesOfManifest(text)
			if err := o.rendering.Transformer(transform).Convert(parts); err != nil {
				return nil, err
			}
			text = parts.Manifest()
		}
		entries = append(entries, &manifest.Entry{Source: definition.Filename, Text: text})
	}
	return entries, nil
}

// checkDefinitions refuses objects of crds/ in the server's own namespace, before any of them is written: charts put
// more than definitions there. Error: NAMESPACE_RESERVED.
func (o *operation) checkDefinitions(definitions manifest.Entries) error {
	if len(definitions) == 0 || o.Cluster.Reserved() == "" {
		return nil
	}
	scopes := o.Cluster.Scopes(o.ctx, definitions.DefinedKinds())
	for _, definition := range definitions {
		documents := manifest.DocumentsOf(definition.Text, o.target.Namespace, scopes)
		// What only the builder of Kubernetes can read, such as objects in JSON without a separator, is installed too.
		if list, err := o.kube.Build(strings.NewReader(definition.Text), false); err == nil {
			for _, info := range list {
				documents = append(documents, documentOf(info))
			}
		}
		if err := o.rendering.CheckReserved(documents); err != nil {
			return err
		}
	}
	return nil
}

func documentOf(info *resource.Info) manifest.Document {
	ref := cluster.RefOf(info)
	return manifest.Document{APIVersion: ref.APIVersion, Kind: ref.Kind, Namespace: ref.Namespace, Name: ref.Name}
}

// installCRDs applies the definitions of a chart before anything that needs them, and waits until the cluster serves
// them: `create` leaves existing ones unchanged, like Helm, `apply` updates them too. If nothing was written, it does
// not wait.
func (o *operation) installCRDs(definitions manifest.Entries, mode string, force bool) error {
	if mode == rendering.CRDsSkip {
		return nil
	}
	written := kube.ResourceList{}
	for _, definition := range definitions {
		list, err := o.kube.Build(strings.NewReader(definition.Text), false)
		if err != nil {
			return crdFailed(definition.Source, err)
		}
		if mode == rendering.CRDsCreate {
			if list, err = absentOnly(list); err != nil {
				return crdFailed(definition.Source, err)
			}
		}
		if len(list) == 0 {
			continue
		}
		if _, err := o.kube.Create(list, kube.ClientCreateOptionServerSideApply(true, force && mode == rendering.CRDsApply)); err != nil {
			return crdFailed(definition.Source, err)
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
	return o.waitForKinds(definitions.DefinedKinds())
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

// waitForKinds returns when discovery serves the kinds, which happens a moment after a definition is established. The
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
