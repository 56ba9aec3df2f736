package action

import (
	"context"
	"errors"

	"walm.io/engine/client"
	"walm.io/engine/guard"
	"walm.io/engine/problem"
)

// GetManyRequest asks for several releases at once.
type GetManyRequest struct {
	Identity *client.Identity `json:"identity"`
	Releases []RevisionName   `json:"releases"`
	// Brief omits what only people need: manifest, hooks, and of the objects everything except what shows their state.
	Brief bool `json:"brief,omitempty"`
}

// RevisionName names a revision of a release, the newest if Revision is 0.
type RevisionName struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Revision  int    `json:"revision,omitempty"`
}

// GetMany passes each recorded revision to `take`, together with its problem: a release, a problem, or neither if there
// is none. Several are read concurrently; the memory of one is released when its call of `take` returns. A problem, or
// a panic, affects one revision only; the context's error ends the whole call.
func (s *Services) GetMany(ctx context.Context, batch GetManyRequest, take func(index int, found *Release, wrong *problem.Problem) error) error {
	failures := guard.Each(len(batch.Releases), parallelReads, func(index int) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		wanted := batch.Releases[index]
		target := Target{Identity: batch.Identity, Namespace: wanted.Namespace, Name: wanted.Name}
		var found *Release
		err := guard.Call(func() (err error) {
			found, err = s.Get(ctx, RevisionRequest{Target: target, Revision: wanted.Revision})
			if err == nil && found != nil && batch.Brief {
				err = found.shorten()
			}
			return err
		})
		return take(index, found, s.known(err, target))
	})
	return errors.Join(ctx.Err(), errors.Join(failures...))
}

// known returns the problem of an error, nil for nil. Details of unexpected errors stay in the log.
func (s *Services) known(err error, target Target) *problem.Problem {
	if err == nil {
		return nil
	}
	if found, ok := problem.From(err); ok {
		return found
	}
	var panicked *guard.PanicError
	if errors.As(err, &panicked) {
		s.Log.Error("reading a release panicked", "release", target.Name, "namespace", target.Namespace,
			"panic", panicked.Error(), "stack", string(panicked.Stack))
		return problem.New(problem.Internal, "reading release %s in namespace %s failed unexpectedly", target.Name, target.Namespace).Because(err)
	}
	return problem.New(problem.Internal, "%s", err).Because(err)
}
