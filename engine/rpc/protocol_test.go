package rpc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/sourcegraph/jsonrpc2"
)

// testClient is the server's end of the protocol; the engine's end has ended when `ended` is closed.
type testClient struct {
	*jsonrpc2.Conn
	log   *strings.Builder
	ended chan struct{}
}

func startConnection(t *testing.T) testClient {
	t.Helper()
	mine, theirs := net.Pipe()
	log := &strings.Builder{}
	started := testClient{log: log, ended: make(chan struct{})}
	go func() {
		Serve(context.Background(), theirs, slog.New(slog.NewTextHandler(log, nil)), "test")
		close(started.ended)
	}()
	started.Conn = jsonrpc2.NewConn(t.Context(), jsonrpc2.NewBufferedStream(mine, jsonrpc2.VSCodeObjectCodec{}), handlerFunc(
		func(context.Context, *jsonrpc2.Conn, *jsonrpc2.Request) {}))
	t.Cleanup(func() { started.Close() })
	return started
}

func (c testClient) end(t *testing.T) {
	t.Helper()
	c.Close()
	select {
	case <-c.ended:
	case <-time.After(10 * time.Minute):
		t.Fatal("the engine did not end with its input")
	}
}

func wantRPC(t *testing.T, err error, code int64) *jsonrpc2.Error {
	t.Helper()
	var refused *jsonrpc2.Error
	if !errors.As(err, &refused) || refused.Code != code {
		t.Fatalf("want code %d, got %v", code, err)
	}
	return refused
}

func TestTheFirstRequestIsInitialize(t *testing.T) {
	rpc := startConnection(t)
	folder := t.TempDir()
	params := map[string]any{"protocolVersion": 1, "chartFolder": folder, "spillFolder": folder, "kubeconfig": folder + "/none"}

	wantRPC(t, rpc.Call(t.Context(), "release/get", map[string]any{}, nil), -32002)
	wantRPC(t, rpc.Call(t.Context(), "nonsense", map[string]any{}, nil), jsonrpc2.CodeMethodNotFound)
	wantRPC(t, rpc.Call(t.Context(), "initialize", map[string]any{"protocolVersion": 2}, nil), jsonrpc2.CodeInvalidRequest)
	var answer greetingAnswer
	if err := rpc.Call(t.Context(), "initialize", params, &answer); err != nil {
		t.Fatal(err)
	}
	if answer.ProtocolVersion != protocolVersion || answer.KubernetesVersion != nil {
		t.Errorf("answer %+v", answer)
	}
	wantRPC(t, rpc.Call(t.Context(), "initialize", params, nil), jsonrpc2.CodeInvalidRequest)
	if err := rpc.Call(t.Context(), "ping", nil, nil); err != nil {
		t.Fatal(err)
	}
	refused := wantRPC(t, rpc.Call(t.Context(), "release/get", map[string]any{"namespace": "a", "name": "b"}, nil), codeProblem)
	if refused.Data == nil || !strings.Contains(string(*refused.Data), "CLUSTER_UNREACHABLE") {
		t.Errorf("without a cluster: %s", refused.Message)
	}
	wantRPC(t, rpc.Call(t.Context(), "release/get", []int{1}, nil), jsonrpc2.CodeInvalidParams)
	rpc.end(t)
}

func TestACancelledRequestIsNoFailureOfTheEngine(t *testing.T) {
	started := make(chan struct{}, 1)
	methods["test/wait"] = func(c call) (any, error) {
		started <- struct{}{}
		<-c.context.Done()
		return nil, fmt.Errorf("reading the chart: %w", context.Cause(c.context))
	}
	defer delete(methods, "test/wait")
	rpc := startConnection(t)
	waiting, err := rpc.DispatchCall(t.Context(), "test/wait", nil, jsonrpc2.PickID(jsonrpc2.ID{Num: 78}))
	if err != nil {
		t.Fatal(err)
	}
	<-started
	if err := rpc.Notify(t.Context(), "$/cancelRequest", map[string]int{"id": 78}); err != nil {
		t.Fatal(err)
	}
	wantRPC(t, waiting.Wait(t.Context(), nil), codeCancelled)
	rpc.end(t)
	if strings.Contains(rpc.log.String(), "level=ERROR") {
		t.Errorf("logged %s", rpc.log.String())
	}
}

func TestARequestIsCancelledByItsIDAndByTheEndOfInput(t *testing.T) {
	started := make(chan struct{}, 2)
	ended := make(chan error, 2)
	methods["test/wait"] = func(c call) (any, error) {
		started <- struct{}{}
		<-c.context.Done()
		ended <- context.Cause(c.context)
		return struct{}{}, nil
	}
	defer delete(methods, "test/wait")
	rpc := startConnection(t)
	waiting, err := rpc.DispatchCall(t.Context(), "test/wait", nil, jsonrpc2.PickID(jsonrpc2.ID{Num: 77}))
	if err != nil {
		t.Fatal(err)
	}
	<-started
	if err := rpc.Call(t.Context(), "ping", nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := rpc.Notify(t.Context(), "$/cancelRequest", map[string]int{"id": 77}); err != nil {
		t.Fatal(err)
	}
	if err := waiting.Wait(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if cause := <-ended; !errors.Is(cause, context.Canceled) {
		t.Errorf("cancelled by %v", cause)
	}
	if _, err := rpc.DispatchCall(t.Context(), "test/wait", nil); err != nil {
		t.Fatal(err)
	}
	<-started
	rpc.end(t)
	if cause := <-ended; !errors.Is(cause, errServerGone) {
		t.Errorf("ended by %v", cause)
	}
}

func TestAPanicStaysInTheLog(t *testing.T) {
	methods["test/panic"] = func(call) (any, error) { panic("secret thing") }
	defer delete(methods, "test/panic")
	rpc := startConnection(t)
	failure := wantRPC(t, rpc.Call(t.Context(), "test/panic", map[string]string{"requestId": "r7"}, nil), codeProblem)
	text, err := json.Marshal(failure)
	if err != nil {
		t.Fatal(err)
	}
	if answer := string(text); strings.Contains(answer, "secret") || strings.Contains(answer, "goroutine") || !strings.Contains(answer, "r7") {
		t.Errorf("the answer is %s", answer)
	}
	rpc.end(t)
	if logged := rpc.log.String(); !strings.Contains(logged, "secret thing") || !strings.Contains(logged, "requestId=r7") {
		t.Errorf("the log is %s", logged)
	}
}

func TestLongTextsAreFiles(t *testing.T) {
	one := engine{spillFolder: t.TempDir()}
	short, err := one.spill(strings.Repeat("x", inlineLimit))
	if err != nil || short.Inline == nil || short.File != "" {
		t.Fatalf("%+v, %v", short, err)
	}
	long, err := one.spill(strings.Repeat("x", inlineLimit+1))
	if err != nil || long.Inline != nil || long.File == "" {
		t.Fatalf("%+v, %v", long, err)
	}
	if _, err := (&engine{spillFolder: "/does/not/exist"}).spill(strings.Repeat("x", inlineLimit+1)); err == nil {
		t.Error("a spill into nowhere succeeded")
	}
}

func TestTheLogIsJSONOnly(t *testing.T) {
	previous := slog.Default()
	defer slog.SetDefault(previous)
	reader, writer := io.Pipe()
	go func() {
		NewLog(writer, false).Warn("careful", "requestId", "r1")
		writer.Close()
	}()
	var line struct{ Level, Msg, RequestID string }
	if err := json.NewDecoder(reader).Decode(&line); err != nil || line.Level != "WARN" || line.Msg != "careful" {
		t.Fatalf("%+v, %v", line, err)
	}
}

func TestWhatCannotBeEncodedIsAnsweredAsAFailure(t *testing.T) {
	methods["test/deep"] = func(call) (any, error) {
		return map[string]any{"deep": json.RawMessage(strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000))}, nil
	}
	methods["test/number"] = func(call) (any, error) { return math.NaN(), nil }
	defer delete(methods, "test/deep")
	defer delete(methods, "test/number")
	rpc := startConnection(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	for _, method := range []string{"test/deep", "test/number"} {
		refused := wantRPC(t, rpc.Call(ctx, method, nil, nil), codeProblem)
		if refused.Data == nil || !strings.Contains(string(*refused.Data), "INTERNAL") {
			t.Errorf("%s: %s", method, refused.Message)
		}
	}
	rpc.end(t)
}
