package client

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"walm.io/engine/problem"
)

// Term is a period in which the server leads without a break. Each has a higher number than the one before; UntilMs, in
// milliseconds since the epoch, is when it ends unless the server renews it.
type Term struct {
	Number  int64 `json:"number"`
	UntilMs int64 `json:"untilMs"`
}

// Lead is the newest term that the server sent. Safe for concurrent use.
type Lead struct {
	mutex  sync.Mutex
	newest Term
}

// Renew stores a term. A term that is older than the known one, or that ends earlier, is ignored.
func (l *Lead) Renew(term Term) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if term.Number > l.newest.Number || (term.Number == l.newest.Number && term.UntilMs > l.newest.UntilMs) {
		l.newest = term
	}
}

func (l *Lead) holds(number int64, now time.Time) bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.newest.Number == number && now.UnixMilli() < l.newest.UntilMs
}

// Permit lets one operation write as long as its term lasts. The machine's clock is read before each write, so a
// process that was frozen half-way does not continue when it wakes up too late. Once a write was refused all later ones
// are, even if the term is renewed.
type Permit struct {
	lead    *Lead
	number  int64
	now     func() time.Time
	refused atomic.Bool
}

// Permit returns the permit of an operation requested in this term.
func (l *Lead) Permit(term Term) *Permit {
	l.Renew(term)
	return &Permit{lead: l, number: term.Number, now: time.Now}
}

// Refused is the error of an operation of which a write was refused, else nil.
func (p *Permit) Refused() error {
	if p == nil || !p.refused.Load() {
		return nil
	}
	return problem.New(problem.ClusterUnreachable,
		"this replica is no longer the leader: the present leader continues the operation")
}

// check is called before each request: only writes are refused, including dry runs.
func (p *Permit) check(request *http.Request) error {
	if p == nil || request.Method == http.MethodGet {
		return nil
	}
	if !p.lead.holds(p.number, p.now()) {
		p.refused.Store(true)
	}
	return p.Refused()
}

type permitKey struct{}

// WithPermit makes the sessions of an operation check the permit before they write.
func WithPermit(operation context.Context, permit *Permit) context.Context {
	return context.WithValue(operation, permitKey{}, permit)
}

// permitOf returns the permit of an operation; nil for those that any replica may perform.
func permitOf(operation context.Context) *Permit {
	permit, _ := operation.Value(permitKey{}).(*Permit)
	return permit
}
