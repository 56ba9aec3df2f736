package action

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"helm.sh/helm/v4/pkg/kube"
	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/cli-runtime/pkg/resource"

	"walm.io/engine/cluster"
	"walm.io/engine/history"
	"walm.io/engine/problem"
	"walm.io/engine/progress"
	"walm.io/engine/refusal"
	"walm.io/engine/yamltext"
)

// RemoveFailedInstallRequest asks to remove the objects of a failed first install.
type RemoveFailedInstallRequest struct {
	Target

	TimeoutMs int64 `json:"timeoutMs"`
}

// CleanedUp lists what was removed and what stays: definitions, kept objects and claims.
type CleanedUp struct {
	Removed []problem.ObjectRef `json:"removed"`
	Kept    []problem.ObjectRef `json:"kept"`
}

// RemoveFailedInstall removes the objects of a release that was never deployed, including objects of hooks that ran,
// and then its records. No hook runs. A release that was deployed once is refused. Errors: RELEASE_EXISTS,
// RELEASE_LOCKED, RELEASE_NOT_FOUND.
func (s *Services) RemoveFailedInstall(ctx context.Context, request RemoveFailedInstallRequest, report progress.Reporter) (*CleanedUp, error) {
	op, err := s.begin(ctx, request.Target, report)
	if err != nil {
		return nil, s.beginProblem(request.Target, err)
	}
	cleaned, err := op.removeFailedInstall(request)
	return cleaned, op.problemOf(err)
}

func (o *operation) removeFailedInstall(request RemoveFailedInstallRequest) (*CleanedUp, error) {
	if err := o.checkName(); err != nil {
		return nil, err
	}
	revisions, err := o.history()
	if err != nil {
		return nil, err
	}
	if len(revisions) == 0 {
		return nil, o.notFound()
	}
	if err := o.checkFree(revisions); err != nil {
		return nil, err
	}
	cleaned := &cleanUp{op: o, timeout: time.Duration(request.TimeoutMs) * time.Millisecond, kept: map[problem.ObjectRef]bool{}, removed: map[problem.ObjectRef]bool{}}
	for _, revision := range slices.Backward(revisions) {
		if revision.Info.Status != common.StatusFailed {
			break
		}
		if err := cleaned.remove(revision); err != nil {
			return nil, err
		}
		if _, err := o.helm.Releases.Delete(revision.Name, revision.Version); err != nil {
			return nil, err
		}
	}
	return cleaned.answer(), o.uninstalledAgain(revisions)
}

// uninstalledAgain gives the revision that an uninstall kept its state back: Helm's install has superseded it.
func (o *operation) uninstalledAgain(revisions []*release.Release) error {
	for _, revision := range slices.Backward(revisions) {
		switch {
		case revision.Info.Status == common.StatusFailed:
			continue
		case revision.Info.Status == common.StatusSuperseded && history.IsUninstalled(revision):
			revision.Info.Status = common.StatusUninstalled
			return o.helm.Releases.Update(revision)
		default:
			return nil
		}
	}
	return nil
}

// cleanUp records what was done about the objects of failed revisions so far.
type cleanUp struct {
	op      *operation
	timeout time.Duration

	removed, kept map[problem.ObjectRef]bool
}

// answer lists what is gone and what stays. What one revision only adopted may have been created by an earlier one.
func (c *cleanUp) answer() *CleanedUp {
	maps.DeleteFunc(c.kept, func(object problem.ObjectRef, _ bool) bool { return c.removed[object] })
	return &CleanedUp{Removed: append([]problem.ObjectRef{}, cluster.InOrder(c.removed)...), Kept: append([]problem.ObjectRef{}, cluster.InOrder(c.kept)...)}
}

// remove removes the objects that a revision created: not those it adopted, and not those that are always kept.
func (c *cleanUp) remove(revision *release.Release) error {
	toDelete, err := c.madeBy(revision)
	if err != nil || len(toDelete) == 0 {
		return err
	}
	o := c.op
	removed, errs := o.kube.Remove(toDelete, metav1.DeletePropagationForeground)
	for _, info := range cluster.Minus(toDelete, removed) {
		c.kept[cluster.RefOf(info)] = true
	}
	for _, info := range removed {
		c.removed[cluster.RefOf(info)] = true
	}
	if len(errs) > 0 {
		return fmt.Errorf("removing what the failed install of %s made: %w", revision.Name, errors.Join(errs...))
	}
	waiter, err := o.kube.GetWaiterWithOptions(kube.StatusWatcherStrategy, kube.WithWaitContext(o.ctx))
	if err != nil {
		return err
	}
	return waiter.WaitForDelete(removed, c.timeout)
}

// madeBy returns the objects and hooks that a revision may have created, in the order of removal.
func (c *cleanUp) madeBy(revision *release.Release) (kube.ResourceList, error) {
	o := c.op
	notes, err := o.records.NotesOf(history.KeyOf(revision))
	if err != nil {
		return nil, err
	}
	o.kube.Beside.Adopted = map[types.UID]bool{}
	for _, adopted := range notes.Adopted {
		o.kube.Beside.Adopted[adopted] = true
	}
	own, err := o.existing(yamltext.Split(revision.Manifest), func(object metav1.Object) bool { return o.owner().Owns(object) })
	if err != nil {
		return nil, err
	}
	hooks, err := o.existing(hooksThatRan(revision), func(metav1.Object) bool { return true })
	if err != nil {
		return nil, err
	}
	return append(own, hooks...).Filter(func(info *resource.Info) bool {
		if notes.AllAdopted || cluster.Stays(info) {
			c.kept[cluster.RefOf(info)] = true
			return false
		}
		return true
	}), nil
}

// existing returns those of the documents that exist in the cluster and that `wanted` accepts in their present state.
// Documents of kinds that the cluster does not serve cannot exist.
func (o *operation) existing(documents []string, wanted func(metav1.Object) bool) (kube.ResourceList, error) {
	found := kube.ResourceList{}
	for _, document := range documents {
		list, err := o.kube.Build(bytes.NewBufferString(document), false)
		if refusal.IsKindUnknown(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, info := range list {
			if info.Name == "" {
				continue
			}
			live, err := resource.NewHelper(info.Client, info.Mapping).Get(info.Namespace, info.Name)
			if apierrors.IsNotFound(err) {
				continue
			}
			if err != nil {
				return nil, err
			}
			if object, err := meta.Accessor(live); err == nil && wanted(object) {
				found = append(found, info)
			}
		}
	}
	return found, nil
}

// hooksThatRan returns the manifests of hooks that Helm had started.
func hooksThatRan(revision *release.Release) []string {
	manifests := []string{}
	for _, hook := range revision.Hooks {
		if !hook.LastRun.StartedAt.IsZero() {
			manifests = append(manifests, hook.Manifest)
		}
	}
	return manifests
}
