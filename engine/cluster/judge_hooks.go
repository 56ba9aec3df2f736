package cluster

import (
	"fmt"
	"regexp"
	"strings"

	"helm.sh/helm/v4/pkg/kube"
	release "helm.sh/helm/v4/pkg/release/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/cli-runtime/pkg/resource"

	"walm.io/engine/manifest"
	"walm.io/engine/ownership"
	"walm.io/engine/refusal"
)

// hookObjects are the objects of hooks; those whose kinds come with the same change are left out.
func (c *Client) hookObjects(hooks []*release.Hook, upcoming map[schema.GroupKind]bool) (kube.ResourceList, error) {
	found := kube.ResourceList{}
	for _, hook := range hooks {
		list, err := c.built(strings.NewReader(hook.Manifest), false)
		if err == nil {
			found = append(found, list...)
			continue
		}
		objects := manifest.ObjectsOf(hook.Manifest)
		if !refusal.IsKindUnknown(err) || len(objects) == 0 {
			return nil, hookUnbuilt(hook, err)
		}
		kind := schema.FromAPIVersionAndKind(manifest.TextAt(objects[0], "apiVersion"), manifest.TextAt(objects[0], "kind"))
		if _, comes := upcoming[kind.GroupKind()]; !comes {
			return nil, hookUnbuilt(hook, err)
		}
	}
	return found, nil
}

func hookUnbuilt(hook *release.Hook, err error) error {
	return manifest.Unreadable(fmt.Errorf("unable to build kubernetes object for hook %s: %w", hook.Path, err))
}

// judgedHook is what making the object of a hook would fail with: Helm deletes the one of an earlier run before, and takes
// nothing over that is not a hook.
func (c *Client) judgedHook(info *resource.Info) error {
	found, err := resource.NewHelper(info.Client, info.Mapping).Get(info.Namespace, info.Name)
	switch {
	case apierrors.IsNotFound(err):
		_, err = c.Client.Create(kube.ResourceList{info}, kube.ClientCreateOptionServerSideApply(true, false), kube.ClientCreateOptionDryRun(true))
		return err
	case err != nil:
		return err
	}
	live, err := meta.Accessor(found)
	if err != nil {
		return err
	}
	if c.replaces(live) {
		return nil
	}
	return ownership.Taken(RefOf(info), live)
}

// replaces tells whether a hook may stand in the place of an object.
func (c *Client) replaces(live metav1.Object) bool {
	owner, taken := ownership.AnnotatedOwner(live)
	return live.GetDeletionTimestamp() != nil || owner == c.host.Owner || (!taken && ownership.IsHook(live))
}

// absences are how the cluster refuses pods because of something that is not there yet.
var absences = map[string]*regexp.Regexp{
	"ServiceAccount": regexp.MustCompile(`serviceaccount "([^"]+)" not found`),
	"PriorityClass":  regexp.MustCompile(`no PriorityClass with name (\S+) was found`),
	"RuntimeClass":   regexp.MustCompile(`RuntimeClass "([^"]+)" not found`),
}

// comesAlong tells whether an object is refused only because another one, of those that the change makes `before` it, is not
// there yet.
func comesAlong(failure error, before kube.ResourceList) bool {
	for kind, absence := range absences {
		named := absence.FindStringSubmatch(failure.Error())
		if named == nil {
			continue
		}
		for _, info := range before {
			if info.Name == named[1] && info.Mapping.GroupVersionKind.Kind == kind {
				return true
			}
		}
	}
	return false
}
