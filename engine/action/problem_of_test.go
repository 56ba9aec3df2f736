package action

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"testing"

	"helm.sh/helm/v4/pkg/storage/driver"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"

	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
	"walm.io/engine/rendering"
)

func answer(reason metav1.StatusReason, message string, causes ...metav1.StatusCause) error {
	return &apierrors.StatusError{ErrStatus: metav1.Status{Reason: reason, Message: message, Details: &metav1.StatusDetails{Name: "x", Kind: "things", Causes: causes}}}
}

func TestEveryKindOfFailureHasItsCode(t *testing.T) {
	missing := &meta.NoKindMatchError{GroupKind: schema.GroupKind{Group: "g", Kind: "Gizmo"}, SearchedVersions: []string{"v1"}}
	refused := &url.Error{Op: "Get", URL: "https://x", Err: &net.OpError{Op: "dial", Err: errors.New("connection refused")}}
	immutable := metav1.StatusCause{Type: metav1.CauseTypeFieldValueInvalid, Message: "Invalid value: field is immutable", Field: "spec.selector"}
	statefulSet := metav1.StatusCause{Type: metav1.CauseTypeForbidden, Message: "Forbidden: updates to statefulset spec for fields other than 'replicas' are forbidden", Field: "spec"}
	for name, one := range map[string]struct {
		err  error
		code problem.Code
	}{
		"problem in a chain":       {fmt.Errorf("x: %w", problem.New(problem.TemplateFailed, "y")), problem.TemplateFailed},
		"kind in an aggregate":     {manifest.Unreadable(utilerrors.NewAggregate([]error{errors.New("a"), fmt.Errorf("b: %w", missing)})), problem.KindUnknown},
		"manifest":                 {fmt.Errorf("unable to build: %w", manifest.Unreadable(errors.New("bad"))), problem.ManifestInvalid},
		"not YAML":                 {errors.New("YAML parse error on web/templates/a.yaml: x"), problem.ManifestInvalid},
		"no name":                  {errors.New(`could not get information about the resource ConfigMap "" in namespace "ns": resource name may not be empty`), problem.ManifestInvalid},
		"a path as a name":         {errors.New(`could not get information about the resource ConfigMap "../x" in namespace "ns": invalid resource name "../x": [may not contain '/']`), problem.ManifestInvalid},
		"a path as a namespace":    {errors.New(`could not get information about the resource: invalid namespace "a/b": [may not contain '/']`), problem.ManifestInvalid},
		"wrong type":               {answer(metav1.StatusReasonInternalError, "failed to create typed patch object (ns/x; /v1, Kind=ConfigMap): .data: expected map"), problem.ManifestInvalid},
		"unreachable":              {fmt.Errorf("query: %w", refused), problem.ClusterUnreachable},
		"exists in the store":      {driver.ErrReleaseExists, problem.ReleaseExists},
		"not in the store":         {driver.NewErrNoDeployedReleases("rel"), problem.ReleaseNotFound},
		"owned by someone else":    {errors.New(`unable to continue with install: Service "web" in namespace "ns" exists and cannot be imported into the current release: x`), problem.ResourceExists},
		"conflict":                 {answer(metav1.StatusReasonConflict, "c"), problem.FieldConflict},
		"immutable":                {answer(metav1.StatusReasonInvalid, "i", immutable), problem.FieldImmutable},
		"immutable of StatefulSet": {answer(metav1.StatusReasonInvalid, "i", statefulSet), problem.FieldImmutable},
		"invalid":                  {answer(metav1.StatusReasonInvalid, "i", metav1.StatusCause{Field: "spec.x"}), problem.ManifestInvalid},
		"quota":                    {answer(metav1.StatusReasonForbidden, "pods \"x\" is forbidden: exceeded quota: q"), problem.QuotaExceeded},
		"rights":                   {answer(metav1.StatusReasonForbidden, `User "u" cannot create resource`), problem.Forbidden},
		"webhook":                  {answer(metav1.StatusReasonForbidden, `admission webhook "w" denied the request: no`), problem.AdmissionRefused},
		"pod security":             {answer(metav1.StatusReasonForbidden, `x violates PodSecurity "restricted"`), problem.AdmissionRefused},
		"malformed":                {answer(metav1.StatusReasonBadRequest, "unknown field"), problem.ManifestInvalid},
		"overloaded":               {answer(metav1.StatusReasonTooManyRequests, "later"), problem.ClusterUnreachable},
		"gone":                     {answer(metav1.StatusReasonGone, "gone"), problem.ClusterFailed},
		"too large for the store":  {answer("", "etcdserver: request is too large"), problem.ReleaseTooLarge},
		"too large to be sent":     {answer("", "rpc error: code = ResourceExhausted desc = trying to send message larger than max (2402944 vs. 2097152)"), problem.ReleaseTooLarge},
		"too large for the server": {answer(metav1.StatusReasonRequestEntityTooLarge, "l"), problem.ReleaseTooLarge},
		"not found":                {fmt.Errorf("apply: %w", answer(metav1.StatusReasonNotFound, "the server could not find the requested resource")), problem.ClusterFailed},
		"no reason":                {answer("", "etcdserver: request timed out"), problem.ClusterFailed},
		"of a proxy":               {answer(metav1.StatusReasonUnknown, "<html>Blocked</html>"), problem.ClusterFailed},
		"another media type":       {answer(metav1.StatusReasonUnsupportedMediaType, "m"), problem.ClusterFailed},
		"no object":                {fmt.Errorf("apply: %w", runtime.NewMissingKindErr("{}")), problem.ClusterFailed},
		"no JSON":                  {errors.New("couldn't get version/kind; json parse error: invalid character '<' looking for beginning of value"), problem.ClusterFailed},
		"a page for an object":     {errors.New("create: failed to create: serializer for text/html doesn't exist"), problem.ClusterFailed},
		"cut off":                  {fmt.Errorf("apply: %w", io.ErrUnexpectedEOF), problem.ClusterFailed},
	} {
		op := &operation{ctx: t.Context(), target: Target{Namespace: "ns", Name: "rel"}, rendering: &rendering.Host{}}
		t.Run(name, func(t *testing.T) { problemtest.Want(t, op.problemOf(one.err), one.code) })
	}
}

func TestAnUnknownErrorStaysAnErrorAndACancelledOneIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	op := &operation{ctx: ctx, target: Target{Namespace: "ns", Name: "rel"}, rendering: &rendering.Host{}}
	surprise := errors.New("surprise")
	if _, known := problem.From(op.problemOf(surprise)); known || !errors.Is(op.problemOf(surprise), surprise) {
		t.Error("a surprise was given a code")
	}
	cancel()
	problemtest.Want(t, op.problemOf(surprise), problem.Cancelled)
	if op.problemOf(nil) != nil {
		t.Error("success became a problem")
	}
}
