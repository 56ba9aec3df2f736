package action

import (
	"context"
	"sync"

	"walm.io/engine/client"
	"walm.io/engine/problem"
)

// Batch asks for several releases at once.
type Batch struct {
	Identity *client.Identity `json:"identity"`
	Releases []RevisionName   `json:"releases"`
}

// RevisionName names a revision of a release, the newest where Revision is 0.
type RevisionName struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Revision  int    `json:"revision,omitempty"`
}

// BatchEntry is the answer for one of them: the release, a problem, or neither where there is none.
type BatchEntry struct {
	Release *Release
	Problem *problem.Problem
}

// GetMany gives recorded revisions in the order in which they were asked for. What is wrong with one is its own
// problem; an error ends the whole.
func (s *Services) GetMany(ctx context.Context, batch Batch) ([]BatchEntry, error) {
	var (
		group   sync.WaitGroup
		entries = make([]BatchEntry, len(batch.Releases))
		slots   = make(chan struct{}, parallelReads)
	)
	for index, wanted := range batch.Releases {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			target := Target{Identity: batch.Identity, Namespace: wanted.Namespace, Name: wanted.Name}
			found, err := s.Get(ctx, Question{Target: target, Revision: wanted.Revision})
			entries[index] = BatchEntry{Release: found, Problem: known(err)}
		})
	}
	group.Wait()
	return entries, ctx.Err()
}

// known gives the problem that an error is, nil for nil.
func known(err error) *problem.Problem {
	if err == nil {
		return nil
	}
	if found, ok := problem.From(err); ok {
		return found
	}
	return problem.New(problem.Internal, "%s", err).Because(err)
}
