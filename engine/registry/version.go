package registry

import (
	"github.com/Masterminds/semver/v3"

	"walm.io/engine/problem"
)

// selectVersion selects a version like Helm: the exact text, else the newest one that the range allows; "" is the
// newest stable one. The errors begin like the original's.
func selectVersion(index Index, name, wanted string) (IndexedVersion, error) {
	for _, chart := range index.Charts {
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
		missing := problem.New(problem.ChartVersionNotFound,
			"chart %s-%s is not found: no chart version found for %s-%s", name, wanted, name, wanted).With("chart", name).With("version", wanted)
		return IndexedVersion{}, index.Skipped.mention(missing, name, wanted)
	}
	missing := problem.New(problem.ChartNotFound, "chart %s-%s is not found: no chart name found", name, wanted).With("chart", name)
	return IndexedVersion{}, index.Skipped.mention(missing, name, wanted)
}

func constraintOf(wanted string) (*semver.Constraints, error) {
	if wanted == "" {
		wanted = "*"
	}
	return semver.NewConstraint(wanted)
}
