package client

import (
	"context"
	"errors"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
)

var customResourceDefinitions = schema.GroupVersionResource{
	Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions",
}

const (
	// settleTime waits for a burst of new definitions to end, and for discovery to serve them.
	settleTime = 150 * time.Millisecond
	// resyncTime covers what the watch cannot see, such as aggregated APIs that come and go.
	resyncTime = 2 * time.Minute
	// retryTime is the delay after a failed watch.
	retryTime = 5 * time.Second
)

// frequentKinds are those that charts use most; their OpenAPI documents are read ahead.
var frequentKinds = []schema.GroupVersionKind{
	{Version: "v1", Kind: "Service"},
	{Version: "v1", Kind: "ServiceAccount"},
	{Version: "v1", Kind: "ConfigMap"},
	{Version: "v1", Kind: "Secret"},
	{Group: "apps", Version: "v1", Kind: "Deployment"},
	{Group: "apps", Version: "v1", Kind: "StatefulSet"},
}

// Run keeps the cluster's kinds up to date until the context ends: it reads them ahead, watches custom resource
// definitions, and refreshes regularly.
func (c *Cluster) Run(ctx context.Context) {
	c.readAhead(ctx)
	patience := resyncTime
	for ctx.Err() == nil {
		changed, err := c.watchKinds(ctx, patience)
		if err != nil && ctx.Err() == nil {
			c.log.Debug("the watch for custom resource definitions ended", "error", err)
			pause(ctx, retryTime)
		}
		patience = resyncTime
		if changed {
			pause(ctx, settleTime)
			// Discovery may serve a new kind a little later than its definition says: refresh again soon.
			patience = retryTime
		}
	}
}

func pause(ctx context.Context, duration time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(duration):
	}
}

// readAhead loads the documents of frequent kinds before the first operation needs them.
func (c *Cluster) readAhead(ctx context.Context) {
	if _, _, err := c.discovery.get(ctx); err != nil {
		return
	}
	for _, kind := range frequentKinds {
		if ctx.Err() != nil {
			return
		}
		_, err := c.fields.get(kind.GroupVersion(), false)
		if err := errors.Join(err, c.verifier.HasSupport(kind)); err != nil {
			c.log.Debug("the OpenAPI document could not be read ahead", "kind", kind.String(), "error", err)
		}
	}
}

// watchKinds reads the kinds and returns when a definition changed, or after `patience`. The definitions are listed
// before the kinds are read, so that no change is missed between the two.
func (c *Cluster) watchKinds(ctx context.Context, patience time.Duration) (changed bool, err error) {
	objects, err := metadata.NewForConfig(rest.CopyConfig(c.config))
	if err != nil {
		return false, err
	}
	definitions := objects.Resource(customResourceDefinitions)
	listed, err := definitions.List(ctx, metav1.ListOptions{Limit: 1})
	if apierrors.IsForbidden(err) {
		// An identity with rights in namespaces only cannot watch definitions: the kinds are refreshed regularly.
		err := c.Refresh(ctx)
		pause(ctx, patience)
		return false, err
	}
	if err != nil {
		return false, errors.Join(fmt.Errorf("listing: %w", err), c.Refresh(ctx))
	}
	if err := c.Refresh(ctx); err != nil {
		return false, err
	}
	seconds := int64(patience.Seconds())
	changes, err := definitions.Watch(ctx, metav1.ListOptions{ResourceVersion: listed.ResourceVersion, TimeoutSeconds: &seconds})
	if err != nil {
		return false, fmt.Errorf("watching: %w", err)
	}
	defer changes.Stop()
	// The server ends the watch by itself; a silently dead connection is given up a little later.
	silence := time.NewTimer(patience + retryTime)
	defer silence.Stop()
	select {
	case <-ctx.Done():
		return false, context.Cause(ctx)
	case <-silence.C:
		return false, errors.New("the connection went silent")
	case event, open := <-changes.ResultChan():
		if open && event.Type == watch.Error {
			return false, errors.New("the server ended the watch with an error")
		}
		return open, nil
	}
}
