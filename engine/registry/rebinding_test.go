package registry

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"walm.io/engine/problem"
)

// nameServer answers each query for a name with the next of its addresses, and the last one from then on.
func nameServer(t *testing.T, addresses ...string) (asked *atomic.Int32) {
	t.Helper()
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = socket.Close() })
	asked = &atomic.Int32{}
	go func() {
		packet := make([]byte, 1024)
		for {
			length, from, err := socket.ReadFrom(packet)
			if err != nil {
				return
			}
			var question dnsmessage.Message
			if question.Unpack(packet[:length]) != nil || len(question.Questions) == 0 {
				continue
			}
			answer := dnsmessage.Message{
				Header:    dnsmessage.Header{ID: question.ID, Response: true, RecursionAvailable: true},
				Questions: question.Questions,
			}
			if name := question.Questions[0]; name.Type == dnsmessage.TypeA {
				next := min(int(asked.Add(1)), len(addresses)) - 1
				answer.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: name.Name, Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET},
					Body:   &dnsmessage.AResource{A: netip.MustParseAddr(addresses[next]).As4()},
				}}
			}
			if packed, err := answer.Pack(); err == nil {
				_, _ = socket.WriteTo(packed, from)
			}
		}
	}()
	system := net.DefaultResolver
	t.Cleanup(func() { net.DefaultResolver = system })
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", socket.LocalAddr().String())
	}}
	return asked
}

// A name that resolves to an allowed address when it is checked, and to another one when it is connected to, reaches
// nothing: the address of each connection itself is judged.
func TestANameThatChangesItsAddressReachesNothing(t *testing.T) {
	reached := &atomic.Int32{}
	server := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, _ *http.Request) {
		reached.Add(1)
		answer.Header().Set("Connection", "close")
	}))
	defer server.Close()
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	policy := AddressPolicy{RefuseLoopback: true}
	transport, err := newTransport(policy, Access{})
	if err != nil {
		t.Fatal(err)
	}
	asked := nameServer(t, "192.0.2.1", "127.0.0.1", "169.254.169.254", "127.0.0.1")
	client := &http.Client{Transport: transport}
	addresses, err := net.DefaultResolver.LookupHost(t.Context(), "charts.rebinding.test")
	if err != nil || addresses[0] != "192.0.2.1" {
		t.Fatalf("the name is %v at first, %v", addresses, err)
	}
	for range 3 {
		request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://charts.rebinding.test:"+port+"/index.yaml", nil)
		answer, err := client.Do(request)
		if err == nil {
			_ = answer.Body.Close()
		}
		if !problem.HasCode(err, problem.AddressRefused) {
			t.Errorf("answered %v", err)
		}
	}
	if reached.Load() != 0 || asked.Load() < 4 {
		t.Errorf("reached %d times, after %d questions", reached.Load(), asked.Load())
	}
}
