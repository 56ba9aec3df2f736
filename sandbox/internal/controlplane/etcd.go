// Package controlplane runs etcd and Kubernetes' own components inside this process. One process means one
// thing to start, one to stop and nothing left over when it is killed.
package controlplane

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
	"go.uber.org/zap"

	"walm.io/walm/sandbox/internal/pki"
	"walm.io/walm/sandbox/internal/state"
)

// EtcdOptions says where etcd keeps its data and how it is reached.
type EtcdOptions struct {
	DataFolder string
	Keys       pki.Layout
	// Port of 127.0.0.1; 0 takes a free one.
	Port int
	// Sync makes every write wait for the disk. Without it a write survives the end of the process, however it
	// ends, but not the end of the machine.
	Sync   bool
	Logger *zap.Logger
}

// Etcd is a running single-member etcd.
type Etcd struct {
	server *embed.Etcd
	// Port of 127.0.0.1 on which it serves, with TLS and client certificates only.
	Port int
}

// StartEtcd starts etcd and returns when it serves.
func StartEtcd(ctx context.Context, options EtcdOptions) (*Etcd, error) {
	client := loopbackURL(options.Port)
	peer := loopbackURL(0)
	config := embed.NewConfig()
	config.Name = "sandbox"
	config.Dir = options.DataFolder
	config.ListenClientUrls, config.AdvertiseClientUrls = client, client
	config.ListenPeerUrls, config.AdvertisePeerUrls = peer, peer
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	config.ClientTLSInfo.CertFile, config.ClientTLSInfo.KeyFile = options.Keys.Etcd.Certificate, options.Keys.Etcd.Key
	config.ClientTLSInfo.TrustedCAFile = options.Keys.EtcdAuthority.Certificate
	config.ClientTLSInfo.ClientCertAuth = true
	config.PeerTLSInfo = config.ClientTLSInfo
	config.UnsafeNoFsync = !options.Sync
	config.ZapLoggerBuilder = embed.NewZapLoggerBuilder(options.Logger)
	// The API server reads from its cache once its watches have caught up; this notifies it that they have.
	config.WatchProgressNotifyInterval = 5 * time.Second

	server, err := open(config)
	if err != nil {
		return nil, fmt.Errorf("etcd: %w", err)
	}
	select {
	case <-server.Server.ReadyNotify():
		return &Etcd{server: server, Port: state.Port(server.Clients[0])}, nil
	case err := <-server.Err():
		server.Close()
		return nil, fmt.Errorf("etcd: %w", err)
	case <-ctx.Done():
		server.Close()
		return nil, fmt.Errorf("etcd: %w", ctx.Err())
	}
}

// open turns etcd's panics, which mean that its data cannot be read, into errors.
func open(config *embed.Config) (_ *embed.Etcd, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			err = fmt.Errorf("%v: the data in %s cannot be read; start with --fresh to discard it", problem, config.Dir)
		}
	}()
	return embed.StartEtcd(config)
}

// Wait returns when etcd fails or the context ends; then etcd is closed cleanly.
func (e *Etcd) Wait(ctx context.Context) error {
	select {
	case err := <-e.server.Err():
		e.server.Close()
		return fmt.Errorf("etcd: %w", err)
	case <-ctx.Done():
		return nil
	}
}

// Close stops etcd and releases its data folder.
func (e *Etcd) Close() { e.server.Close() }

func loopbackURL(port int) []url.URL {
	return []url.URL{{Scheme: "https", Host: net.JoinHostPort("127.0.0.1", fmt.Sprint(port))}}
}
