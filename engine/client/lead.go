package client

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"walm.io/engine/problem"
)

// Term is a time in which the server leads without a break. Each has a higher number than the one before;
// UntilMs, in milliseconds since the epoch, is when it ends unless the server renews it.
type Term struct {
	Number  int64 `json:"number"`
	UntilMs int64 `json:"untilMs"`
}

// Lead is the newest term that the engine was told of. Safe for concurrent use.
type Lead struct {
	mutex  sync.Mutex
	newest Term
}

// Renew notes a term. One that is older than what is known, or that ends earlier, changes nothing.
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

// Permit lets one operation write as long as the term lasts in which it was asked for. The time is read from the
// machine's clock before each write, so a process that was frozen in the middle does not go on when it wakes up too
// late. Once a write was refused all later ones are, whatever is renewed.
type Permit struct {
	lead    *Lead
	number  int64
	now     func() time.Time
	refused atomic.Bool
}

// Permit gives the permit of an operation that was asked for in this term.
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
		"this replica does not lead any longer: what it had begun is carried on by the one that leads now")
}

// check is asked before each request: only writes are refused, dry runs among them.
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

// WithPermit makes the sessions of an operation ask the permit before they write.
func WithPermit(operation context.Context, permit *Permit) context.Context {
	return context.WithValue(operation, permitKey{}, permit)
}

// permitOf gives the permit of an operation; nil for those that any replica may perform.
func permitOf(operation context.Context) *Permit {
	permit, _ := operation.Value(permitKey{}).(*Permit)
	return permit
}
