package sandbox

import (
	"context"
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

const pollInterval = 50 * time.Millisecond

// waitForAPIServer waits for /readyz, which includes the default roles.
func waitForAPIServer(ctx context.Context, client kubernetes.Interface) error {
	return poll(ctx, "kube-apiserver", func() (string, error) {
		body, err := client.Discovery().RESTClient().Get().AbsPath("/readyz").Param("verbose", "").DoRaw(ctx)
		if err == nil {
			return "", nil
		}
		return unready(string(body), err), nil
	})
}

// waitUntilUsable waits until a pod that is created would run: nodes are Ready and free of taints, and the
// default namespace has its service account.
func waitUntilUsable(ctx context.Context, client kubernetes.Interface, nodes, kubeletPort int, progress Progress) error {
	progress(fmt.Sprintf("waiting for %d nodes and the default service account", nodes))
	return poll(ctx, "cluster", func() (string, error) {
		list, err := client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
		if err != nil {
			return "", err
		}
		usable := 0
		for _, node := range list.Items {
			if isUsable(node, kubeletPort) {
				usable++
			}
		}
		if usable < nodes {
			return fmt.Sprintf("%d of %d nodes are Ready", usable, nodes), nil
		}
		if _, err := client.CoreV1().ServiceAccounts("default").Get(ctx, "default", metav1.GetOptions{}); err != nil {
			return err.Error(), nil
		}
		if _, err := client.CoreV1().ConfigMaps("default").Get(ctx, "kube-root-ca.crt", metav1.GetOptions{}); err != nil {
			return err.Error(), nil
		}
		return "", nil
	})
}

func isUsable(node corev1.Node, kubeletPort int) bool {
	// At another port it is still as an earlier process left it.
	if len(node.Spec.Taints) > 0 || int(node.Status.DaemonEndpoints.KubeletEndpoint.Port) != kubeletPort {
		return false
	}
	for _, condition := range node.Status.Conditions {
		if condition.Type == corev1.NodeReady {
			return condition.Status == corev1.ConditionTrue
		}
	}
	return false
}

// poll repeats until nothing is missing. On timeout the error says what was missing.
func poll(ctx context.Context, what string, missing func() (string, error)) error {
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	last := ""
	for {
		found, err := missing()
		if err == nil && found == "" {
			return nil
		}
		if err != nil && ctx.Err() == nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		if found != "" {
			last = found
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %s: %w", what, last, ctx.Err())
		case <-tick.C:
		}
	}
}

// unready shortens the verbose answer of /readyz to the checks that fail.
func unready(body string, err error) string {
	failing := []string{}
	for line := range strings.Lines(body) {
		if strings.HasPrefix(line, "[-]") {
			failing = append(failing, strings.TrimSpace(line))
		}
	}
	if len(failing) == 0 {
		return err.Error()
	}
	return strings.Join(failing, "; ")
}
