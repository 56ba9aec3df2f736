package history

import (
	"fmt"
	"slices"

	helmrelease "helm.sh/helm/v4/pkg/release"
	release "helm.sh/helm/v4/pkg/release/v1"
)

// ToRelease returns the concrete release behind Helm's interface.
func ToRelease(record helmrelease.Releaser) (*release.Release, error) {
	switch made := record.(type) {
	case *release.Release:
		return made, nil
	case release.Release:
		return &made, nil
	default:
		return nil, fmt.Errorf("helm gave a release of an unknown type %T", record)
	}
}

// ToReleases returns the concrete releases, oldest revision first.
func ToReleases(records []helmrelease.Releaser) ([]*release.Release, error) {
	made := make([]*release.Release, 0, len(records))
	for _, record := range records {
		one, err := ToRelease(record)
		if err != nil {
			return nil, err
		}
		made = append(made, one)
	}
	slices.SortFunc(made, func(a, b *release.Release) int { return a.Version - b.Version })
	return made, nil
}
