package action

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"helm.sh/helm/v4/pkg/storage/driver"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/engine/ownership"
	"walm.io/engine/problem"
	"walm.io/engine/refusal"
)

// problemOf turns what an operation failed with into a problem: by the types in the error's chain where they tell,
// by Helm's texts (of the linked version) where Helm has no types. Helm's message is kept, without what the chart
// put into Secrets.
func (o *operation) problemOf(err error) error {
	known := o.classify(err)
	if refused, ok := problem.From(known); ok {
		known = o.nameObject(err, refused)
	}
	return o.withoutMade(known)
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
	for _, classify := range []func(error) *problem.Problem{o.waitProblem, o.storageProblem, refusal.OfKind, refusal.OfCluster, o.ownershipProblem, refusal.OfManifest, refusal.OfOddAnswer} {
		if known := classify(err); known != nil {
			return known
		}
	}
	return fmt.Errorf("release %s in namespace %s: %w", o.target.Name, o.target.Namespace, err)
}

// waitProblem is HOOK_FAILED or OPERATION_TIMEOUT, naming the first object.
func (o *operation) waitProblem(err error) *problem.Problem {
	var waited *waitError
	if !errors.As(err, &waited) {
		return nil
	}
	late := errors.Is(err, context.DeadlineExceeded)
	if known := refusal.OfCluster(waited.cause); known != nil && !late {
		return known
	}
	var found *problem.Problem
	switch {
	case late && waited.hook:
		found = problem.New(problem.OperationTimeout, "a hook of release %s did not finish in time: %s", o.target.Name, err)
	case waited.hook:
		found = problem.New(problem.HookFailed, "a hook of release %s failed: %s", o.target.Name, err)
	default:
		found = problem.New(problem.OperationTimeout, "the objects of release %s were not ready, or not gone, in time: %s", o.target.Name, err)
	}
	if len(waited.objects) > 0 {
		found = found.About(refOf(waited.objects[0]))
	}
	return found.Because(err)
}

// storageProblem reads the errors of Helm's record store.
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

// owned is Helm's text about an object that is there already and belongs to someone else; it has no type.
var owned = regexp.MustCompile(`(\S+) "([^"]*)" in namespace "([^"]*)" exists and cannot be imported into the current release`)

// How Helm says which release the object's annotations name, where it is another one, and that they name none.
var (
	otherMark = regexp.MustCompile(`key "meta\.helm\.sh/release-(name|namespace)" must equal "[^"]*": current value is "([^"]*)"`)
	unmarked  = regexp.MustCompile(`missing key "meta\.helm\.sh/release-name"`)
)

// ownershipProblem is RESOURCE_EXISTS.
func (o *operation) ownershipProblem(err error) *problem.Problem {
	found := owned.FindStringSubmatch(err.Error())
	if found == nil {
		return nil
	}
	object := problem.ObjectRef{Kind: found[1], Name: found[2], Namespace: found[3]}
	holder := metav1.ObjectMeta{}
	if !unmarked.MatchString(err.Error()) {
		own := o.owner()
		for _, mark := range otherMark.FindAllStringSubmatch(err.Error(), -1) {
			if mark[1] == "name" {
				own.Name = mark[2]
			} else {
				own.Namespace = mark[2]
			}
		}
		own.Mark(&holder)
	}
	return ownership.Taken(object, &holder).Because(err)
}
