package rpc

import (
	"context"
	"log/slog"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/sourcegraph/jsonrpc2"
	"helm.sh/helm/v4/pkg/chart/common"

	"walm.io/engine/action"
	"walm.io/engine/chart"
	"walm.io/engine/client"
	"walm.io/engine/guard"
	"walm.io/engine/jsonnet"
	"walm.io/engine/problem"
	"walm.io/engine/record"
	"walm.io/engine/registry"
	"walm.io/engine/renderer"
	"walm.io/engine/rendering"
	"walm.io/engine/worker/isolation"
)

// engine is the state shared by the requests of one server after the handshake.
type engine struct {
	version string
	log     *slog.Logger
	// lead is the server's term of leadership.
	lead client.Lead

	mutex       sync.Mutex
	initialized bool
	spillFolder string
	charts      *chart.Library
	fetcher     *registry.Fetcher
	// cluster is nil if no cluster is configured; clusterErr says why.
	cluster    *client.Cluster
	clusterErr error
	services   *action.Services
}

// greeting is how long the first contact with the cluster may take before initialize answers without it.
const greeting = 3 * time.Second

// introduction is the first request.
type introduction struct {
	ProtocolVersion int    `json:"protocolVersion"`
	ChartFolder     string `json:"chartFolder"`
	SpillFolder     string `json:"spillFolder"`
	Kubeconfig      string `json:"kubeconfig"`
	Context         string `json:"context"`
	InCluster       bool   `json:"inCluster"`
	// SystemNamespace is the server's own namespace, empty for none.
	SystemNamespace string `json:"systemNamespace,omitempty"`
	// RecordFolder is where the engine notes which records are being read, kept from one engine to the next; empty for
	// none.
	RecordFolder string `json:"recordFolder,omitempty"`
	// JsonnetLibrary is the folder of the common library of jsonnet charts, empty for none.
	JsonnetLibrary string `json:"jsonnetLibrary"`
	Limits         struct {
		ArchiveBytes      int64 `json:"archiveBytes"`
		DecompressedBytes int64 `json:"decompressedBytes"`
		FileBytes         int64 `json:"fileBytes"`
		DownloadBytes     int64 `json:"downloadBytes"`
		RecordBytes       int64 `json:"recordBytes"`
		RenderMs          int64 `json:"renderMs"`
	} `json:"limits"`
	Addresses struct {
		RefusePrivate  bool `json:"refusePrivate"`
		RefuseLoopback bool `json:"refuseLoopback"`
		// FailureMs is the uniform delay of failed downloads from addresses named by callers.
		FailureMs int64 `json:"failureMs"`
	} `json:"addresses"`
}

// greetingAnswer is the answer to the handshake. KubernetesVersion is nil if the cluster did not respond, which is no
// error: it may respond later.
type greetingAnswer struct {
	ProtocolVersion   int     `json:"protocolVersion"`
	EngineVersion     string  `json:"engineVersion"`
	HelmVersion       string  `json:"helmVersion"`
	KubernetesVersion *string `json:"kubernetesVersion"`
	// Isolation is the state of the barriers between workers and the rest of the machine.
	Isolation isolation.Report `json:"isolation"`
}

func initialize(c call) (any, error) {
	params, err := read[introduction](c)
	if err != nil {
		return nil, err
	}
	if params.ProtocolVersion != protocolVersion {
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidRequest, Message: "this engine speaks protocol version 1 only"}
	}
	if err := c.engine.start(c.connection, params); err != nil {
		return nil, err
	}
	answer := greetingAnswer{ProtocolVersion: protocolVersion, EngineVersion: c.engine.version, HelmVersion: client.HelmVersion()}
	if answer.Isolation, err = c.engine.services.Renders.Isolation(); err != nil {
		return nil, err
	}
	if c.engine.cluster == nil {
		return answer, nil
	}
	ctx, cancel := context.WithTimeout(c.context, greeting)
	defer cancel()
	known := make(chan string, 1)
	guard.Go(c.engine.log, "asking the cluster for its version", func() {
		if version, err := c.engine.cluster.KubernetesVersion(ctx); err == nil {
			known <- version
		}
		guard.Go(c.engine.log, "following the kinds of the cluster", func() { c.engine.cluster.Run(c.connection.context) })
		close(known)
	})
	select {
	case version, ok := <-known:
		if ok {
			answer.KubernetesVersion = &version
		}
	case <-ctx.Done():
	}
	return answer, nil
}

func (e *engine) start(served *connection, params introduction) error {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if e.initialized {
		return &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidRequest, Message: "initialize was sent twice"}
	}
	limits := chart.DefaultLimits()
	override(&limits.ArchiveBytes, params.Limits.ArchiveBytes)
	override(&limits.DecompressedBytes, params.Limits.DecompressedBytes)
	override(&limits.FileBytes, params.Limits.FileBytes)
	store, err := chart.NewStore(params.ChartFolder)
	if err != nil {
		return err
	}
	if info, err := os.Stat(params.SpillFolder); err != nil || !info.IsDir() {
		return invalidParams("spillFolder is not a folder")
	}
	records := record.DefaultReading(params.Limits.RecordBytes)
	if params.RecordFolder != "" {
		if records.Diary, err = record.OpenDiary(params.RecordFolder, e.log); err != nil {
			return invalidParams("recordFolder cannot be used: " + err.Error())
		}
	}
	program, err := ownProgram()
	if err != nil {
		return err
	}
	e.spillFolder = params.SpillFolder
	e.charts = chart.NewLibrary(store, limits)
	e.fetcher = registry.NewFetcher(registry.Options{
		Addresses:  registry.AddressPolicy{RefusePrivate: params.Addresses.RefusePrivate, RefuseLoopback: params.Addresses.RefuseLoopback},
		Evenly:     time.Duration(params.Addresses.FailureMs) * time.Millisecond,
		ChartBytes: limits.ArchiveBytes,
		IndexBytes: params.Limits.DownloadBytes,
		UserAgent:  "walm-engine/" + e.version,
		Log:        e.log,
		Stored: func(digest string) []byte {
			data, err := store.Open(digest, limits.ArchiveBytes)
			if err != nil {
				return nil
			}
			return data
		},
		ParseIndex: registry.NewIndexPool(e.log, program, indexWorkerFlag).Parse,
	})
	if info, err := os.Stat(params.JsonnetLibrary); params.JsonnetLibrary != "" && (err != nil || !info.IsDir()) {
		return invalidParams("jsonnetLibrary is not a folder")
	}
	source := client.Source{Kubeconfig: params.Kubeconfig, Context: params.Context, InCluster: params.InCluster, SystemNamespace: params.SystemNamespace}
	e.cluster, e.clusterErr = client.Connect(source, e.log, func() { served.notify("discoveryChanged", struct{}{}) })
	renderMs := int64(20_000)
	override(&renderMs, params.Limits.RenderMs)
	e.services = &action.Services{
		Cluster: e.cluster,
		Charts:  e.charts,
		FetchSchema: func(address string) ([]byte, error) {
			ctx, cancel := context.WithTimeout(served.context, schemaTime)
			defer cancel()
			return e.fetcher.FetchSchema(ctx, address)
		},
		Renders: renderer.NewPool(e.log, renderer.MemoryBytes, program, renderWorkerFlag),
		Jsonnet: jsonnet.NewRenderer(e.log, jsonnet.MemoryBytes, params.JsonnetLibrary != "",
			program, jsonnetWorkerFlag, jsonnetLibraryFlag+"="+params.JsonnetLibrary),
		RenderLimit:       time.Duration(renderMs) * time.Millisecond,
		Records:           records,
		ChangeDocuments:   served.changeDocuments,
		FindOutputSecrets: served.findOutputSecrets,
		SealRevision:      served.sealRevision,
		Log:               e.log,
	}
	e.initialized = true
	return nil
}

// ownProgram is the program with which the engine starts its workers. If the system can identify the running program,
// it is that one even after its file was replaced.
func ownProgram() (string, error) {
	if runtime.GOOS == "linux" {
		return "/proc/self/exe", nil
	}
	return os.Executable()
}

// schemaTime bounds following one reference of a values schema; it is Helm's limit.
const schemaTime = 15 * time.Second

func override(limit *int64, configured int64) {
	if configured > 0 {
		*limit = configured
	}
}

// releases returns the operations on releases, or why there is no cluster.
func (e *engine) releases() (*action.Services, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	switch {
	case !e.initialized:
		return nil, errNotInitialized
	case e.clusterErr != nil:
		return nil, problem.New(problem.ClusterUnreachable, "no cluster is configured: %s", e.clusterErr).Because(e.clusterErr)
	default:
		return e.services, nil
	}
}

// linter returns what renders charts for no release. Templates see the cluster's capabilities if it responds, else Helm's.
func (e *engine) linter(ctx context.Context) (*rendering.Linter, error) {
	e.mutex.Lock()
	initialized, cluster, services := e.initialized, e.cluster, e.services
	e.mutex.Unlock()
	if !initialized {
		return nil, errNotInitialized
	}
	capabilities := common.DefaultCapabilities.Copy()
	if cluster != nil {
		limited, cancel := context.WithTimeout(ctx, greeting)
		defer cancel()
		if known, err := cluster.Capabilities(limited); err == nil {
			capabilities = known
		}
	}
	return &rendering.Linter{
		Charts: services.Charts, FetchSchema: services.FetchSchema, Renders: services.Renders, Jsonnet: services.Jsonnet,
		RenderLimit: services.RenderLimit, Capabilities: capabilities, Log: e.log,
	}, nil
}

// library returns the charts and the fetcher.
func (e *engine) library() (*chart.Library, *registry.Fetcher, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if !e.initialized {
		return nil, nil, errNotInitialized
	}
	return e.charts, e.fetcher, nil
}

var errNotInitialized = &jsonrpc2.Error{Code: -32002, Message: "the first request must be initialize"}
