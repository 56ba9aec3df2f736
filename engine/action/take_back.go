package action

import (
	"fmt"
	"strings"
	"time"

	"helm.sh/helm/v4/pkg/kube"
	release "helm.sh/helm/v4/pkg/release/v1"

	"walm.io/engine/problem"
)

// takeBackTime bounds taking a change back. Recreated objects are deleted again first, together with their pods.
const takeBackTime = 5 * time.Minute

// maxNamedLeft bounds the objects of which a message says why they could not be taken back.
const maxNamedLeft = 5

// takeBack reverts what a change wrote before it failed (`attempted` is its manifest): the objects get the documents of the
// applied revision again, so that the live objects match the applied record, and what the change created is removed. The
// failure is returned, with what could not be reverted.
func (o *operation) takeBack(failure error, attempted string, applied *release.Release, options ...kube.ClientUpdateOption) error {
	if !o.kube.Refused || problem.HasCode(o.classify(failure), problem.ClusterUnreachable) {
		return failure
	}
	after, cancel, err := o.detached(takeBackTime)
	if err != nil {
		return failure
	}
	defer cancel()
	after.kube.ClientApply, after.kube.ClientSide = o.kube.ClientApply, o.kube.ClientSide
	done, err := after.kube.Restore(o.kube, attempted, applied, options)
	if err != nil {
		return fmt.Errorf("%w; what it had changed before could not be taken back: %s", failure, after.problemOf(err))
	}
	if len(done.Left) == 0 {
		return failure
	}
	why := []string{}
	for index, left := range done.Left[:min(len(done.Left), maxNamedLeft)] {
		why = append(why, fmt.Sprintf("%s %s: %s", left.Kind, left.Name, after.problemOf(done.Failures[index])))
	}
	if more := len(done.Left) - len(why); more > 0 {
		why = append(why, fmt.Sprintf("and %d more", more))
	}
	stays := fmt.Sprintf("what it had changed before could not be taken back: %s", strings.Join(why, "; "))
	if known, ok := problem.From(o.classify(failure)); ok {
		completed := known.With("notRestored", done.Left)
		completed.Message += "; " + stays
		return completed
	}
	return fmt.Errorf("%w; %s", failure, stays)
}
