package action

import (
	"fmt"

	"walm.io/engine/refusal"
)

// beginProblem is problemOf for an operation that could not even begin.
func (s *Services) beginProblem(target Target, err error) error {
	if known := refusal.OfCluster(err); known != nil {
		return known
	}
	return fmt.Errorf("release %s in namespace %s: %w", target.Name, target.Namespace, err)
}
