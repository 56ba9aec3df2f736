package action

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/retry"

	"walm.io/engine/chart/charttest"
	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
	"walm.io/engine/progress"
)

// passingHook is suspended, so that the test decides how it ends.
const passingHook = `apiVersion: batch/v1
kind: Job
metadata: {name: migrate, annotations: {"helm.sh/hook": "pre-install"}}
spec:
  suspend: true
  ttlSecondsAfterFinished: 0
  template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}
`

// TestAHookThatRemovesItselfCountsAsItEnded ends and removes the Job before the engine looks at it for the first time.
func TestAHookThatRemovesItselfCountsAsItEnded(t *testing.T) {
	now := metav1.Now()
	ends := map[string]struct {
		status  *batchv1.JobStatus
		failure string
	}{
		"completed": {&batchv1.JobStatus{StartTime: &now, CompletionTime: &now, Succeeded: 1, Conditions: []batchv1.JobCondition{
			{Type: batchv1.JobSuccessCriteriaMet, Status: corev1.ConditionTrue}, {Type: batchv1.JobComplete, Status: corev1.ConditionTrue},
		}}, ""},
		"failed": {&batchv1.JobStatus{StartTime: &now, Failed: 1, Conditions: []batchv1.JobCondition{
			{Type: batchv1.JobFailureTarget, Status: corev1.ConditionTrue, Reason: "BackoffLimitExceeded", Message: "too often"},
			{Type: batchv1.JobFailed, Status: corev1.ConditionTrue, Reason: "BackoffLimitExceeded", Message: "too often"},
		}}, "BackoffLimitExceeded too often"},
		"removed": {nil, "deleted before it had finished"},
	}
	charts := charttest.Charts{"web": charttest.Files(map[string]string{"job.yaml": passingHook, "cm.yaml": charttest.ConfigMap("cm", "")})}
	walm := testServices(t, charts)
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			namespace := newNamespace(t, walm)
			jobs := setOf(t, walm).BatchV1().Jobs(namespace)
			ended := false
			report := func(step progress.Step) {
				if ended || step.Phase != progress.PhaseHooks || !strings.HasPrefix(step.Message, "waiting for hook") {
					return
				}
				ended = true
				if end.status != nil {
					if err := retry.RetryOnConflict(retry.DefaultRetry, func() error {
						job, err := jobs.Get(t.Context(), "migrate", metav1.GetOptions{})
						if err != nil {
							return err
						}
						job.Status = *end.status
						_, err = jobs.UpdateStatus(t.Context(), job, metav1.UpdateOptions{})
						return err
					}); err != nil {
						t.Error(err)
					}
				}
				remove(t, jobs.Delete, func() error {
					_, err := jobs.Get(t.Context(), "migrate", metav1.GetOptions{})
					return err
				})
			}
			request := installation(namespace, "rel", "web")
			made, err := walm.Install(t.Context(), request, report)
			if !ended {
				t.Fatal("the hook was not waited for")
			}
			if end.failure == "" {
				if err != nil || len(made.Warnings) > 0 {
					t.Fatalf("%+v, %v", made, err)
				}
				return
			}
			refused := problemtest.Want(t, err, problem.HookFailed)
			if !strings.Contains(refused.Message, end.failure) || refused.Object == nil || refused.Object.Name != "migrate" {
				t.Errorf("%s, %+v", refused.Message, refused.Object)
			}
		})
	}
}

// remove deletes an object in the background, and returns when it is gone.
func remove(t *testing.T, del func(context.Context, string, metav1.DeleteOptions) error, get func() error) {
	t.Helper()
	background := metav1.DeletePropagationBackground
	if err := del(t.Context(), "migrate", metav1.DeleteOptions{PropagationPolicy: &background}); err != nil && !apierrors.IsNotFound(err) {
		t.Error(err)
	}
	for !apierrors.IsNotFound(get()) {
		if err := t.Context().Err(); err != nil {
			t.Error(errors.Join(err, errors.New("the job stays")))
			return
		}
		<-time.After(20 * time.Millisecond)
	}
}
