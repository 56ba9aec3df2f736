//go:build e2e

package e2e

import (
	"bufio"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

func checkWorkloads(t *testing.T, client kubernetes.Interface) {
	ctx, options := t.Context(), metav1.CreateOptions{}
	web, err := client.AppsV1().Deployments(namespace).Create(ctx, deployment("web", 3, nil), options)
	created(t, web, err)
	db, err := client.AppsV1().StatefulSets(namespace).Create(ctx, statefulSet("db", 2, "silver"), options)
	created(t, db, err)
	agent, err := client.AppsV1().DaemonSets(namespace).Create(ctx, daemonSet("agent"), options)
	created(t, agent, err)
	once, err := client.BatchV1().Jobs(namespace).Create(ctx, job("once", nil), options)
	created(t, once, err)
	service, err := client.CoreV1().Services(namespace).Create(ctx, balanced("web"), options)
	created(t, service, err)

	began := time.Now()
	eventually(t, func(ctx context.Context) string {
		web, err := client.AppsV1().Deployments(namespace).Get(ctx, "web", metav1.GetOptions{})
		if err != nil || web.Status.AvailableReplicas != 3 {
			return fmt.Sprintf("deployment: %d of 3 available (%v)", web.Status.AvailableReplicas, err)
		}
		db, err := client.AppsV1().StatefulSets(namespace).Get(ctx, "db", metav1.GetOptions{})
		if err != nil || db.Status.ReadyReplicas != 2 {
			return fmt.Sprintf("stateful set: %d of 2 ready (%v)", db.Status.ReadyReplicas, err)
		}
		agent, err := client.AppsV1().DaemonSets(namespace).Get(ctx, "agent", metav1.GetOptions{})
		if err != nil || agent.Status.NumberReady != 3 {
			return fmt.Sprintf("daemon set: %d of 3 ready (%v)", agent.Status.NumberReady, err)
		}
		once, err := client.BatchV1().Jobs(namespace).Get(ctx, "once", metav1.GetOptions{})
		if err != nil || !has(once, batchv1.JobComplete) {
			return fmt.Sprintf("job: %+v (%v)", once.Status, err)
		}
		service, err := client.CoreV1().Services(namespace).Get(ctx, "web", metav1.GetOptions{})
		if err != nil || len(service.Status.LoadBalancer.Ingress) != 1 {
			return fmt.Sprintf("service: no address (%v)", err)
		}
		slices, err := client.DiscoveryV1().EndpointSlices(namespace).List(ctx, metav1.ListOptions{LabelSelector: "kubernetes.io/service-name=web"})
		if err != nil || len(slices.Items) != 1 || len(slices.Items[0].Endpoints) != 3 {
			return fmt.Sprintf("service: not 3 endpoints (%v)", err)
		}
		return ""
	})
	t.Logf("all ready after %s", time.Since(began).Round(10*time.Millisecond))
}

func has(job *batchv1.Job, kind batchv1.JobConditionType) bool {
	for _, condition := range job.Status.Conditions {
		if condition.Type == kind && condition.Status == corev1.ConditionTrue {
			return true
		}
	}
	return false
}

func checkLogs(t *testing.T, client kubernetes.Interface) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	pods := client.CoreV1().Pods(namespace)
	text, err := pods.GetLogs("db-0", &corev1.PodLogOptions{}).DoRaw(ctx)
	if err != nil || !strings.Contains(string(text), "container main of pod default/db-0 started") {
		t.Errorf("the log is %q (%v)", text, err)
	}
	// A followed log goes on until its pod does.
	stream, err := pods.GetLogs("db-0", &corev1.PodLogOptions{Follow: true}).Stream(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	lines := bufio.NewScanner(stream)
	if !lines.Scan() {
		t.Fatalf("the followed log is empty: %v", lines.Err())
	}
	if err := client.AppsV1().StatefulSets(namespace).Delete(ctx, "db", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
	}
	if lines.Err() != nil || ctx.Err() != nil {
		t.Errorf("the followed log ended with %v (%v)", lines.Err(), ctx.Err())
	}
}
