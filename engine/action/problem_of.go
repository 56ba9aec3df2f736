package action

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"helm.sh/helm/v4/pkg/storage/driver"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/ownership"
	"walm.io/engine/problem"
)

// manifestError says that a manifest could not be turned into objects.
type manifestError struct {
	cause error
}

// Error is Helm's text.
func (e *manifestError) Error() string { return e.cause.Error() }

// Unwrap gives Helm's error.
func (e *manifestError) Unwrap() error { return e.cause }

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
	for _, classify := range []func(error) *problem.Problem{o.waitProblem, o.storageProblem, kindProblem, clusterProblem, o.ownershipProblem, manifestProblem, oddAnswerProblem} {
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
	if known := clusterProblem(waited.cause); known != nil && !late {
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

// kindProblem is KIND_UNKNOWN.
func kindProblem(err error) *problem.Problem {
	var missing *meta.NoKindMatchError
	if !findError(err, &missing) {
		return nil
	}
	return problem.New(problem.KindUnknown,
		"the cluster does not know kind %s (%s), which the manifest contains: install its custom resource definition first, or use the API version that this cluster serves: %s",
		missing.GroupKind.Kind, strings.Join(apiVersionsOf(missing), ", "), err).
		With("kind", missing.GroupKind.Kind).With("group", missing.GroupKind.Group).With("versions", missing.SearchedVersions).
		Because(err)
}

// apiVersionsOf are the versions that were looked for as manifests write them, e.g. apps/v1beta1.
func apiVersionsOf(missing *meta.NoKindMatchError) []string {
	written := make([]string, 0, len(missing.SearchedVersions))
	for _, version := range missing.SearchedVersions {
		written = append(written, schema.GroupVersion{Group: missing.GroupKind.Group, Version: version}.String())
	}
	return written
}

func isKindUnknown(err error) bool {
	var missing *meta.NoKindMatchError
	return findError(err, &missing)
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

// malformed are texts about manifests that have no type: Helm's parser, client-go for an object without a name or with an
// impossible one, and the API server's answers (500, although the object is to blame) to a field whose type is not the
// schema's, or whose value is none of its type: quantities, base64.
var malformed = regexp.MustCompile(`YAML parse error|error converting YAML|resource name may not be empty|invalid resource name|invalid namespace "|` +
	`failed to create typed patch object|failed to convert new object|failed to convert merged object`)

// manifestProblem is MANIFEST_INVALID: the YAML cannot be read, or an object lacks what every object needs.
func manifestProblem(err error) *problem.Problem {
	var unread *manifestError
	text := err.Error()
	if errors.As(err, &unread) || malformed.MatchString(text) {
		return problem.New(problem.ManifestInvalid, "the rendered manifest is not valid: %s", text).Because(err)
	}
	return nil
}

// findError is errors.As that also looks into the lists of errors that Kubernetes makes.
func findError[T error](err error, into *T) bool {
	if errors.As(err, into) {
		return true
	}
	for err != nil {
		if many, ok := err.(interface{ Errors() []error }); ok {
			for _, one := range many.Errors() {
				if findError(one, into) {
					return true
				}
			}
			return false
		}
		if many, ok := err.(interface{ Unwrap() []error }); ok {
			for _, one := range many.Unwrap() {
				if findError(one, into) {
					return true
				}
			}
			return false
		}
		err = errors.Unwrap(err)
	}
	return false
}
