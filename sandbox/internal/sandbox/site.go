package sandbox

import (
	"errors"
	"fmt"
	"net"
	"time"

	"k8s.io/component-base/version"

	"walm.io/walm/sandbox/internal/controlplane"
	"walm.io/walm/sandbox/internal/kubeconfig"
	"walm.io/walm/sandbox/internal/pki"
	"walm.io/walm/sandbox/internal/state"
)

// site is what a sandbox needs to run: its locked folder, with keys, log and kubeconfig, and its ports.
type site struct {
	folder   state.Folder
	lock     *state.Lock
	log      *componentLog
	keys     pki.Layout
	instance state.Instance
	started  time.Time
	// apiServer and kubelet are ports of 127.0.0.1 that are already open.
	apiServer, kubelet net.Listener
}

func prepare(options Options, now time.Time) (_ *site, err error) {
	s := &site{started: now}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.folder, err = state.Create(options.Folder); err != nil {
		return nil, err
	}
	if s.lock, err = s.folder.Acquire(state.ClusterLock); err != nil {
		return nil, err
	}
	if options.Fresh {
		if err := s.folder.DeleteCluster(); err != nil {
			return nil, fmt.Errorf("state folder %s cannot be emptied: %w", s.folder, err)
		}
	}
	if s.log, err = openLog(s.folder.Log()); err != nil {
		return nil, err
	}
	s.keys = pki.LayoutIn(s.folder.PKI())
	if err := s.keys.Ensure(controlplane.ServiceIP, now); err != nil {
		return nil, err
	}
	last, err := s.folder.Instance()
	if err != nil {
		return nil, err
	}
	apiServer, apiServerErr := state.Listen(options.APIServerPort, last.APIServerPort)
	kubelet, kubeletErr := state.Listen(0, 0)
	s.apiServer, s.kubelet = apiServer, kubelet
	if err := errors.Join(apiServerErr, kubeletErr); err != nil {
		return nil, err
	}
	s.instance = state.Instance{
		Server:            fmt.Sprintf("https://127.0.0.1:%d", state.Port(apiServer)),
		APIServerPort:     state.Port(apiServer),
		KubernetesVersion: version.Get().GitVersion,
		Nodes:             options.Nodes,
		StartedAt:         now.UTC().Truncate(time.Second),
	}
	if err := kubeconfig.WriteAdmin(s.folder.Kubeconfig(), s.instance.Server, s.keys); err != nil {
		return nil, err
	}
	return s, s.folder.Save(s.instance)
}

// close releases everything, the lock last.
func (s *site) close() {
	for _, listener := range []net.Listener{s.apiServer, s.kubelet} {
		if listener != nil {
			_ = listener.Close()
		}
	}
	if s.log != nil {
		s.log.close()
	}
	if s.lock != nil {
		_ = s.lock.Release()
	}
}
