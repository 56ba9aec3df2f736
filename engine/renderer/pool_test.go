package renderer

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"helm.sh/helm/v4/pkg/chart/common"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

// workerArgument makes the test binary a render worker.
const workerArgument = "be-a-render-worker"

func newPool(t *testing.T) (*Pool, func(template string) Order) {
	t.Helper()
	pool := NewPool(slog.Default(), 300<<20, os.Args[0], workerArgument)
	t.Cleanup(pool.Close)
	return pool, func(template string) Order {
		return Order{
			Chart:        TreeOf(charttest.Load(t, charttest.Charts{"web": charttest.Files(map[string]string{"a.yaml": template})}, "web")),
			Values:       map[string]any{"million": float64(10_000_000)},
			Release:      common.ReleaseOptions{Name: "rel", Namespace: "ns", Revision: 1, IsInstall: true},
			Capabilities: common.DefaultCapabilities,
		}
	}
}

// double is a template that writes 4 KiB 2^count times, without calling a function.
func double(count int) string {
	text := `{{ define "t0" }}` + strings.Repeat("x", 4096) + `{{ end }}`
	for level := 1; level <= count; level++ {
		name, below := "t"+strings.Repeat("i", level), "t"+strings.Repeat("i", level-1)
		if level == 1 {
			below = "t0"
		}
		text += `{{ define "` + name + `" }}{{ template "` + below + `" . }}{{ template "` + below + `" . }}{{ end }}`
	}
	return text + `{{ template "t` + strings.Repeat("i", count) + `" . }}`
}

func TestTemplatesThatDoNotEndHarmNobody(t *testing.T) {
	pool, order := newPool(t)
	for name, one := range map[string]struct {
		template string
		limit    time.Duration
		code     problem.Code
	}{
		"fills the memory":    {double(45), time.Hour, problem.TemplateFailed},
		"goes on forever":     {`{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}`, time.Second, problem.TemplateTimeout},
		"overflows the stack": {`{{ define "r" }}{{ tpl "{{ template \"r\" . }}" . }}{{ end }}{{ template "r" . }}`, time.Hour, problem.TemplateFailed},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), one.limit)
			defer cancel()
			_, err := pool.Render(ctx, "web", order(one.template), nil)
			problemtest.Want(t, err, one.code)
			result, err := pool.Render(t.Context(), "web", order("a: {{ .Values.million }} {{ .Release.Revision }}"), nil)
			if err != nil || result.Files["web/templates/a.yaml"] != "a: 1e+07 1" {
				t.Errorf("the next chart: %v, %v", result.Files, err)
			}
		})
	}
}

func TestACancelledRenderEndsAtOnce(t *testing.T) {
	pool, order := newPool(t)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	_, err := pool.Render(ctx, "web", order(`{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}`), nil)
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestAWorkerEndsWithItsEngineWhateverItDoes(t *testing.T) {
	_, order := newPool(t)
	command := exec.Command(os.Args[0], workerArgument)
	input, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := json.Marshal(order(`{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := input.Write(append(append([]byte("{}\n"), line...), '\n')); err != nil {
		t.Fatal(err)
	}
	if err := input.Close(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	select {
	case <-ended:
	case <-time.After(10 * time.Minute):
		_ = command.Process.Kill()
		t.Fatal("the worker outlived its engine")
	}
}
