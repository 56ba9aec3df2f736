package registry

import (
	"context"
	"strings"

	"github.com/Masterminds/semver/v3"

	"walm.io/engine/problem"
)

// tagFor finds the tag of a version: an exact version is its own tag; for a range it is the newest tag inside it, ""
// being any stable version. A _ in a tag stands for the + of the version, which registries do not allow.
func (i *image) tagFor(ctx context.Context, wanted string) (string, error) {
	constraint, err := constraintOf(wanted)
	_, inexact := semver.StrictNewVersion(wanted)
	if err != nil || inexact == nil {
		return strings.ReplaceAll(wanted, "+", "_"), nil
	}
	newest := ""
	var version *semver.Version
	err = i.remote.Tags(ctx, "", func(tags []string) error {
		if len(tags) > 0 {
			i.conversation.believe()
		}
		for _, tag := range tags {
			candidate, err := semver.NewVersion(strings.ReplaceAll(tag, "_", "+"))
			if err == nil && constraint.Check(candidate) && (version == nil || candidate.GreaterThan(version)) {
				newest, version = tag, candidate
			}
		}
		return nil
	})
	if err != nil {
		return "", i.failure(ctx, err)
	}
	if newest == "" {
		return "", i.failure(ctx, problem.New(problem.ChartVersionNotFound, "chart %s is not found: no chart version found for %q", i.reference, wanted).
			With("chart", i.reference.String()).With("version", wanted))
	}
	return newest, nil
}
