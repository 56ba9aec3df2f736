package generated

import (
	"crypto/x509"
	"encoding/pem"
	"testing"
)

// verify checks that a certificate was signed by an authority.
func verify(t *testing.T, certificate, authority string) {
	t.Helper()
	signed, signer := parseCertificate(t, certificate), parseCertificate(t, authority)
	if err := signed.CheckSignatureFrom(signer); err != nil {
		t.Errorf("the certificate does not fit its authority: %v", err)
	}
}

func parseCertificate(t *testing.T, text string) *x509.Certificate {
	t.Helper()
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		t.Fatalf("no certificate: %s", text)
	}
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}
