package manifest

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"walm.io/engine/problem"
)

// maxObjectBytes is what a cluster takes of one object: etcd refuses larger requests, unless somebody told it otherwise.
const maxObjectBytes = 1536 << 10

// CheckObjectSizes refuses a manifest with an object that no cluster keeps, before anything of it is written. Error:
// RELEASE_TOO_LARGE, which names the object, and what helps where it is the ReleaseConfig.
func CheckObjectSizes(manifest string) error {
	if len(manifest) <= maxObjectBytes {
		return nil
	}
	for _, document := range strings.Split(manifest, "\n---") {
		if len(document) <= maxObjectBytes {
			continue
		}
		var named metav1.PartialObjectMetadata
		if err := yaml.Unmarshal([]byte(document), &named); err != nil {
			return Unreadable(err)
		}
		object := problem.ObjectRef{APIVersion: named.APIVersion, Kind: named.Kind, Namespace: named.Namespace, Name: named.Name}
		remedy := "divide it, or leave out what it need not hold"
		if named.Kind == "ReleaseConfig" {
			remedy = "it holds the values of the request: send fewer of them, and put large texts into the chart or into objects of your own"
		}
		return problem.New(problem.ReleaseTooLarge, "%s %s would take %d KiB, the cluster keeps %d at most: %s",
			named.Kind, named.Name, len(document)>>10, maxObjectBytes>>10, remedy).
			About(object).With("limit", maxObjectBytes).With("size", len(document))
	}
	return nil
}
