package record

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	release "helm.sh/helm/v4/pkg/release/v1"
	corev1 "k8s.io/api/core/v1"

	"walm.io/engine/guard"
	"walm.io/engine/problem"
)

// payloadKey is the key of the release in Helm's Secret.
const payloadKey = "release"

// systemLabels are those that Helm sets itself; the others are the release's.
var systemLabels = []string{"name", "owner", "status", "version", "createdAt", "modifiedAt"}

// Decode decodes the record of a Secret: the revision of exactly the release that the Secret's place names. Error:
// RELEASE_UNREADABLE with the reason.
func Decode(secret *corev1.Secret, limits Limits) (*release.Release, error) {
	place, content, err := open(secret, limits, nil)
	if err != nil {
		return nil, err
	}
	return decode(place, content, secret.Labels, limits, nil)
}

// open checks the type of a Secret and the decompressed size of its payload.
func open(secret *corev1.Secret, limits Limits, memory *Memory) (Place, packed, error) {
	place, ok := PlaceOf(secret.Namespace, secret.Name)
	if !ok {
		return place, packed{}, fmt.Errorf("the Secret %s in namespace %s is not called as records of Helm are", secret.Name, secret.Namespace)
	}
	if err := place.checkLabels(secret); err != nil {
		return place, packed{}, err
	}
	payload := secret.Data[payloadKey]
	key := memoryKey{place, sha256.Sum256(payload)}
	if known := memory.find(key); known != nil {
		return place, packed{size: known.size, known: known}, nil
	}
	content, err := unpackable(payload, limits)
	content.key = key
	switch {
	case errors.Is(err, errTooLarge):
		return place, packed{}, place.Unreadable("it is larger than %d MiB when decompressed", limits.DecompressedBytes>>20)
	case err != nil:
		return place, packed{}, place.Unreadable("%s", err)
	default:
		return place, content, nil
	}
}

func decode(place Place, content packed, labels map[string]string, limits Limits, memory *Memory) (*release.Release, error) {
	if content.known != nil {
		return labelled(place, Copy(content.known.release), labels)
	}
	var decoded *release.Release
	var nodes int
	err := guard.Call(func() (err error) {
		decoded, nodes, err = parse(place, content, limits)
		return err
	})
	var panicked *guard.PanicError
	switch {
	case errors.As(err, &panicked):
		return nil, place.Unreadable("reading it failed unexpectedly").Because(err)
	case err != nil:
		return nil, place.Unreadable("%s", plain(err)).Because(err)
	}
	memory.keep(&remembered{content.key, Copy(decoded), content.size, content.size + int64(nodes)*bytesPerNode})
	return labelled(place, decoded, labels)
}

// labelled is a release with the labels of its Secret. Watches that see no content rely on the label status,
// so a record whose label contradicts its content is refused as unreadable.
func labelled(place Place, decoded *release.Release, labels map[string]string) (*release.Release, error) {
	if status := string(decoded.Info.Status); labels["status"] != status {
		return nil, place.Unreadable("its label status says %s, and it says %s itself", short(labels["status"]), status)
	}
	decoded.Labels = ownLabels(labels)
	return decoded, nil
}

// parse parses the JSON of a record, and returns the number of its values.
func parse(place Place, content packed, limits Limits) (*release.Release, int, error) {
	text, err := content.text()
	if err != nil {
		return nil, 0, err
	}
	found := extentOf(text, limits.Nodes, limits.Depth+envelope)
	switch {
	case found.nodes > limits.Nodes:
		return nil, 0, fmt.Errorf("it holds more than %d values", limits.Nodes)
	case found.depth > limits.Depth+envelope:
		return nil, 0, fmt.Errorf("its values nest deeper than %d levels", limits.Depth)
	}
	decoded := &release.Release{}
	if err := json.Unmarshal(text, decoded); err != nil {
		return nil, 0, errors.New("it is not the JSON of a release")
	}
	return decoded, found.nodes, errors.Join(place.check(decoded), Check(decoded, limits))
}

// check refuses a payload that names another release, revision or namespace than its Secret.
func (p Place) check(decoded *release.Release) error {
	switch {
	case decoded.Namespace != p.Namespace:
		return fmt.Errorf("it says that it is of namespace %s", short(decoded.Namespace))
	case decoded.Name != p.Name:
		return fmt.Errorf("it says that it is of release %s", short(decoded.Name))
	case decoded.Version != p.Revision:
		return fmt.Errorf("it says that it is revision %d", decoded.Version)
	default:
		return nil
	}
}

// Check refuses a release beyond the budgets, or without what Helm assumes. Written records are checked like read ones,
// so that no record is written that cannot be read again.
func Check(decoded *release.Release, limits Limits) error {
	if err := checkShape(decoded, limits); err != nil {
		return err
	}
	if textBytes(decoded.Config) > limits.ValuesBytes {
		return fmt.Errorf("its values are larger than %d KiB", limits.ValuesBytes>>10)
	}
	counter := &documentCounter{limits: limits}
	if err := counter.add(decoded.Manifest); err != nil {
		return err
	}
	for _, hook := range decoded.Hooks {
		if err := counter.add(hook.Manifest); err != nil {
			return err
		}
	}
	return nil
}

// plain is the first sentence of an error; problems of charts have one of their own.
func plain(err error) string {
	if found, ok := problem.From(err); ok {
		return found.Message
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return first
}

// ownLabels are the labels of a record without those that Helm sets itself.
func ownLabels(labels map[string]string) map[string]string {
	own := maps.Clone(labels)
	if own == nil {
		own = map[string]string{}
	}
	maps.DeleteFunc(own, func(key, _ string) bool { return slices.Contains(systemLabels, key) })
	return own
}

func isMetaFile(name string) bool { return strings.HasPrefix(name, "transwarp-meta/") }
