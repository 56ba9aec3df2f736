package rendering

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"walm.io/engine/manifest"
)

// OutputQuestion asks the server what is secret in the outputs of a chart's own ReleaseConfig, and in the values of
// Walm's, once it is known what the chart puts into Secrets.
type OutputQuestion struct {
	// Token identifies the operation to the server.
	Token string
	// OutputConfig is nil if the chart publishes nothing.
	OutputConfig any
	// ComputedValues are what the templates saw, as JSON.
	ComputedValues json.RawMessage
	// Secrets are those that the chart rendered, in the release's namespace.
	Secrets []RenderedSecret
}

// RenderedSecret is the data of one Secret: base64 by key, as Kubernetes would store it.
type RenderedSecret struct {
	Name string            `json:"name"`
	Data map[string]string `json:"data"`
}

// OutputSecret is a value that must not be recorded, and where it can be read from (`parts`, which the server
// understands).
type OutputSecret struct {
	Path  []string         `json:"path"`
	JSON  bool             `json:"json,omitempty"`
	Parts []map[string]any `json:"parts"`
}

// HiddenSecrets is the server's answer.
type HiddenSecrets struct {
	Outputs []OutputSecret `json:"outputs"`
	// Spec has the replacements for fields of the spec that contain secrets.
	Spec map[string]any `json:"spec"`
}

// FindOutputSecrets asks the server. It returns when the context ends, even if the server does not answer.
type FindOutputSecrets func(ctx context.Context, question OutputQuestion) (HiddenSecrets, error)

// hiddenLeaf replaces a secret.
const hiddenLeaf = "***"

// hideSecrets returns the function that masks secrets in the spec of the release's ReleaseConfig. The spec belongs to
// the caller; without a server, it stays as it is. The server is not asked about a chart that neither publishes outputs
// nor contains Secrets.
func (r *Run) hideSecrets(files map[string]string) manifest.HideSecrets {
	return func(spec map[string]any, outputs bool) error {
		find, transform := r.host.FindOutputSecrets, r.transformer.transform
		if find == nil || transform == nil {
			return nil
		}
		question := OutputQuestion{
			Token: transform.Token, ComputedValues: r.Computed, Secrets: secretsOf(files, r.host.Namespace),
		}
		if outputs {
			question.OutputConfig = spec["outputConfig"]
		}
		if !outputs && len(question.Secrets) == 0 {
			return nil
		}
		hidden, err := find(r.host.Context, question)
		if err != nil {
			return err
		}
		maps.Copy(spec, hidden.Spec)
		if !outputs || len(hidden.Outputs) == 0 {
			return nil
		}
		return hideLeaves(spec, hidden.Outputs)
	}
}

// hideLeaves masks values in spec.outputConfig and records beside it, as spec.outputSecrets, where they come from. The
// outputs are copied once and not once per value: a chart may publish thousands.
func hideLeaves(spec map[string]any, secrets []OutputSecret) error {
	holder := []any{copied(spec["outputConfig"])}
	for _, secret := range secrets {
		if err := hideLeaf(holder, append([]string{"0"}, secret.Path...)); err != nil {
			return fmt.Errorf("hiding the output %s: %w", strings.Join(secret.Path, "."), err)
		}
	}
	spec["outputConfig"] = holder[0]
	var noted []any
	text, err := json.Marshal(secrets)
	if err == nil {
		err = json.Unmarshal(text, &noted)
	}
	spec["outputSecrets"] = noted
	return err
}

// copied returns a value that can be changed without changing the original.
func copied(value any) any {
	switch typed := value.(type) {
	case map[string]any:
		made := make(map[string]any, len(typed))
		for key, below := range typed {
			made[key] = copied(below)
		}
		return made
	case []any:
		made := make([]any, len(typed))
		for index, below := range typed {
			made[index] = copied(below)
		}
		return made
	default:
		return value
	}
}

// hideLeaf replaces the value at the path by the mask.
func hideLeaf(value any, path []string) error {
	last := len(path) == 1
	switch below := value.(type) {
	case map[string]any:
		if entry, ok := below[path[0]]; ok && !last {
			return hideLeaf(entry, path[1:])
		} else if ok {
			below[path[0]] = hiddenLeaf
			return nil
		}
	case []any:
		if at, err := strconv.Atoi(path[0]); err == nil && at >= 0 && at < len(below) {
			if !last {
				return hideLeaf(below[at], path[1:])
			}
			below[at] = hiddenLeaf
			return nil
		}
	}
	return fmt.Errorf("there is no %q", path[0])
}

// secretsOf returns the data of the Secrets among the rendered files that belong to the namespace; all if it is empty.
func secretsOf(files map[string]string, namespace string) []RenderedSecret {
	secrets := []RenderedSecret{}
	for _, file := range manifest.SortedKeys(files) {
		if !strings.Contains(files[file], "Secret") {
			continue
		}
		for _, object := range manifest.ObjectsOfAll(files[file]) {
			elsewhere := manifest.TextAt(object, "metadata", "namespace")
			if manifest.TextAt(object, "kind") != "Secret" || manifest.TextAt(object, "apiVersion") != "v1" || (namespace != "" && elsewhere != "" && elsewhere != namespace) {
				continue
			}
			data := map[string]string{}
			for key, value := range manifest.MapAt(object, "data") {
				if text, ok := value.(string); ok {
					data[key] = text
				}
			}
			for key, value := range manifest.MapAt(object, "stringData") {
				if text, ok := value.(string); ok {
					data[key] = base64.StdEncoding.EncodeToString([]byte(text))
				}
			}
			secrets = append(secrets, RenderedSecret{Name: manifest.NameOf(object), Data: data})
		}
	}
	return secrets
}
