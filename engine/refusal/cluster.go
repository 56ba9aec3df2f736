// Package refusal turns errors about objects into problems: responses of the API server, or their absence, and texts
// without types.
package refusal

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"regexp"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/engine/problem"
)

// OfCluster interprets the response of the API server, or its absence; nil if the error is about neither.
func OfCluster(err error) *problem.Problem {
	// A request that the engine itself refused to send looks like a broken connection from outside.
	var refused *problem.Problem
	if Find(err, &refused) {
		return refused
	}
	var answer *apierrors.StatusError
	if Find(err, &answer) {
		return answerProblem(err, answer.ErrStatus)
	}
	var unreachable net.Error
	var untrusted *tls.CertificateVerificationError
	if errors.Is(err, context.DeadlineExceeded) && !Find(err, &unreachable) {
		return problem.New(problem.OperationTimeout, "the operation took too long: %s", err).Because(err)
	}
	if Find(err, &unreachable) || Find(err, &untrusted) {
		return problem.New(problem.ClusterUnreachable, "the Kubernetes API server does not answer: %s", err).Because(err)
	}
	return nil
}

func answerProblem(err error, status metav1.Status) *problem.Problem {
	found := codeOfAnswer(err, status)
	if found == nil {
		return nil
	}
	if object, ok := ObjectOf(err, status); ok && found.Object == nil {
		found = found.About(object)
	}
	return found.Because(err)
}

func codeOfAnswer(err error, status metav1.Status) *problem.Problem {
	if silent := silentWebhook.FindStringSubmatch(status.Message); silent != nil {
		webhook := cmp.Or(silent[1], silent[2])
		return problem.New(problem.AdmissionUnavailable, "the webhook %s of the cluster does not answer: %s", webhook, err).With("webhook", webhook)
	}
	if tooLargeForStore.MatchString(status.Message) {
		return problem.New(problem.ReleaseTooLarge, "an object is larger than the cluster keeps: %s", err)
	}
	switch status.Reason {
	case metav1.StatusReasonConflict:
		return conflictProblem(err, status)
	case metav1.StatusReasonInvalid:
		return invalidProblem(err, status)
	case metav1.StatusReasonForbidden:
		return forbiddenProblem(err, status)
	case metav1.StatusReasonUnauthorized:
		return problem.New(problem.Forbidden, "the cluster does not accept the engine's credentials: %s", err)
	case metav1.StatusReasonNotFound:
		if status.Details != nil && status.Details.Kind == "namespaces" {
			return NamespaceMissing(status.Details.Name)
		}
		if strings.Contains(status.Message, unservedPath) && applying.MatchString(err.Error()) {
			return problem.New(problem.KindUnknown, "the cluster keeps no objects of this kind, or no longer: %s", err)
		}
		return nil
	case metav1.StatusReasonMethodNotAllowed:
		return problem.New(problem.ManifestInvalid, "objects of this kind can only be read, or be asked for: %s", err)
	case metav1.StatusReasonRequestEntityTooLarge:
		return problem.New(problem.ReleaseTooLarge, "an object is larger than the cluster keeps: %s", err)
	case metav1.StatusReasonBadRequest:
		if isWebhook(status) {
			return problem.New(problem.AdmissionRefused, "the cluster refused an object: %s", err)
		}
		return problem.New(problem.ManifestInvalid, "the cluster refused an object as malformed: %s", err)
	case metav1.StatusReasonAlreadyExists:
		return problem.New(problem.ResourceExists, "an object exists already: %s", err)
	case metav1.StatusReasonServerTimeout, metav1.StatusReasonServiceUnavailable, metav1.StatusReasonTimeout, metav1.StatusReasonTooManyRequests:
		return problem.New(problem.ClusterUnreachable, "the Kubernetes API server is not able to answer: %s", err)
	default:
		if isWebhook(status) {
			return problem.New(problem.AdmissionRefused, "the cluster refused an object: %s", err)
		}
		return nil
	}
}

// oddAnswers match client-go's texts about a response that is neither an object nor a status: from a proxy, or
// truncated. They have no types.
var oddAnswers = regexp.MustCompile(`couldn't get version/kind; json parse error|unexpected EOF|serializer for \S+ doesn't exist|Object '(Kind|apiVersion)' is missing in`)

// OfOddAnswer is CLUSTER_FAILED: the response is not a refusal of an object. It is the last check, so that no odd
// response of the cluster counts as a defect of the engine.
func OfOddAnswer(err error) *problem.Problem {
	var answer *apierrors.StatusError
	answered := Find(err, &answer)
	if !answered && !oddAnswers.MatchString(err.Error()) {
		return nil
	}
	found := problem.New(problem.ClusterFailed, "the Kubernetes API server failed, or something before it: %s", err).Because(err)
	if !answered {
		return found
	}
	if object, ok := ObjectOf(err, answer.ErrStatus); ok {
		found = found.About(object)
	}
	return found
}

// conflictProblem distinguishes a field that another manager owns (with field and manager) from a lost race.
func conflictProblem(err error, status metav1.Status) *problem.Problem {
	found := problem.New(problem.FieldConflict, "another manager owns fields of an object: %s", err)
	if status.Details == nil {
		return found
	}
	conflicts := []map[string]string{}
	for _, cause := range status.Details.Causes {
		if cause.Type != metav1.CauseTypeFieldManagerConflict {
			continue
		}
		manager := quoted(cause.Message)
		if found.Field == "" {
			found.Field, found.Manager = cause.Field, manager
		}
		conflicts = append(conflicts, map[string]string{"field": cause.Field, "manager": manager})
	}
	if len(conflicts) > 0 {
		found = found.With("conflicts", conflicts)
	}
	return found
}

// wholeObject stands in place of a field when the object itself is too large.
const wholeObject = "[]"

// frozen matches what Kubernetes says, in each kind otherwise, of a field that cannot be changed once the object exists.
var frozen = regexp.MustCompile(`\b(is|are) immutable\b|\bmay not (be )?changed?\b|\bcan ?not (be )?changed?\b|\bupdates to .* (is|are) forbidden\b|\bcan ?not be unset\b`)

// invalidProblem distinguishes immutable fields from values that are never allowed, and both from the refusal of an
// admission policy, which has this reason by default.
func invalidProblem(err error, status metav1.Status) *problem.Problem {
	if isWebhook(status) {
		return problem.New(problem.AdmissionRefused, "the cluster refused an object: %s", err)
	}
	found := problem.New(problem.ManifestInvalid, "the cluster refused an object as invalid: %s", err)
	if status.Details == nil || len(status.Details.Causes) == 0 {
		return found
	}
	for _, cause := range status.Details.Causes {
		if frozen.MatchString(cause.Message) {
			found = problem.New(problem.FieldImmutable, "a field of an object cannot be changed once it exists: %s", err)
			found.Field = cause.Field
			return found
		}
	}
	if field := status.Details.Causes[0].Field; field != wholeObject {
		found.Field = field
	}
	return found
}

func forbiddenProblem(err error, status metav1.Status) *problem.Problem {
	switch {
	case strings.Contains(status.Message, "exceeded quota") || strings.Contains(status.Message, "failed quota"):
		return problem.New(problem.QuotaExceeded, "a quota of the namespace does not allow an object: %s", err)
	case isWebhook(status) || strings.Contains(status.Message, "violates PodSecurity"):
		return problem.New(problem.AdmissionRefused, "the cluster refused an object: %s", err)
	case apierrors.HasStatusCause(err, "NamespaceTerminating"):
		if named := terminating.FindStringSubmatch(status.Message); named != nil {
			return NamespaceTerminating(named[1])
		}
		return problem.New(problem.NamespaceTerminating, "the namespace is being deleted: wait until it is gone, and create it again: %s", err)
	case strings.Contains(status.Message, "cannot "):
		return problem.New(problem.Forbidden, "not allowed: %s", err)
	default:
		// Admission plugins of the API server return the same reason as its authorizer.
		return problem.New(problem.AdmissionRefused, "the cluster refused an object: %s", err)
	}
}

// terminating matches what the API server says when nothing new can be made in a namespace.
var terminating = regexp.MustCompile(`in namespace (\S+) because it is being terminated`)

// unservedPath is how the API server says that nothing is kept where an object is sent to.
const unservedPath = "the server could not find the requested resource"

// silentWebhook matches the API server's message that it could not call a webhook about an object.
var silentWebhook = regexp.MustCompile(`failed calling webhook "([^"]+)"|(conversion webhook for [^:]+) failed: Post`)

func isWebhook(status metav1.Status) bool {
	return strings.Contains(status.Message, "admission webhook") || strings.Contains(status.Message, "ValidatingAdmissionPolicy")
}

// NamespaceMissing is NAMESPACE_NOT_FOUND.
func NamespaceMissing(name string) *problem.Problem {
	return problem.New(problem.NamespaceNotFound, "namespace %s does not exist: create it first, or send createNamespace=true", name).
		About(problem.ObjectRef{APIVersion: "v1", Kind: "Namespace", Name: name})
}

// NamespaceTerminating is NAMESPACE_TERMINATING.
func NamespaceTerminating(name string) *problem.Problem {
	return problem.New(problem.NamespaceTerminating, "namespace %s is being deleted: wait until it is gone, and create it again", name).
		About(problem.ObjectRef{APIVersion: "v1", Kind: "Namespace", Name: name})
}

// applying matches Helm's text about the object of a failed apply: `object web/frontend apps/v1, Kind=Deployment`.
var applying = regexp.MustCompile(`object ([^\s/]*)/(\S+) (\S*), Kind=(\w+)`)

// patching matches Helm's text about an object that it could not patch client-side.
var patching = regexp.MustCompile(`cannot patch "([^"]+)" with kind (\w+)`)

// ObjectError is an error about one object that its text does not name completely.
type ObjectError struct {
	Object problem.ObjectRef
	Cause  error
}

// Error is the text of the cause.
func (e *ObjectError) Error() string { return e.Cause.Error() }

// Unwrap gives the cause.
func (e *ObjectError) Unwrap() error { return e.Cause }

// ObjectOf returns the object of a response, from Helm's text or from the response itself.
func ObjectOf(err error, status metav1.Status) (problem.ObjectRef, bool) {
	var about *ObjectError
	if Find(err, &about) {
		return about.Object, true
	}
	if named := applying.FindStringSubmatch(err.Error()); named != nil {
		version := strings.TrimPrefix(named[3], "/")
		return problem.ObjectRef{APIVersion: version, Kind: named[4], Namespace: named[1], Name: named[2]}, true
	}
	if named := patching.FindStringSubmatch(err.Error()); named != nil {
		return problem.ObjectRef{Kind: named[2], Name: named[1]}, true
	}
	if status.Details == nil || status.Details.Name == "" {
		return problem.ObjectRef{}, false
	}
	return problem.ObjectRef{Kind: status.Details.Kind, Name: status.Details.Name}, true
}

// quoted is the first quoted word, as in `conflict with "kubectl-edit" using apps/v1`.
func quoted(text string) string {
	_, rest, found := strings.Cut(text, `"`)
	if !found {
		return ""
	}
	word, _, _ := strings.Cut(rest, `"`)
	return word
}

// tooLargeForStore matches etcd's message about a request that is too large, and its client's about one that it does
// not send.
var tooLargeForStore = regexp.MustCompile(`etcdserver: request is too large|trying to send message larger than max`)
