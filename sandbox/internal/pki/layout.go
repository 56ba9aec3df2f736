package pki

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// KubeletClientName is the common name by which the API server is known to the nodes' log endpoint.
const KubeletClientName = "kube-apiserver-kubelet-client"

// Layout names every file of a sandbox's keys. etcd has an authority of its own: otherwise every identity
// of the cluster could read etcd.
type Layout struct {
	folder string

	Authority     Files
	EtcdAuthority Files
	APIServer     Files
	KubeletClient Files
	Kubelet       Files
	Etcd          Files
	EtcdClient    Files
	Admin         Files

	ServiceAccountKey       string
	ServiceAccountPublicKey string
}

// LayoutIn names the files below a folder.
func LayoutIn(folder string) Layout {
	return Layout{
		folder:                  folder,
		Authority:               filesOf(folder, "ca"),
		EtcdAuthority:           filesOf(folder, "etcd-ca"),
		APIServer:               filesOf(folder, "apiserver"),
		KubeletClient:           filesOf(folder, "apiserver-kubelet-client"),
		Kubelet:                 filesOf(folder, "kubelet"),
		Etcd:                    filesOf(folder, "etcd"),
		EtcdClient:              filesOf(folder, "etcd-client"),
		Admin:                   filesOf(folder, "admin"),
		ServiceAccountKey:       filepath.Join(folder, "service-account.key"),
		ServiceAccountPublicKey: filepath.Join(folder, "service-account.pub"),
	}
}

// Ensure makes all files unless a complete set is there. The set is made in a folder beside and moved into
// place, so that it is complete or absent. ServiceIP is the cluster address of the kubernetes service.
func (l Layout) Ensure(serviceIP string, now time.Time) error {
	if _, err := os.Stat(l.folder); err == nil {
		return nil
	} else if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	temporary := l.folder + ".new"
	if err := os.RemoveAll(temporary); err != nil {
		return err
	}
	if err := os.MkdirAll(temporary, 0o700); err != nil {
		return err
	}
	if err := LayoutIn(temporary).generate(serviceIP, now); err != nil {
		return fmt.Errorf("keys and certificates: %w", err)
	}
	return os.Rename(temporary, l.folder)
}

func (l Layout) generate(serviceIP string, now time.Time) error {
	cluster, err := l.newAuthority(l.Authority, "walm-sandbox-ca", now)
	if err != nil {
		return err
	}
	etcd, err := l.newAuthority(l.EtcdAuthority, "walm-sandbox-etcd-ca", now)
	if err != nil {
		return err
	}
	local := []string{"127.0.0.1", "localhost"}
	service := []string{serviceIP, "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"}
	issues := []struct {
		by      *Authority
		to      Files
		request Request
	}{
		{cluster, l.APIServer, Request{CommonName: "kube-apiserver", Hosts: append(service, local...)}},
		{cluster, l.KubeletClient, Request{CommonName: KubeletClientName}},
		{cluster, l.Kubelet, Request{CommonName: "kubelet", Hosts: local}},
		{cluster, l.Admin, Request{CommonName: "sandbox-admin", Organizations: []string{"system:masters"}}},
		{etcd, l.Etcd, Request{CommonName: "etcd", Hosts: local}},
		{etcd, l.EtcdClient, Request{CommonName: "kube-apiserver"}},
	}
	for _, issue := range issues {
		pair, err := issue.by.Issue(issue.request, now)
		if err != nil {
			return err
		}
		if err := pair.write(issue.to); err != nil {
			return err
		}
	}
	return l.newServiceAccountKey()
}

func (l Layout) newAuthority(files Files, commonName string, now time.Time) (*Authority, error) {
	authority, err := NewAuthority(commonName, now)
	if err != nil {
		return nil, err
	}
	pair, err := encodePair(authority.Certificate.Raw, authority.key)
	if err != nil {
		return nil, err
	}
	return authority, pair.write(files)
}

func (l Layout) newServiceAccountKey() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	private, err := encodeKey(key)
	if err != nil {
		return err
	}
	raw, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	if err := os.WriteFile(l.ServiceAccountKey, private, 0o600); err != nil {
		return err
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: raw})
	return os.WriteFile(l.ServiceAccountPublicKey, public, 0o600)
}
