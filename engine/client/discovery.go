package client

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"helm.sh/helm/v4/pkg/chart/common"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/restmapper"
)

// kinds is the result of discovery at one moment. It is never changed, only replaced.
type kinds struct {
	mapper       meta.RESTMapper
	capabilities *common.Capabilities
	resources    []Resource
	namespaced   map[schema.GroupKind]bool
	served       map[string][]string
	fingerprint  string
}

// discoveryCache keeps the result of discovery until it is refreshed.
type discoveryCache struct {
	cached    discovery.CachedDiscoveryInterface
	onChange  func()
	mutex     sync.Mutex
	current   *kinds
	freshness uint64
}

func newDiscoveryCache(client discovery.DiscoveryInterface, onChange func()) *discoveryCache {
	return &discoveryCache{cached: memory.NewMemCacheClient(client), onChange: onChange}
}

// get returns the kinds and a number that grows with every refresh.
func (d *discoveryCache) get(ctx context.Context) (*kinds, uint64, error) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.current != nil {
		return d.current, d.freshness, nil
	}
	if err := d.load(ctx); err != nil {
		return nil, 0, err
	}
	return d.current, d.freshness, nil
}

// refresh reads the cluster again, unless another caller did since this one saw `seen`; so a hundred operations that
// miss the same kind cost one request.
func (d *discoveryCache) refresh(ctx context.Context, seen uint64) (*kinds, uint64, error) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.current != nil && d.freshness > seen {
		return d.current, d.freshness, nil
	}
	if err := d.load(ctx); err != nil {
		return nil, 0, err
	}
	return d.current, d.freshness, nil
}

// load replaces the kinds; on failure the former ones stay.
func (d *discoveryCache) load(ctx context.Context) error {
	d.cached.Invalidate()
	loaded, err := discoverKinds(ctx, d.cached)
	if err != nil {
		return err
	}
	changed := d.current != nil && d.current.fingerprint != loaded.fingerprint
	d.current = loaded
	d.freshness++
	if changed {
		d.onChange()
	}
	return nil
}

func discoverKinds(ctx context.Context, client discovery.CachedDiscoveryInterface) (*kinds, error) {
	version, err := client.ServerVersion()
	if err != nil {
		return nil, fmt.Errorf("could not get server version from Kubernetes: %w", err)
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	groups, lists, err := client.ServerGroupsAndResources()
	// An unavailable aggregated API hides its own kinds only.
	if err != nil && !discovery.IsGroupDiscoveryFailedError(err) {
		return nil, fmt.Errorf("could not get apiVersions from Kubernetes: %w", err)
	}
	if len(groups) == 0 {
		return nil, errors.New("could not get apiVersions from Kubernetes: the answer is empty")
	}
	resources := preferredResources(groups, lists)
	namespaced := make(map[schema.GroupKind]bool, len(resources))
	for _, resource := range resources {
		namespaced[schema.GroupKind{Group: resource.Group, Kind: resource.Kind}] = resource.Namespaced
	}
	return &kinds{
		mapper: restmapper.NewDiscoveryRESTMapper(groupResources(groups, lists)),
		capabilities: &common.Capabilities{
			APIVersions: apiVersions(groups, lists),
			KubeVersion: common.KubeVersion{Version: version.GitVersion, Major: version.Major, Minor: version.Minor},
			HelmVersion: common.DefaultCapabilities.HelmVersion,
		},
		resources:   resources,
		namespaced:  namespaced,
		served:      servedKinds(lists),
		fingerprint: fingerprintOf(version.GitVersion, lists),
	}, nil
}

func groupResources(groups []*metav1.APIGroup, lists []*metav1.APIResourceList) []*restmapper.APIGroupResources {
	byVersion := map[string][]metav1.APIResource{}
	for _, list := range lists {
		byVersion[list.GroupVersion] = list.APIResources
	}
	found := make([]*restmapper.APIGroupResources, 0, len(groups))
	for _, group := range groups {
		resources := &restmapper.APIGroupResources{Group: *group, VersionedResources: map[string][]metav1.APIResource{}}
		for _, version := range group.Versions {
			if served, ok := byVersion[version.GroupVersion]; ok {
				resources.VersionedResources[version.Version] = served
			}
		}
		found = append(found, resources)
	}
	return found
}
