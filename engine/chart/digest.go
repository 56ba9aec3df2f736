package chart

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"walm.io/engine/problem"
)

const digestPrefix = "sha256:"

var digestFormat = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// DigestOf is the digest of archive bytes: "sha256:" and 64 lower-case hexadecimal digits.
func DigestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return digestPrefix + hex.EncodeToString(sum[:])
}

// fileOf is the name of an archive inside the chart folder. The format check prevents a digest from naming any other
// file.
func fileOf(digest string) (string, error) {
	if !digestFormat.MatchString(digest) {
		return "", problem.New(problem.ChartReferenceInvalid,
			"chart digest %q is not valid: it is sha256: and 64 lower-case hexadecimal digits", digest)
	}
	return strings.TrimPrefix(digest, digestPrefix) + ".tgz", nil
}
