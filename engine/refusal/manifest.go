package refusal

import (
	"errors"
	"regexp"

	"walm.io/engine/manifest"
	"walm.io/engine/problem"
)

// OfManifest is MANIFEST_INVALID: the YAML cannot be read, or an object lacks what every object needs.
func OfManifest(err error) *problem.Problem {
	var unread *manifest.UnreadableError
	text := err.Error()
	if errors.As(err, &unread) || malformed.MatchString(text) {
		return problem.New(problem.ManifestInvalid, "the rendered manifest is not valid: %s", text).Because(err)
	}
	return nil
}

// malformed are texts about manifests that have no type: Helm's parser, client-go for an object without a name or with an
// impossible one, and the API server's answers (500, although the object is to blame) to a field whose type is not the
// schema's, or whose value is none of its type: quantities, base64.
var malformed = regexp.MustCompile(`YAML parse error|error converting YAML|resource name may not be empty|invalid resource name|invalid namespace "|` +
	`failed to create typed patch object|failed to convert new object|failed to convert merged object`)
