//go:build e2e

package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

type auditEvent struct {
	Level            string
	Stage            string
	Verb             string
	RequestURI       string
	User             struct{ Username string }
	ImpersonatedUser *struct{ Username string }
	ObjectRef        *struct{ Resource, Namespace, Name string }
	ResponseStatus   *struct{ Code int }
	RequestObject    json.RawMessage
}

func TestAuditLog(t *testing.T) {
	p := newProgram(t)
	log := filepath.Join(t.TempDir(), "audit.log")
	kubeconfig := p.must(t, "up", "--detach", "--nodes=1", "--audit-log="+log)
	client := connect(t, kubeconfig)
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "noted"}, StringData: map[string]string{"key": "never-noted"}}
	_, err := client.CoreV1().Secrets("default").Create(t.Context(), secret, metav1.CreateOptions{})
	created(t, secret, err)
	if _, err := impersonating(t, kubeconfig, "ann").CoreV1().Secrets("default").Get(t.Context(), "noted", metav1.GetOptions{}); err == nil {
		t.Error("a user without rights read a Secret")
	}

	eventually(t, func(context.Context) string {
		events := readAudit(t, log)
		for _, wanted := range []struct {
			verb, as string
			code     int
		}{{"create", "", 201}, {"get", "ann", 403}} {
			if !noted(events, wanted.verb, wanted.as, wanted.code) {
				return fmt.Sprintf("%+v is not noted", wanted)
			}
		}
		return ""
	})
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "never-noted") || strings.Contains(string(text), `"RequestReceived"`) {
		t.Error("more is noted than who did what to which object")
	}
}

func noted(events []auditEvent, verb, as string, code int) bool {
	for _, event := range events {
		ref := event.ObjectRef
		if ref == nil || ref.Resource != "secrets" || ref.Namespace != "default" || ref.Name != "noted" || event.Verb != verb {
			continue
		}
		impersonated := ""
		if event.ImpersonatedUser != nil {
			impersonated = event.ImpersonatedUser.Username
		}
		return event.User.Username == "sandbox-admin" && impersonated == as && event.ResponseStatus.Code == code &&
			event.Level == "Metadata" && event.RequestObject == nil
	}
	return false
}

func readAudit(t *testing.T, path string) []auditEvent {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	events := []auditEvent{}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var event auditEvent
		// The last line may be half written.
		if json.Unmarshal(lines.Bytes(), &event) == nil {
			events = append(events, event)
		}
	}
	return events
}

func impersonating(t *testing.T, kubeconfig, user string) kubernetes.Interface {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	config.Impersonate = rest.ImpersonationConfig{UserName: user}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}
