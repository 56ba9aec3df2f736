package ownership

import (
	"strings"

	"helm.sh/helm/v4/pkg/kube"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// DeletionCandidate is an object that an operation wants to delete.
type DeletionCandidate struct {
	Kind schema.GroupKind
	// Live is the present object, Recorded the one in a revision of the release.
	Live, Recorded metav1.Object
}

// The kinds whose deletion also deletes objects of others.
var (
	NamespaceKind  = schema.GroupKind{Kind: "Namespace"}
	DefinitionKind = schema.GroupKind{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}
)

// Keeps says why an object stays although an operation of the release would delete it; "" if it may be deleted. It is
// the single rule for deletions: reverted installs, upgrades, rollbacks, uninstalls, hooks and recreated objects all
// use it.
func (o Owner) Keeps(candidate DeletionCandidate) string {
	owner, hasOwner := AnnotatedOwner(candidate.Live)
	switch {
	case (isKept(candidate.Live) || isKept(candidate.Recorded)) && !candidate.runsAgain():
		return "its resource policy says that it is kept"
	case candidate.Kind == NamespaceKind && candidate.Live.GetName() == o.Namespace:
		return "the release itself is in it"
	case o.Owns(candidate.Live):
		return ""
	case hasOwner && owner != o:
		return whose(candidate.Live)
	case IsHook(candidate.Recorded) && IsHook(candidate.Live):
		return ""
	case hasOwner:
		return "its label " + managedByLabel + " does not say " + managedByHelm + " any longer"
	default:
		return whose(candidate.Live)
	}
}

// runsAgain tells whether it is a hook that is deleted to be run again: keeping it would mean that it never runs.
func (d DeletionCandidate) runsAgain() bool {
	return IsHook(d.Recorded) && ((d.Kind.Group == "batch" && d.Kind.Kind == "Job") || d.Kind == schema.GroupKind{Kind: "Pod"})
}

func isKept(object metav1.Object) bool {
	return strings.ToLower(strings.TrimSpace(object.GetAnnotations()[kube.ResourcePolicyAnno])) == kube.KeepPolicy
}

// Hinders says why an object inside a namespace, or of a defined kind, prevents the deletion of its container; "" if it
// does not. Objects that the cluster itself creates there, and those deleted with their own owner, do not.
func (o Owner) Hinders(kind schema.GroupKind, object metav1.Object) string {
	switch {
	case object.GetDeletionTimestamp() != nil || len(object.GetOwnerReferences()) > 0 || furnished(kind, object):
		return ""
	case isKept(object):
		return "its resource policy says that it is kept"
	case o.Owns(object):
		return ""
	default:
		return whose(object)
	}
}

// furnished recognises what the cluster creates in each namespace.
func furnished(kind schema.GroupKind, object metav1.Object) bool {
	switch kind.Kind {
	case "Event", "Endpoints", "EndpointSlice":
		return true
	case "ServiceAccount":
		return object.GetName() == "default"
	case "ConfigMap":
		return object.GetName() == "kube-root-ca.crt"
	case "Secret":
		return object.GetAnnotations()["kubernetes.io/service-account.name"] != ""
	default:
		return false
	}
}
