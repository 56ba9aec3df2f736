package client

import (
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Resource is one kind that the cluster serves, in the version it prefers.
type Resource struct {
	Group      string   `json:"group"`
	Version    string   `json:"version"`
	Kind       string   `json:"kind"`
	Plural     string   `json:"plural"`
	Namespaced bool     `json:"namespaced"`
	Verbs      []string `json:"verbs"`
}

// preferredResources returns each kind once, in its group's preferred version, or in the first version that serves it
// if the preferred one does not. Subresources are left out.
func preferredResources(groups []*metav1.APIGroup, lists []*metav1.APIResourceList) []Resource {
	byVersion := map[string]*metav1.APIResourceList{}
	for _, list := range lists {
		byVersion[list.GroupVersion] = list
	}
	found := []Resource{}
	seen := map[schema.GroupKind]bool{}
	for _, group := range groups {
		versions := []string{group.PreferredVersion.GroupVersion}
		for _, version := range group.Versions {
			versions = append(versions, version.GroupVersion)
		}
		for _, version := range versions {
			if list, ok := byVersion[version]; ok {
				found = append(found, resourcesOf(list, seen)...)
			}
		}
	}
	return found
}

func resourcesOf(list *metav1.APIResourceList, seen map[schema.GroupKind]bool) []Resource {
	version, err := schema.ParseGroupVersion(list.GroupVersion)
	if err != nil {
		return nil
	}
	var found []Resource
	for _, resource := range list.APIResources {
		kind := schema.GroupKind{Group: version.Group, Kind: resource.Kind}
		if strings.Contains(resource.Name, "/") || seen[kind] {
			continue
		}
		seen[kind] = true
		found = append(found, Resource{
			Group:      version.Group,
			Version:    version.Version,
			Kind:       resource.Kind,
			Plural:     resource.Name,
			Namespaced: resource.Namespaced,
			Verbs:      resource.Verbs,
		})
	}
	return found
}

// servedKinds returns the kinds that each API version serves.
func servedKinds(lists []*metav1.APIResourceList) map[string][]string {
	served := make(map[string][]string, len(lists))
	for _, list := range lists {
		kinds := []string{}
		for _, resource := range list.APIResources {
			if !strings.Contains(resource.Name, "/") && !slices.Contains(kinds, resource.Kind) {
				kinds = append(kinds, resource.Kind)
			}
		}
		served[list.GroupVersion] = kinds
	}
	return served
}

// fingerprintOf changes exactly when the cluster serves another set of kinds.
func fingerprintOf(version string, lists []*metav1.APIResourceList) string {
	names := []string{}
	for _, list := range lists {
		for _, resource := range list.APIResources {
			names = append(names, list.GroupVersion+"/"+resource.Name+"/"+resource.Kind)
		}
	}
	slices.Sort(names)
	return version + "\n" + strings.Join(names, "\n")
}
