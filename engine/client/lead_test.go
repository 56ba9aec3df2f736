package client

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"walm.io/engine/problem"
)

// leadTest counts the requests of an operation that pass at a time that the test moves.
type leadTest struct {
	lead    Lead
	now     time.Time
	arrived int
	url     string
}

func newLeadTest(t *testing.T) *leadTest {
	one := &leadTest{now: time.UnixMilli(1_000)}
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { one.arrived++ }))
	t.Cleanup(server.Close)
	one.url = server.URL
	return one
}

func (l *leadTest) operation(term Term) (*http.Client, *Permit) {
	permit := l.lead.Permit(term)
	permit.now = func() time.Time { return l.now }
	operation := WithPermit(context.Background(), permit)
	return &http.Client{Transport: &gate{operation: operation, permit: permitOf(operation), inner: http.DefaultTransport}}, permit
}

func (l *leadTest) send(t *testing.T, caller *http.Client, method string) error {
	t.Helper()
	request, err := http.NewRequest(method, l.url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := caller.Do(request)
	if err == nil {
		response.Body.Close()
	}
	return err
}

func TestAnOperationWritesAsLongAsItsTermIsRenewed(t *testing.T) {
	one := newLeadTest(t)
	caller, permit := one.operation(Term{Number: 1, UntilMs: 2_000})
	if err := one.send(t, caller, http.MethodPost); err != nil {
		t.Fatal(err)
	}
	one.lead.Renew(Term{Number: 1, UntilMs: 4_000})
	one.now = time.UnixMilli(3_000)
	if err := one.send(t, caller, http.MethodPatch); err != nil || permit.Refused() != nil {
		t.Fatal(err, permit.Refused())
	}
	one.lead.Renew(Term{Number: 1, UntilMs: 1_500})
	if err := one.send(t, caller, http.MethodDelete); err != nil {
		t.Fatalf("a late renewal took the term back: %v", err)
	}
}

func TestAnOperationThatWakesUpLateWritesNothing(t *testing.T) {
	one := newLeadTest(t)
	caller, permit := one.operation(Term{Number: 1, UntilMs: 2_000})
	one.now = time.UnixMilli(2_000)
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		if err := one.send(t, caller, method); !problem.HasCode(err, problem.ClusterUnreachable) {
			t.Errorf("%s: %v", method, err)
		}
	}
	if one.arrived != 0 || permit.Refused() == nil {
		t.Fatalf("%d requests arrived, %v", one.arrived, permit.Refused())
	}
	// Renewed all the same: an operation that was refused once must not continue half-way.
	one.lead.Renew(Term{Number: 1, UntilMs: 9_000})
	if err := one.send(t, caller, http.MethodPost); err == nil {
		t.Error("a write went through after one was refused")
	}
	if err := one.send(t, caller, http.MethodGet); err != nil {
		t.Errorf("reads do no harm: %v", err)
	}
}

func TestAnOperationOfAnEarlierTermWritesNothing(t *testing.T) {
	one := newLeadTest(t)
	earlier, _ := one.operation(Term{Number: 1, UntilMs: 5_000})
	later, _ := one.operation(Term{Number: 2, UntilMs: 6_000})
	if err := one.send(t, earlier, http.MethodPost); err == nil {
		t.Error("a write of the earlier term went through")
	}
	if err := one.send(t, later, http.MethodPost); err != nil {
		t.Error(err)
	}
	overtaken, _ := one.operation(Term{Number: 1, UntilMs: 9_000})
	if err := one.send(t, overtaken, http.MethodPost); err == nil {
		t.Error("a request of the earlier term that came late was let through")
	}
}
