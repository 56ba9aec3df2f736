// Package seal defines what the seal of a revision covers, and has the server seal a revision before it is recorded.
package seal

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	release "helm.sh/helm/v4/pkg/release/v1"

	"walm.io/engine/jsontext"
	"walm.io/engine/manifest"
	"walm.io/engine/record"
)

// SealAnnotation of the recorded ReleaseConfig contains the seal of the revision.
const SealAnnotation = "walm.io/seal"

// sealLine is the line in which the engine writes it. The value is one word, so that YAML keeps it on one line.
var sealLine = regexp.MustCompile(`(?m)^    walm\.io/seal: ([A-Za-z0-9._-]+)$`)

// Facts are what a seal covers of one revision, and the text of its seal. The place is that of the record's Secret, not
// what the payload says. Digests are `sha256:` and 64 hexadecimal digits.
type Facts struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Revision  int    `json:"revision"`
	Text      string `json:"text"`

	Chart    string `json:"chartDigest"`
	Config   string `json:"configDigest"`
	Manifest string `json:"manifestDigest"`
	Hooks    string `json:"hooksDigest"`
	Facts    string `json:"factsDigest"`
}

// FactsOf returns the facts against which the seal of a recorded revision is verified. Nil if it carries none, if it is
// not what its place says, and if more than one object could be meant by its facts. `objects` are those of the
// manifest. Not covered is what Helm updates: status, description, times, notes, labels, the last run of hooks.
func FactsOf(recorded *release.Release, at record.Place, objects []manifest.Document) (*Facts, error) {
	if recorded.Namespace != at.Namespace || recorded.Name != at.Name || recorded.Version != at.Revision {
		return nil, nil
	}
	config := onlyReleaseConfig(objects, recorded.Name)
	text := manifest.TextAt(config, "metadata", "annotations", SealAnnotation)
	manifest, offset := withoutSeal(recorded.Manifest, text)
	if text == "" || offset < 0 {
		return nil, nil
	}
	// The offset restores the original manifest: without it the value could move to another similar line.
	found := &Facts{
		Namespace: at.Namespace, Name: at.Name, Revision: at.Revision, Text: text,
		Manifest: digestOf(fmt.Appendf(nil, "%d\n%s", offset, manifest)),
	}
	values := recorded.Config
	if len(values) == 0 {
		// Helm's record omits empty values.
		values = nil
	}
	for into, content := range map[*string]any{
		&found.Chart:  recorded.Chart,
		&found.Config: values,
		&found.Hooks:  HooksAsMade(recorded.Hooks),
		&found.Facts:  withoutSealAnnotation(config),
	} {
		text, err := jsontext.Marshal(content)
		if err != nil {
			return nil, fmt.Errorf("computing the digests of revision %d of release %s/%s: %w", at.Revision, at.Namespace, at.Name, err)
		}
		*into = digestOf(text)
	}
	return found, nil
}

// onlyReleaseConfig returns the ReleaseConfig of the release among the objects; nil if there is none or more than one,
// because readers could then disagree about which one has the facts.
func onlyReleaseConfig(objects []manifest.Document, name string) (only map[string]any) {
	for _, object := range objects {
		if object.Kind == manifest.ReleaseConfigKind && object.APIVersion == manifest.ReleaseConfigVersion && object.Name == name {
			if only != nil {
				return nil
			}
			only = object.Object
		}
	}
	return only
}

// withoutSeal removes a seal from its line, and returns its position; -1 if there is none.
func withoutSeal(manifest, text string) (rest string, offset int) {
	before := "\n    " + SealAnnotation + ": "
	at := strings.LastIndex(manifest, before+text+"\n")
	if at < 0 {
		return manifest, -1
	}
	at += len(before)
	return manifest[:at] + manifest[at+len(text):], at
}

func withoutSealAnnotation(config map[string]any) map[string]any {
	annotations := manifest.CopyMap(manifest.MapAt(config, "metadata", "annotations"))
	delete(annotations, SealAnnotation)
	metadata := manifest.CopyMap(manifest.MapAt(config, "metadata"))
	metadata["annotations"] = annotations
	bare := manifest.CopyMap(config)
	bare["metadata"] = metadata
	return bare
}

// HooksAsMade are hooks without the traces of running them: how the last run went, and the default policy that Helm
// adds.
func HooksAsMade(recorded []*release.Hook) []release.Hook {
	hooks := make([]release.Hook, 0, len(recorded))
	for _, hook := range recorded {
		if hook != nil {
			made := *hook
			made.LastRun = release.HookExecution{}
			if len(made.DeletePolicies) == 0 {
				made.DeletePolicies = []release.HookDeletePolicy{release.HookBeforeHookCreation}
			}
			hooks = append(hooks, made)
		}
	}
	return hooks
}

func digestOf(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256:" + hex.EncodeToString(sum[:])
}
