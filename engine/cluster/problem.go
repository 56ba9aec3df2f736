package cluster

import (
	"context"
	"errors"
	"regexp"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/engine/ownership"
	"walm.io/engine/problem"
	"walm.io/engine/refusal"
)

// WaitProblem is HOOK_FAILED or OPERATION_TIMEOUT, naming the first object.
func WaitProblem(err error, release string) *problem.Problem {
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
		found = problem.New(problem.OperationTimeout, "a hook of release %s did not finish in time: %s", release, err)
	case waited.hook:
		found = problem.New(problem.HookFailed, "a hook of release %s failed: %s", release, err)
	default:
		found = problem.New(problem.OperationTimeout, "the objects of release %s were not ready, or not gone, in time: %s", release, err)
	}
	if len(waited.objects) > 0 {
		found = found.About(RefOf(waited.objects[0]))
	}
	return found.Because(err)
}

// owned matches Helm's text about an existing object that belongs to another release; the error has no type.
var owned = regexp.MustCompile(`(\S+) "([^"]*)" in namespace "([^"]*)" exists and cannot be imported into the current release`)

// Helm's texts for an object whose annotations name another release, or none.
var (
	otherMark = regexp.MustCompile(`key "meta\.helm\.sh/release-(name|namespace)" must equal "[^"]*": current value is "([^"]*)"`)
	unmarked  = regexp.MustCompile(`missing key "meta\.helm\.sh/release-name"`)
)

// OwnershipProblem is RESOURCE_EXISTS.
func OwnershipProblem(err error, own ownership.Owner) *problem.Problem {
	found := owned.FindStringSubmatch(err.Error())
	if found == nil {
		return nil
	}
	object := problem.ObjectRef{Kind: found[1], Name: found[2], Namespace: found[3]}
	holder := metav1.ObjectMeta{}
	if !unmarked.MatchString(err.Error()) {
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
