package action

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/client"
	"walm.io/engine/record"
	"walm.io/engine/renderer"
	"walm.io/engine/rendering"
)

var shared = sync.OnceValues(func() (*client.Cluster, error) {
	source := client.Source{Kubeconfig: os.Getenv("WALM_TEST_KUBECONFIG")}
	cluster, err := client.Connect(source, slog.Default(), func() {})
	if err == nil {
		go cluster.Run(context.Background())
	}
	return cluster, err
})

// renderWorkerArgument makes the test binary a render worker.
const renderWorkerArgument = "be-a-render-worker"

func TestMain(m *testing.M) {
	if slices.Contains(os.Args, renderWorkerArgument) {
		if err := renderer.Serve(os.Stdin, os.Stdout, func() { os.Exit(0) }); err != nil {
			panic(err)
		}
		return
	}
	m.Run()
}

// testPool renders with the test binary itself.
var testPool = sync.OnceValue(func() *renderer.Pool {
	return renderer.NewPool(slog.Default(), renderer.MemoryBytes, os.Args[0], renderWorkerArgument)
})

// testServices performs operations on the cluster of WALM_TEST_KUBECONFIG and skips the test without one.
func testServices(t *testing.T, charts charttest.Charts) *Services {
	t.Helper()
	if os.Getenv("WALM_TEST_KUBECONFIG") == "" {
		t.Skip("needs a cluster: set WALM_TEST_KUBECONFIG")
	}
	cluster, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return &Services{Cluster: cluster, Charts: charts, Renders: testPool(), RenderLimit: 10 * time.Minute, Records: record.DefaultReading(0), Log: slog.Default()}
}

// newNamespace creates a namespace for one test.
func newNamespace(t *testing.T, services *Services) string {
	t.Helper()
	core := ownCore(t, services)
	name := strings.ToLower(strings.NewReplacer("/", "-", "_", "-").Replace(t.Name()))
	if len(name) > 40 {
		name = name[:40]
	}
	namespace, err := core.session.Core()
	if err != nil {
		t.Fatal(err)
	}
	made, err := namespace.Namespaces().Create(t.Context(), &corev1.Namespace{
		ObjectMeta: metav1.ObjectMeta{GenerateName: name + "-"},
	}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = namespace.Namespaces().Delete(context.Background(), made.Name, metav1.DeleteOptions{})
	})
	return made.Name
}

// ownCore is an operation that outlives the test's context, to inspect the cluster and to change it as another user.
func ownCore(t *testing.T, services *Services) *operation {
	t.Helper()
	op, err := services.begin(context.Background(), Target{Namespace: "default", Name: "looker"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if op.session, err = services.Cluster.Session(context.Background(), nil, "default", nil, nil); err != nil {
		t.Fatal(err)
	}
	return op
}

func installation(namespace, name, chart string) InstallRequest {
	return InstallRequest{
		Target:    Target{Namespace: namespace, Name: name},
		Content:   rendering.Content{Chart: chart, Values: map[string]any{}},
		TimeoutMs: 600_000,
		CRDs:      rendering.CRDsCreate,
	}
}
