package action

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"helm.sh/helm/v4/pkg/storage"
	"helm.sh/helm/v4/pkg/storage/driver"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/metadata"

	"walm.io/engine/client"
	"walm.io/engine/guard"
	"walm.io/engine/history"
	"walm.io/engine/problem"
	"walm.io/engine/record"
)

const (
	// recordPage is the number of records per request.
	recordPage = 1000
	// parallelReads is the number of records read concurrently.
	parallelReads = 16
)

var secrets = schema.GroupVersionResource{Version: "v1", Resource: "secrets"}

// revisionKey names the newest revision of one release.
type revisionKey struct {
	namespace, name string
	revision        int
}

// List returns the newest revision of each release in one namespace, or in all if it is "". Only the metadata of the
// records is read to find them, and then one payload per release.
func (s *Services) List(ctx context.Context, identity *client.Identity, namespace string) ([]Summary, error) {
	target := Target{Identity: identity, Namespace: namespace}
	op, err := s.begin(ctx, target, nil)
	if err != nil {
		return nil, s.beginProblem(target, err)
	}
	newest, err := op.newestRevisions(labels.Set{"owner": "helm"})
	if err != nil {
		return nil, op.problemOf(err)
	}
	summaries, err := op.summaries(newest)
	if err != nil {
		return nil, op.problemOf(err)
	}
	slices.SortFunc(summaries, func(a, b Summary) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
	})
	return summaries, nil
}

// newestRevision is the number of the newest revision of the operation's release, 0 if there is none.
func (o *operation) newestRevision() (int, error) {
	found, err := o.newestRevisions(labels.Set{"owner": "helm", "name": o.target.Name})
	if err != nil || len(found) == 0 {
		return 0, err
	}
	return found[0].revision, nil
}

// newestRevisions finds the newest revision of every release whose records have the labels.
func (o *operation) newestRevisions(selector labels.Set) ([]revisionKey, error) {
	config, err := o.session.ToRESTConfig()
	if err != nil {
		return nil, err
	}
	objects, err := metadata.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	type releaseKey struct{ namespace, name string }
	newest := map[releaseKey]int{}
	options := metav1.ListOptions{LabelSelector: selector.String(), Limit: recordPage}
	for {
		page, err := objects.Resource(secrets).Namespace(o.target.Namespace).List(o.ctx, options)
		if err != nil {
			return nil, fmt.Errorf("listing release records: %w", err)
		}
		for _, found := range page.Items {
			place, ok := record.PlaceOf(found.Namespace, found.Name)
			key := releaseKey{place.Namespace, place.Name}
			if ok && place.Revision > newest[key] {
				newest[key] = place.Revision
			}
		}
		if page.Continue == "" {
			break
		}
		options.Continue = page.Continue
	}
	found := make([]revisionKey, 0, len(newest))
	for key, revision := range newest {
		found = append(found, revisionKey{key.namespace, key.name, revision})
	}
	return found, nil
}

// summaries reads the records; vanished ones are left out, unreadable ones say why.
func (o *operation) summaries(keys []revisionKey) ([]Summary, error) {
	core, err := o.session.Core()
	if err != nil {
		return nil, err
	}
	found := make([]*Summary, len(keys))
	failures := guard.Each(len(keys), parallelReads, func(index int) error {
		key := keys[index]
		// The memory of one is released before the next one is read.
		ctx, cancel := context.WithCancel(o.ctx)
		defer cancel()
		read, err := storage.Init(o.Records.For(o.target.caller()).NewStore(ctx, core.Secrets(key.namespace), key.namespace)).Get(key.name, key.revision)
		if errors.Is(err, driver.ErrReleaseNotFound) {
			return nil
		}
		if unreadable, ok := problem.From(err); ok && unreadable.Code == problem.ReleaseUnreadable {
			summary := unreadableSummary(record.Place{Namespace: key.namespace, Name: key.name, Revision: key.revision}, unreadable)
			found[index] = &summary
			return nil
		}
		if err != nil {
			return err
		}
		made, err := history.ToRelease(read)
		if err == nil {
			summary := summarise(made)
			found[index] = &summary
		}
		return err
	})
	summaries := []Summary{}
	for _, summary := range found {
		if summary != nil {
			summaries = append(summaries, *summary)
		}
	}
	return summaries, errors.Join(failures...)
}
