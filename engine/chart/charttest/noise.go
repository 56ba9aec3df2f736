package charttest

import (
	"crypto/rand"
	"encoding/hex"
)

// Noise is text that does not compress.
func Noise(bytes int) string {
	random := make([]byte, bytes/2)
	_, _ = rand.Read(random)
	return hex.EncodeToString(random)
}
