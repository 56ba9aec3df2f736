package refusal

import (
	"errors"
	"regexp"

	"walm.io/engine/manifest"
	"walm.io/engine/problem"
)

// OfManifest is MANIFEST_INVALID: the YAML cannot be parsed, or an object lacks a field that every object needs.
func OfManifest(err error) *problem.Problem {
	var unread *manifest.UnreadableError
	text := err.Error()
	if errors.As(err, &unread) || malformed.MatchString(text) {
		return problem.New(problem.ManifestInvalid, "the rendered manifest is not valid: %s", text).Because(err)
	}
	return nil
}

// malformed matches texts about manifests that have no type: Helm's parser, client-go for an object without a valid
// name, and the API server's responses (500, although the object is at fault) to a field of the wrong type or with an
// invalid value: quantities, base64.
var malformed = regexp.MustCompile(`YAML parse error|error converting YAML|resource name may not be empty|invalid resource name|invalid namespace "|` +
	`failed to create typed patch object|failed to convert new object|failed to convert merged object`)
