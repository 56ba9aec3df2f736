package action

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"walm.io/engine/manifest"
	"walm.io/engine/record"
)

// briefSecretBytes bounds the data of Secrets in a brief answer; outputs taken from Secrets need it.
const briefSecretBytes = 4 << 20

// briefSecretKeys bounds their number: with more of them the server takes every text to hold a secret.
const briefSecretKeys = 20_000

// scaledKinds are the kinds whose recorded replicas say whether a revision is paused.
var scaledKinds = map[string]bool{"Deployment": true, "StatefulSet": true, "ReplicaSet": true}

// lifetimeOfDone is the field of a Job that lets the cluster delete it some time after it is done: it is not awaited then.
const lifetimeOfDone = "ttlSecondsAfterFinished"

func removesItself(job map[string]any) bool {
	switch manifest.MapAt(job, "spec")[lifetimeOfDone].(type) {
	case float64, int64, int, json.Number:
		return true
	default:
		return false
	}
}

// withDigests adds those of Jobs that remove themselves: one whose document a change leaves as it is is not made again.
func withDigests(documents []manifest.Document) []manifest.Document {
	for index := range documents {
		document := &documents[index]
		if document.Kind != "Job" || !removesItself(document.Object) {
			continue
		}
		if content, err := json.Marshal(document.Object); err == nil {
			digest := sha256.Sum256(content)
			document.Digest = hex.EncodeToString(digest[:])
		}
	}
	return documents
}

// shorten removes from a release what the server does not keep in memory. Error: RELEASE_UNREADABLE if too much would
// be left.
func (r *Release) shorten() error {
	r.Manifest, r.ConfigAt = "", nil
	secrets, keys := 0, 0
	// What Secrets among the hooks contain is masked wherever it shows.
	r.Hooks = slices.DeleteFunc(r.Hooks, func(hook Hook) bool {
		secret := hook.Kind == "Secret" || strings.HasSuffix(hook.Kind, "List")
		if secret {
			secrets += len(hook.Manifest)
		}
		return !secret
	})
	for index := range r.Objects {
		object := &r.Objects[index]
		object.Numbers = nil
		switch {
		case object.Kind == "Secret" && object.APIVersion == "v1":
			kept := map[string]any{"apiVersion": object.APIVersion, "kind": object.Kind}
			for _, field := range []string{"data", "stringData"} {
				data := manifest.MapAt(object.Object, field)
				keys += len(data)
				for key, value := range data {
					text, _ := value.(string)
					secrets += len(key) + len(text)
				}
				kept[field] = data
			}
			object.Object = kept
		case scaledKinds[object.Kind]:
			object.Object = map[string]any{"spec": map[string]any{"replicas": manifest.MapAt(object.Object, "spec")["replicas"]}}
		case object.Kind == "Job" && removesItself(object.Object):
			object.Object = map[string]any{"spec": map[string]any{lifetimeOfDone: manifest.MapAt(object.Object, "spec")[lifetimeOfDone]}}
		default:
			object.Object = map[string]any{}
		}
	}
	place := record.Place{Namespace: r.Namespace, Name: r.Name, Revision: r.Revision}
	switch {
	case secrets > briefSecretBytes:
		return place.Unreadable("the Secrets of its manifest hold more than %d MiB", briefSecretBytes>>20)
	case keys > briefSecretKeys:
		return place.Unreadable("the Secrets of its manifest hold more than %d keys", briefSecretKeys)
	}
	return nil
}
