package kwok

import (
	"fmt"

	"sigs.k8s.io/kwok/pkg/apis/internalversion"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/walm/sandbox/internal/behaviour"
)

// jq expressions over a pod. A pod is looked at again after every change of it, and at most one stage must
// match it at any time.
const (
	none = "none"

	jqDeleted    = `.metadata.deletionTimestamp`
	jqPhase      = `.status.phase`
	jqReady      = `.status.conditions[]? | select(.type == "Ready") | .status`
	jqPolicy     = `.spec.restartPolicy`
	jqBehaviour  = `.metadata.annotations["` + behaviour.Annotation + `"] // "` + none + `"`
	jqReadyAfter = `.metadata.annotations["` + behaviour.ReadyAfter + `"] // ` +
		`(if .metadata.annotations["` + behaviour.Annotation + `"] == "` + string(behaviour.SlowReady) + `" then "10s" else null end)`
	jqWaiting = `.status.containerStatuses[]?.state.waiting.reason | select(. != null)`
	jqRunning = `.status.containerStatuses[]?.state.running.startedAt | select(. != null)`
	// The pause before a restart doubles from 2 seconds to a minute. Kubernetes begins with 10 seconds.
	jqBackOff = `[pow(2; [.status.containerStatuses[]?.restartCount] | max), 60] | min | tostring + "s"`
)

var (
	podRef  = internalversion.StageResourceRef{APIGroup: "v1", Kind: "Pod"}
	nodeRef = internalversion.StageResourceRef{APIGroup: "v1", Kind: "Node"}
)

// stage is one row of the pods' and nodes' life: when all of it holds, after the delay, the status becomes
// what the template (a call of one of the status functions) says.
type stage struct {
	name   string
	when   []internalversion.MatchExpression
	delay  *internalversion.StageDelay
	event  *internalversion.StageEvent
	status string
	delete bool
}

func podStages() []stage {
	known := []string{none}
	for _, kind := range behaviour.Kinds {
		known = append(known, string(kind))
	}
	alive := absent(jqDeleted)
	healthy := in(jqBehaviour, none, string(behaviour.SlowReady))
	crashing := in(jqBehaviour, string(behaviour.CrashLoop), string(behaviour.Fail))
	return []stage{
		{
			// As a kubelet does it: claims that are in use are kept until the pods that use them have ended, and a pod that
			// is deleted in the foreground waits for the claims of its own ephemeral volumes.
			name:   "stopped",
			when:   all(exists(jqDeleted), notIn(jqPhase, "Succeeded", "Failed")),
			delay:  after(0, annotationDuration(behaviour.DeleteAfter)),
			status: `{{ Stopped . }}`,
		},
		{
			name:   "deleted",
			when:   all(exists(jqDeleted), in(jqPhase, "Succeeded", "Failed")),
			delete: true,
		},
		{
			name:   "ready",
			when:   all(alive, healthy, in(jqPhase, "Pending", "Running"), notIn(jqReady, "True"), absent(jqReadyAfter)),
			status: `{{ Running . ` + placementTemplate + ` }}`,
		},
		{
			name:   "started",
			when:   all(alive, healthy, in(jqPhase, "Pending"), exists(jqReadyAfter)),
			status: `{{ Started . ` + placementTemplate + ` }}`,
		},
		{
			name:   "ready-after",
			when:   all(alive, healthy, in(jqPhase, "Running"), notIn(jqReady, "True"), exists(jqReadyAfter)),
			delay:  after(10_000, jqReadyAfter),
			status: `{{ Running . ` + placementTemplate + ` }}`,
		},
		{
			name:   "completed",
			when:   all(alive, healthy, in(jqPhase, "Running"), in(jqReady, "True"), in(jqPolicy, "Never", "OnFailure")),
			delay:  after(500, annotationDuration(behaviour.CompleteAfter)),
			status: `{{ Completed . }}`,
		},
		{
			name:   "image-pull-error",
			when:   all(alive, in(jqBehaviour, string(behaviour.ImagePullBackOff)), in(jqPhase, "Pending"), notIn(jqWaiting, "ErrImagePull", "ImagePullBackOff")),
			event:  warning("Failed", "Failed to pull image: the sandbox was asked to fail it"),
			status: `{{ Waiting . ` + placementTemplate + ` "ErrImagePull" "failed to pull and unpack image \"` + imagePlaceholder + `\": not found" }}`,
		},
		{
			name:   "image-pull-back-off",
			when:   all(alive, in(jqBehaviour, string(behaviour.ImagePullBackOff)), in(jqPhase, "Pending"), in(jqWaiting, "ErrImagePull")),
			delay:  after(1000, ""),
			event:  warning("BackOff", "Back-off pulling image"),
			status: `{{ Waiting . ` + placementTemplate + ` "ImagePullBackOff" "Back-off pulling image \"` + imagePlaceholder + `\": ErrImagePull: not found" }}`,
		},
		{
			name:   "container-creating",
			when:   all(alive, in(jqBehaviour, string(behaviour.ContainerCreating)), in(jqPhase, "Pending"), notIn(jqWaiting, "ContainerCreating")),
			event:  warning("FailedMount", "MountVolume.SetUp failed: the sandbox was asked to fail it"),
			status: `{{ Waiting . ` + placementTemplate + ` "ContainerCreating" "" }}`,
		},
		{
			name:   "unknown-behaviour",
			when:   all(alive, notIn(jqBehaviour, known...), in(jqPhase, "Pending"), notIn(jqWaiting, "CreateContainerConfigError")),
			status: `{{ UnknownBehaviour . ` + placementTemplate + ` }}`,
		},
		{
			name:   "crash-start",
			when:   all(alive, crashing, in(jqPhase, "Pending")),
			status: `{{ Started . ` + placementTemplate + ` }}`,
		},
		{
			name:   "crash",
			when:   all(alive, crashing, in(jqPhase, "Running"), in(jqPolicy, "Always", "OnFailure"), exists(jqRunning)),
			delay:  after(500, ""),
			event:  warning("BackOff", "Back-off restarting failed container"),
			status: `{{ Crashed . }}`,
		},
		{
			name:   "crash-restart",
			when:   all(alive, crashing, in(jqPhase, "Running"), in(jqWaiting, "CrashLoopBackOff")),
			delay:  after(60_000, jqBackOff),
			status: `{{ Restarted . }}`,
		},
		{
			name:   "failed",
			when:   all(alive, crashing, in(jqPhase, "Running"), in(jqPolicy, "Never")),
			delay:  after(500, ""),
			status: `{{ Failed . }}`,
		},
	}
}

// nodeStages keep nodes ready, and pointed at the port on which this process serves their logs: after a
// restart it may be another one.
func nodeStages(kubeletPort int) []stage {
	settled := fmt.Sprintf(`any(.status.conditions[]?; .type == "Ready" and .status == "True") and .status.daemonEndpoints.kubeletEndpoint.Port == %d | tostring`, kubeletPort)
	return []stage{{
		name:   "ready",
		when:   all(notIn(settled, "true")),
		status: `{{ Node . }}`,
	}}
}

func (s stage) build(ref internalversion.StageResourceRef) *internalversion.Stage {
	steps := []internalversion.StageStep{}
	if s.event != nil {
		steps = append(steps, internalversion.StageStep{Event: s.event})
	}
	if s.status != "" {
		steps = append(steps, internalversion.StageStep{Patch: &internalversion.StagePatch{
			Subresource: "status", Root: "status", Template: s.status,
		}})
	}
	if s.delete {
		steps = append(steps, internalversion.StageStep{Delete: true})
	}
	return &internalversion.Stage{
		ObjectMeta: metav1.ObjectMeta{Name: s.name},
		Spec: internalversion.StageSpec{
			ResourceRef: ref,
			Selector:    &internalversion.StageSelector{MatchExpressions: s.when},
			Delay:       s.delay,
			Steps:       steps,
		},
	}
}
