package pki

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Pair is a certificate and its private key, both as PEM.
type Pair struct{ Certificate, Key []byte }

// Files names a pair on disk.
type Files struct{ Certificate, Key string }

func filesOf(folder, name string) Files {
	return Files{Certificate: filepath.Join(folder, name+".crt"), Key: filepath.Join(folder, name+".key")}
}

func encodePair(certificate []byte, key *ecdsa.PrivateKey) (Pair, error) {
	encoded, err := encodeKey(key)
	if err != nil {
		return Pair{}, err
	}
	return Pair{Certificate: encodeCertificate(certificate), Key: encoded}, nil
}

func encodeCertificate(raw []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})
}

func encodeKey(key *ecdsa.PrivateKey) ([]byte, error) {
	raw, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: raw}), nil
}

func (p Pair) write(files Files) error {
	if err := os.WriteFile(files.Certificate, p.Certificate, 0o600); err != nil {
		return err
	}
	return os.WriteFile(files.Key, p.Key, 0o600)
}

// LoadAuthority reads an authority from its files.
func LoadAuthority(files Files) (*Authority, error) {
	certificatePEM, err := os.ReadFile(files.Certificate)
	if err != nil {
		return nil, err
	}
	keyPEM, err := os.ReadFile(files.Key)
	if err != nil {
		return nil, err
	}
	certificateBlock, _ := pem.Decode(certificatePEM)
	keyBlock, _ := pem.Decode(keyPEM)
	if certificateBlock == nil || keyBlock == nil {
		return nil, fmt.Errorf("authority %s is damaged", files.Certificate)
	}
	certificate, certificateErr := x509.ParseCertificate(certificateBlock.Bytes)
	key, keyErr := x509.ParseECPrivateKey(keyBlock.Bytes)
	if err := errors.Join(certificateErr, keyErr); err != nil {
		return nil, fmt.Errorf("authority %s is damaged: %w", files.Certificate, err)
	}
	return &Authority{Certificate: certificate, key: key}, nil
}

// PEM is the authority's certificate, for those who verify.
func (a *Authority) PEM() []byte { return encodeCertificate(a.Certificate.Raw) }

// Read reads a pair from its files.
func (f Files) Read() (Pair, error) {
	certificate, err := os.ReadFile(f.Certificate)
	if err != nil {
		return Pair{}, err
	}
	key, err := os.ReadFile(f.Key)
	if err != nil {
		return Pair{}, err
	}
	return Pair{Certificate: certificate, Key: key}, nil
}
