package action

import (
	"errors"
	"fmt"

	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"
	"helm.sh/helm/v4/pkg/storage/driver"

	"walm.io/engine/cluster"
	"walm.io/engine/history"
	"walm.io/engine/problem"
	"walm.io/engine/refusal"
)

// problemOf turns the error of an operation into a problem: by the types in the error's chain if possible, by Helm's
// texts (of the linked version) if Helm has no types. Helm's message is kept, without what the chart put into Secrets.
func (o *operation) problemOf(err error) error {
	known := o.classify(err)
	if refused, ok := problem.From(known); ok {
		refused = o.nameObject(err, o.rendering.OfTwofoldDefinition(o.rendering.OfChartsKind(refused)))
		if o.kube != nil {
			refused = o.kube.WithRecreation(refused)
		}
		known = refused
	}
	return o.rendering.WithoutMade(known)
}

func (o *operation) classify(err error) error {
	if err == nil {
		return nil
	}
	if o.cancelled() {
		return problem.New(problem.Cancelled, "the operation on release %s in namespace %s was cancelled", o.target.Name, o.target.Namespace).Because(err)
	}
	if known, found := problem.From(err); found {
		return known
	}
	for _, classify := range []func(error) *problem.Problem{
		func(err error) *problem.Problem { return cluster.WaitProblem(err, o.target.Name) }, o.storageProblem, refusal.OfKind, refusal.OfCluster,
		func(err error) *problem.Problem { return cluster.OwnershipProblem(err, o.owner()) }, refusal.OfManifest, refusal.OfOddAnswer,
	} {
		if known := classify(err); known != nil {
			return known
		}
	}
	return fmt.Errorf("release %s in namespace %s: %w", o.target.Name, o.target.Namespace, err)
}

// storageProblem interprets the errors of Helm's record store.
func (o *operation) storageProblem(err error) *problem.Problem {
	switch {
	case errors.Is(err, driver.ErrReleaseExists):
		return o.exists().Because(err)
	case errors.Is(err, driver.ErrReleaseNotFound), errors.Is(err, driver.ErrNoDeployedReleases):
		return o.notFound().Because(err)
	default:
		return nil
	}
}

func (o *operation) exists() *problem.Problem {
	return problem.New(problem.ReleaseExists, "release %s already exists in namespace %s: upgrade it, or choose another name", o.target.Name, o.target.Namespace)
}

func (o *operation) notFound() *problem.Problem {
	return problem.New(problem.ReleaseNotFound, "release %s does not exist in namespace %s", o.target.Name, o.target.Namespace)
}

// beginProblem is problemOf for an operation that could not start.
func (s *Services) beginProblem(target Target, err error) error {
	if known := refusal.OfCluster(err); known != nil {
		return known
	}
	return fmt.Errorf("release %s in namespace %s: %w", target.Name, target.Namespace, err)
}

// answersOfFailed are the codes that a failed revision can be answered with later: those of a change that ended. A user who
// may write Secrets can write any other.
var answersOfFailed = map[problem.Code]bool{problem.HookFailed: true, problem.OperationTimeout: true, problem.NamespaceTerminating: true}

func answersLater(code problem.Code) bool { return answersOfFailed[code] || concernsObjects[code] }

// recordable returns the answer of an operation that failed with this error, to be noted with its revision: the process may
// end before the answer has arrived, and Helm's description has no code. Nil if that is no answer of a change that ended.
func (o *operation) recordable(err error) *problem.Problem {
	if err == nil || o.cancelled() {
		return nil
	}
	answer, found := problem.From(o.problemOf(err))
	if !found || !answersLater(answer.Code) {
		return nil
	}
	return answer
}

// failureOf reads what the operation that made a failed revision failed with; nil if that is not known.
func (o *operation) failureOf(recorded *release.Release, key string) *problem.Problem {
	if recorded.Info == nil || recorded.Info.Status != common.StatusFailed || history.IsCutOff(recorded.Info.Description) {
		return nil
	}
	notes, err := o.records.NotesOf(key)
	if err != nil || notes.Failure == nil || !answersLater(notes.Failure.Code) {
		return nil
	}
	return notes.Failure
}
