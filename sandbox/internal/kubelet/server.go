package kubelet

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"walm.io/walm/sandbox/internal/pki"
)

type server struct {
	client kubernetes.Interface
}

// Serve answers requests of the API server, and of no other client, on the listener until the context ends.
func Serve(ctx context.Context, listener net.Listener, keys pki.Layout, client kubernetes.Interface) error {
	authority, err := os.ReadFile(keys.Authority.Certificate)
	if err != nil {
		return err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	routes := http.NewServeMux()
	s := server{client: client}
	routes.HandleFunc("GET /containerLogs/{namespace}/{pod}/{container}", s.containerLogs)
	routes.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "containers of the sandbox run nothing: there is nothing to exec into, attach to or forward from", http.StatusNotImplemented)
	})
	httpServer := &http.Server{
		Handler:           onlyAPIServer(routes),
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		TLSConfig: &tls.Config{
			MinVersion: tls.VersionTLS12,
			ClientCAs:  pool,
			ClientAuth: tls.RequireAndVerifyClientCert,
		},
	}
	stop := context.AfterFunc(ctx, func() { _ = httpServer.Close() })
	defer stop()
	err = httpServer.ServeTLS(listener, keys.Kubelet.Certificate, keys.Kubelet.Key)
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("log endpoint of the nodes: %w", err)
}

// onlyAPIServer refuses other identities of the cluster, which hold certificates of the same authority.
func onlyAPIServer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 || r.TLS.PeerCertificates[0].Subject.CommonName != pki.KubeletClientName {
			http.Error(w, "only the API server may ask", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s server) containerLogs(w http.ResponseWriter, r *http.Request) {
	options, err := parseLogOptions(r.URL.Query(), time.Now())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	find := func(ctx context.Context) (snapshot, error) {
		pod, err := s.client.CoreV1().Pods(r.PathValue("namespace")).Get(ctx, r.PathValue("pod"), metav1.GetOptions{})
		if err != nil {
			return snapshot{}, err
		}
		current, err := runOf(pod, r.PathValue("container"), options.previous)
		return snapshot{pod: pod, container: r.PathValue("container"), run: current}, err
	}
	first, err := find(r.Context())
	switch {
	case apierrors.IsNotFound(err):
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	stream(r.Context(), w, first, find, options)
}
