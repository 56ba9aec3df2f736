package action

import (
	"fmt"

	"helm.sh/helm/v4/pkg/kube"
	release "helm.sh/helm/v4/pkg/release/v1"

	"walm.io/engine/cluster"
	"walm.io/engine/problem"
)

// takeBack reverts what a change applied before it failed: the objects that it meant to change (`attempted` is its
// manifest) get the documents of the applied revision again, so that the live objects match the applied record. Objects
// that it created stay for the next change. The failure is returned, with what could not be reverted.
func (o *operation) takeBack(failure error, attempted string, applied *release.Release, options ...kube.ClientUpdateOption) error {
	if !o.kube.Refused || problem.HasCode(o.classify(failure), problem.ClusterUnreachable) {
		return failure
	}
	after, cancel, err := o.detached()
	if err != nil {
		return failure
	}
	defer cancel()
	// What the change recreated goes back in the same way.
	after.kube.Recreate = o.kube.Recreate
	after.kube.ClientApply, after.kube.ClientSide = o.kube.ClientApply, o.kube.ClientSide
	// What the cluster refused was not changed: it may refuse what it is already, too.
	if err := cluster.Beyond(after.kube.Restore(attempted, applied, options), failure); err != nil {
		return fmt.Errorf("%w; what it had changed before could not be taken back: %s", failure, after.problemOf(err))
	}
	return failure
}
