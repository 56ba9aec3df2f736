//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"net/http"
	"syscall"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

func checkIdentity(t *testing.T, p program, admin kubernetes.Interface) {
	file := t.TempDir() + "/alice"
	p.must(t, "kubeconfig", "--user", "alice", "--group", "developers", "--out", file)
	alice := connect(t, file)
	if _, err := alice.CoreV1().Pods(namespace).List(t.Context(), metav1.ListOptions{}); !apierrors.IsForbidden(err) {
		t.Errorf("without a role she gets %v", err)
	}
	if err := bind(t.Context(), admin, "developers", "view"); err != nil {
		t.Fatal(err)
	}
	eventually(t, func(ctx context.Context) string {
		if _, err := alice.CoreV1().Pods(namespace).List(ctx, metav1.ListOptions{}); err != nil {
			return err.Error()
		}
		return ""
	})
}

func checkSecond(t *testing.T, otherServer string) {
	second := newProgram(t)
	client := connect(t, second.must(t, "up", "--detach", "--nodes", "1"))
	if got := second.status(t).Server; got == otherServer {
		t.Errorf("both are at %s", got)
	}
	nodes, err := client.CoreV1().Nodes().List(t.Context(), metav1.ListOptions{})
	if err != nil || len(nodes.Items) != 1 {
		t.Errorf("it has %d nodes (%v)", len(nodes.Items), err)
	}
	deployments, err := client.AppsV1().Deployments(namespace).List(t.Context(), metav1.ListOptions{})
	if err != nil || len(deployments.Items) != 0 {
		t.Errorf("it has %d deployments of the other (%v)", len(deployments.Items), err)
	}
}

func checkKill(t *testing.T, p program, before status) {
	if err := syscall.Kill(before.PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, func(context.Context) string {
		if s := p.status(t).State; s != "stopped" {
			return "it is " + s
		}
		return ""
	})
	kubeconfig := p.must(t, "up", "--detach")
	if after := p.status(t); after.Server != before.Server {
		t.Errorf("it moved from %s to %s", before.Server, after.Server)
	}
	client := connect(t, kubeconfig)
	eventually(t, func(ctx context.Context) string {
		web, err := client.AppsV1().Deployments(namespace).Get(ctx, "web", metav1.GetOptions{})
		if err != nil || web.Status.AvailableReplicas != 3 {
			return fmt.Sprintf("deployment: not 3 available (%v)", err)
		}
		return ""
	})
	// The nodes' log endpoint moved with the process.
	pods, err := client.CoreV1().Pods(namespace).List(t.Context(), metav1.ListOptions{LabelSelector: "app=web"})
	created(t, pods, err)
	eventually(t, func(ctx context.Context) string {
		if _, err := client.CoreV1().Pods(namespace).GetLogs(pods.Items[0].Name, &corev1.PodLogOptions{}).DoRaw(ctx); err != nil {
			return err.Error()
		}
		return ""
	})
}

func checkRegistry(t *testing.T, p program) {
	address := p.must(t, "registry", "--detach", "--username", "alice", "--password", "secret")
	for _, c := range []struct {
		password string
		want     int
	}{{"secret", http.StatusOK}, {"wrong", http.StatusUnauthorized}} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+"/v2/", nil)
		created(t, request, err)
		request.SetBasicAuth("alice", c.password)
		answer, err := http.DefaultClient.Do(request)
		created(t, answer, err)
		_ = answer.Body.Close()
		if answer.StatusCode != c.want {
			t.Errorf("with %q it answers %d, want %d", c.password, answer.StatusCode, c.want)
		}
	}
}
