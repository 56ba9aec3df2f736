package registry

import (
	"github.com/Masterminds/semver/v3"

	"walm.io/engine/problem"
)

// selectVersion picks a version as Helm does: the exact text, else the newest one that the range allows; "" is the
// newest stable one. The texts begin as the original's do.
func selectVersion(charts []IndexedChart, name, wanted string) (IndexedVersion, error) {
	for _, chart := range charts {
		if chart.Name != name {
			continue
		}
		for _, version := range chart.Versions {
			if wanted != "" && version.Version == wanted {
				return version, nil
			}
		}
		if constraint, err := constraintOf(wanted); err == nil {
			for _, version := range chart.Versions {
				if constraint.Check(version.parsed) {
					return version, nil
				}
			}
		}
		return IndexedVersion{}, problem.New(problem.ChartVersionNotFound,
			"chart %s-%s is not found: no chart version found for %s-%s", name, wanted, name, wanted).With("chart", name).With("version", wanted)
	}
	return IndexedVersion{}, problem.New(problem.ChartNotFound, "chart %s-%s is not found: no chart name found", name, wanted).With("chart", name)
}

func constraintOf(wanted string) (*semver.Constraints, error) {
	if wanted == "" {
		wanted = "*"
	}
	return semver.NewConstraint(wanted)
}
