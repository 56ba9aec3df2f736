//go:build e2e

package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"

	"walm.io/walm/sandbox/internal/behaviour"
)

// patience is for a machine that does other things, too; the sandbox needs a second or two.
const patience = 20 * time.Second

// eventually polls until nothing is missing.
func eventually(t *testing.T, missing func(ctx context.Context) string) {
	t.Helper()
	last := ""
	err := wait.PollUntilContextTimeout(t.Context(), 50*time.Millisecond, patience, true, func(ctx context.Context) (bool, error) {
		last = missing(ctx)
		return last == "", nil
	})
	if err != nil {
		t.Fatalf("still after %s: %s", patience, last)
	}
}

func created[T any](t *testing.T, _ T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestSandbox(t *testing.T) {
	p := newProgram(t)
	kubeconfig := p.must(t, "up", "--detach")
	s := p.status(t)
	if s.State != "ready" || s.Kubeconfig != kubeconfig || !strings.HasPrefix(s.KubernetesVersion, "v1.") {
		t.Fatalf("status is %+v", s)
	}
	t.Logf("ready after %.1fs, %s", s.ReadyAfterSeconds, residentMemory(t, s.PID))
	if s.ReadyAfterSeconds > patience.Seconds() {
		t.Errorf("it took %.1fs to be ready", s.ReadyAfterSeconds)
	}
	client := connect(t, kubeconfig)

	t.Run("offers", func(t *testing.T) { checkOffers(t, client) })
	t.Run("workloads become ready", func(t *testing.T) { checkWorkloads(t, client) })
	t.Run("logs", func(t *testing.T) { checkLogs(t, client) })
	t.Run("misbehaviour", func(t *testing.T) { checkMisbehaviour(t, client) })
	t.Run("another identity", func(t *testing.T) { checkIdentity(t, p, client) })
	t.Run("a second sandbox", func(t *testing.T) { checkSecond(t, s.Server) })
	t.Run("survives a kill", func(t *testing.T) { checkKill(t, p, s) })
	t.Run("registry", func(t *testing.T) { checkRegistry(t, p) })
	t.Run("down", func(t *testing.T) {
		p.must(t, "down", "--delete")
		if _, err := os.Stat(p.folder); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the state folder is still there: %v", err)
		}
		if got := p.status(t).State; got != "stopped" {
			t.Errorf("it is %s", got)
		}
	})
}

func residentMemory(t *testing.T, pid int) string {
	t.Helper()
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return "memory unknown"
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "VmRSS:") {
			return lines.Text()
		}
	}
	return "memory unknown"
}

func checkOffers(t *testing.T, client kubernetes.Interface) {
	ctx := t.Context()
	nodes, err := client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
	if err != nil || len(nodes.Items) != 3 {
		t.Fatalf("%d nodes (%v)", len(nodes.Items), err)
	}
	for _, node := range nodes.Items {
		cpu, memory, pods := node.Status.Allocatable.Cpu(), node.Status.Allocatable.Memory(), node.Status.Allocatable.Pods()
		if cpu.String() != "16" || memory.String() != "64Gi" || pods.String() != "110" {
			t.Errorf("%s has %s cores, %s, %s pods", node.Name, cpu, memory, pods)
		}
	}
	if _, err := client.SchedulingV1().PriorityClasses().Get(ctx, "low-priority", metav1.GetOptions{}); err != nil {
		t.Error(err)
	}
	claims := client.CoreV1().PersistentVolumeClaims(namespace)
	for name, class := range map[string]string{"by-default": "", "standard": "standard", "silver": "silver", "local": "local"} {
		made, err := claims.Create(ctx, claim(name, class), metav1.CreateOptions{})
		created(t, made, err)
	}
	eventually(t, func(ctx context.Context) string {
		list, err := claims.List(ctx, metav1.ListOptions{})
		if err != nil {
			return err.Error()
		}
		for _, c := range list.Items {
			if c.Status.Phase != corev1.ClaimBound {
				return fmt.Sprintf("claim %s is %s", c.Name, c.Status.Phase)
			}
			if c.Name == "by-default" && *c.Spec.StorageClassName != "standard" {
				t.Fatalf("the default class is %s", *c.Spec.StorageClassName)
			}
		}
		return ""
	})
	if err := claims.DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, func(ctx context.Context) string {
		list, err := client.CoreV1().PersistentVolumes().List(ctx, metav1.ListOptions{})
		if err != nil {
			return err.Error()
		}
		if len(list.Items) > 0 {
			return fmt.Sprintf("%d volumes of deleted claims are left", len(list.Items))
		}
		return ""
	})
}

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

func checkMisbehaviour(t *testing.T, client kubernetes.Interface) {
	ctx := t.Context()
	for kind, shown := range map[behaviour.Kind]func(corev1.Pod) string{
		behaviour.ImagePullBackOff:  waitsFor("ImagePullBackOff"),
		behaviour.CrashLoop:         waitsFor("CrashLoopBackOff"),
		behaviour.ContainerCreating: waitsFor("ContainerCreating"),
		behaviour.Pending:           isUnschedulable,
		behaviour.SlowReady:         runsUnready,
	} {
		name := "bad-" + string(kind)
		annotations := map[string]string{behaviour.Annotation: string(kind), behaviour.ReadyAfter: "3s"}
		made, err := client.AppsV1().Deployments(namespace).Create(ctx, deployment(name, 1, annotations), metav1.CreateOptions{})
		created(t, made, err)
		eventually(t, func(ctx context.Context) string {
			pods, err := client.CoreV1().Pods(namespace).List(ctx, metav1.ListOptions{LabelSelector: "app=" + name})
			if err != nil || len(pods.Items) != 1 {
				return fmt.Sprintf("%s: %d pods (%v)", kind, len(pods.Items), err)
			}
			return shown(pods.Items[0])
		})
	}
	failing, err := client.BatchV1().Jobs(namespace).Create(ctx, job("bad-job", map[string]string{behaviour.Annotation: string(behaviour.Fail)}), metav1.CreateOptions{})
	created(t, failing, err)
	eventually(t, func(ctx context.Context) string {
		failing, err := client.BatchV1().Jobs(namespace).Get(ctx, "bad-job", metav1.GetOptions{})
		if err != nil || !has(failing, batchv1.JobFailed) {
			return fmt.Sprintf("job: %+v (%v)", failing.Status, err)
		}
		slow, err := client.AppsV1().Deployments(namespace).Get(ctx, "bad-slow-ready", metav1.GetOptions{})
		if err != nil || slow.Status.ReadyReplicas != 1 {
			return fmt.Sprintf("slow-ready does not become ready (%v)", err)
		}
		return ""
	})
	checkRecovery(t, client)
}

// checkRecovery removes the annotation from a template, as an upgrade of its chart would, and expects the
// deployment to become available.
func checkRecovery(t *testing.T, client kubernetes.Interface) {
	patch, err := json.Marshal(map[string]any{"spec": map[string]any{"template": map[string]any{
		"metadata": map[string]any{"annotations": map[string]any{behaviour.Annotation: nil, behaviour.ReadyAfter: nil}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	patched, err := client.AppsV1().Deployments(namespace).Patch(t.Context(), "bad-pending", types.MergePatchType, patch, metav1.PatchOptions{})
	created(t, patched, err)
	eventually(t, func(ctx context.Context) string {
		fixed, err := client.AppsV1().Deployments(namespace).Get(ctx, "bad-pending", metav1.GetOptions{})
		if err != nil || fixed.Status.AvailableReplicas != 1 || fixed.Status.UnavailableReplicas != 0 {
			return fmt.Sprintf("it is not repaired: %+v (%v)", fixed.Status, err)
		}
		return ""
	})
}

func waitsFor(reason string) func(corev1.Pod) string {
	return func(pod corev1.Pod) string {
		if len(pod.Status.ContainerStatuses) == 1 {
			if waiting := pod.Status.ContainerStatuses[0].State.Waiting; waiting != nil && waiting.Reason == reason {
				return ""
			}
		}
		return fmt.Sprintf("%s does not wait for %s: %+v", pod.Name, reason, pod.Status.ContainerStatuses)
	}
}

func isUnschedulable(pod corev1.Pod) string {
	for _, condition := range pod.Status.Conditions {
		if condition.Type == corev1.PodScheduled && condition.Reason == corev1.PodReasonUnschedulable {
			return ""
		}
	}
	return fmt.Sprintf("%s is not unschedulable: %+v", pod.Name, pod.Status.Conditions)
}

func runsUnready(pod corev1.Pod) string {
	if len(pod.Status.ContainerStatuses) == 1 && pod.Status.Phase == corev1.PodRunning && !pod.Status.ContainerStatuses[0].Ready {
		return ""
	}
	return fmt.Sprintf("%s is not running and unready: %+v", pod.Name, pod.Status)
}

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
