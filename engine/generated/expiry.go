package generated

import (
	"crypto/x509"
	"encoding/pem"
	"time"
)

// nearsExpiry tells whether a text is a certificate with less than a third of its lifetime left: plain Helm would have
// renewed it with this upgrade, and the next one may come too late.
func nearsExpiry(text string, now time.Time) bool {
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" {
		return false
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	return err == nil && certificate.NotAfter.Sub(now) < certificate.NotAfter.Sub(certificate.NotBefore)/3
}
