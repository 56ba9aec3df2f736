package client

import (
	"maps"
	"path"
	"slices"

	"helm.sh/helm/v4/pkg/chart/common"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// apiVersions are what charts see as `.Capabilities.APIVersions`: group versions and the kinds of each, in Helm's
// format.
func apiVersions(groups []*metav1.APIGroup, lists []*metav1.APIResourceList) common.VersionSet {
	found := map[string]bool{}
	for _, group := range groups {
		for _, version := range group.Versions {
			found[version.GroupVersion] = true
		}
	}
	for _, list := range lists {
		for _, resource := range list.APIResources {
			found[path.Join(list.GroupVersion, resource.Kind)] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}
