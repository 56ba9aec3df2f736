package record

import (
	"regexp"
	"strconv"

	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/storage"
	corev1 "k8s.io/api/core/v1"

	"walm.io/engine/problem"
)

// secretType is that of Helm's release Secrets.
const secretType = "helm.sh/release.v1"

// owner is the value of the label of that name on each of them.
const owner = "helm"

// Place is the identity of a record by the namespace and name of its Secret, whatever its payload says.
type Place struct {
	Namespace, Name string
	Revision        int
}

// secretName matches Helm's name for the Secret of a revision.
var secretName = regexp.MustCompile("^" + regexp.QuoteMeta(storage.HelmStorageType) + `\.(.+)\.v([1-9][0-9]{0,8})$`)

// PlaceOf parses the place of a record; false if the Secret is not named like a Helm record of a release that Helm could
// install. The server does the same (domain/names/helm-record-name.ts).
func PlaceOf(namespace, name string) (Place, bool) {
	found := secretName.FindStringSubmatch(name)
	if found == nil || chartutil.ValidateReleaseName(found[1]) != nil {
		return Place{}, false
	}
	revision, err := strconv.Atoi(found[2])
	return Place{Namespace: namespace, Name: found[1], Revision: revision}, err == nil
}

// SecretName is the name of the place's Secret.
func (p Place) SecretName() string {
	return storage.HelmStorageType + "." + p.Name + ".v" + strconv.Itoa(p.Revision)
}

// checkLabels refuses a Secret whose labels, by which Helm finds records, name another release or revision.
func (p Place) checkLabels(secret *corev1.Secret) error {
	labels := secret.Labels
	switch {
	case secret.Type != secretType:
		return p.Unreadable("its type is %s and not %s", short(string(secret.Type)), secretType)
	case labels["name"] != p.Name:
		return p.Unreadable("its label name says %s", short(labels["name"]))
	case labels["owner"] != owner:
		return p.Unreadable("its label owner says %s", short(labels["owner"]))
	case labels["version"] != strconv.Itoa(p.Revision):
		return p.Unreadable("its label version says %s", short(labels["version"]))
	default:
		return nil
	}
}

// Unreadable is RELEASE_UNREADABLE: the Secret at this place is not a valid record, and why. `reason` never quotes its
// content at length.
func (p Place) Unreadable(reason string, args ...any) *problem.Problem {
	why := problem.New(problem.ReleaseUnreadable, reason, args...).Message
	return problem.New(problem.ReleaseUnreadable,
		"revision %d of release %s in namespace %s cannot be read: %s; delete the Secret %s, or put its content right",
		p.Revision, p.Name, p.Namespace, why, p.SecretName()).
		With("reason", why).With("revision", p.Revision).With("secret", p.SecretName()).
		About(problem.ObjectRef{APIVersion: "v1", Kind: "Secret", Namespace: p.Namespace, Name: p.SecretName()})
}

// short quotes a foreign text, at most its beginning.
func short(text string) string {
	const maxShown = 64
	if len(text) > maxShown {
		return strconv.Quote(text[:maxShown]) + "…"
	}
	return strconv.Quote(text)
}
