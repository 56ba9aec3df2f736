package action

import (
	"fmt"
	"slices"

	helmrelease "helm.sh/helm/v4/pkg/release"
	release "helm.sh/helm/v4/pkg/release/v1"
)

// toRelease gives the concrete release behind Helm's interface.
func toRelease(record helmrelease.Releaser) (*release.Release, error) {
	switch made := record.(type) {
	case *release.Release:
		return made, nil
	case release.Release:
		return &made, nil
	default:
		return nil, fmt.Errorf("helm gave a release of an unknown type %T", record)
	}
}

// toReleases gives the concrete releases, oldest revision first.
func toReleases(records []helmrelease.Releaser) ([]*release.Release, error) {
	made := make([]*release.Release, 0, len(records))
	for _, record := range records {
		one, err := toRelease(record)
		if err != nil {
			return nil, err
		}
		made = append(made, one)
	}
	slices.SortFunc(made, func(a, b *release.Release) int { return a.Version - b.Version })
	return made, nil
}
