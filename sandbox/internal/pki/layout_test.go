package pki

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func read(t *testing.T, file string) *x509.Certificate {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(data)
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}

func verify(t *testing.T, authority, file, host string, usage x509.ExtKeyUsage) error {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AddCert(read(t, authority))
	_, err := read(t, file).Verify(x509.VerifyOptions{Roots: roots, DNSName: host, KeyUsages: []x509.ExtKeyUsage{usage}})
	return err
}

func TestEnsureMakesACompleteSetOnce(t *testing.T) {
	keys := LayoutIn(filepath.Join(t.TempDir(), "pki"))
	if err := keys.Ensure("10.96.0.1", time.Now()); err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"127.0.0.1", "localhost", "10.96.0.1", "kubernetes.default.svc"} {
		if err := verify(t, keys.Authority.Certificate, keys.APIServer.Certificate, host, x509.ExtKeyUsageServerAuth); err != nil {
			t.Errorf("API server as %s: %v", host, err)
		}
	}
	if err := verify(t, keys.EtcdAuthority.Certificate, keys.EtcdClient.Certificate, "", x509.ExtKeyUsageClientAuth); err != nil {
		t.Errorf("etcd's client: %v", err)
	}
	if verify(t, keys.EtcdAuthority.Certificate, keys.Admin.Certificate, "", x509.ExtKeyUsageClientAuth) == nil {
		t.Error("an identity of the cluster can read etcd")
	}
	if verify(t, keys.Authority.Certificate, keys.Admin.Certificate, "", x509.ExtKeyUsageServerAuth) == nil {
		t.Error("a client's certificate can pose as a server")
	}
	before := read(t, keys.Admin.Certificate)
	if got := before.Subject.Organization; len(got) != 1 || got[0] != "system:masters" {
		t.Errorf("the administrator is in %v", got)
	}
	if err := keys.Ensure("10.96.0.1", time.Now()); err != nil {
		t.Fatal(err)
	}
	if !before.Equal(read(t, keys.Admin.Certificate)) {
		t.Error("a second call replaced the keys")
	}
	entries, err := os.ReadDir(filepath.Dir(keys.Admin.Key))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if info, err := entry.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v (%v)", entry.Name(), info.Mode(), err)
		}
	}
}

func TestALoadedAuthorityIssues(t *testing.T) {
	keys := LayoutIn(filepath.Join(t.TempDir(), "pki"))
	if err := keys.Ensure("10.96.0.1", time.Now()); err != nil {
		t.Fatal(err)
	}
	authority, err := LoadAuthority(keys.Authority)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := authority.Issue(Request{CommonName: "alice", Organizations: []string{"a", "b"}}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "alice.crt")
	if err := os.WriteFile(file, pair.Certificate, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := verify(t, keys.Authority.Certificate, file, "", x509.ExtKeyUsageClientAuth); err != nil {
		t.Error(err)
	}
	if subject := read(t, file).Subject; subject.CommonName != "alice" || len(subject.Organization) != 2 {
		t.Errorf("subject is %s", subject)
	}
}
