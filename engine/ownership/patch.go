package ownership

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"walm.io/engine/problem"
)

// unborn is a resource version that no object ever has: the first revision of the cluster's store is the empty store.
// An apply with it creates a missing object, and conflicts with an existing one.
const unborn = "1"

// patch is the body of an apply or a merge patch.
type patch struct {
	body   []byte
	object problem.ObjectRef
	meta   metav1.ObjectMeta
	// at is where the metadata's own fields begin; 0: there is no metadata.
	at int
}

func parsePatch(body []byte) (*patch, error) {
	parsed := &patch{body: body}
	decoder := json.NewDecoder(bytes.NewReader(body))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return nil, fmt.Errorf("a patch is not an object: %w", err)
	}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		switch key {
		case "apiVersion":
			err = json.Unmarshal(value, &parsed.object.APIVersion)
		case "kind":
			err = json.Unmarshal(value, &parsed.object.Kind)
		case "metadata":
			parsed.at = int(decoder.InputOffset()) - len(value) + 1
			err = json.Unmarshal(value, &parsed.meta)
		}
		if err != nil {
			return nil, err
		}
	}
	parsed.object.Name, parsed.object.Namespace = parsed.meta.Name, parsed.meta.Namespace
	return parsed, nil
}

// pinned tells whether the patch has conditions of its own.
func (p *patch) pinned() bool {
	return p.meta.UID != "" || p.meta.ResourceVersion != ""
}

// onlyIf returns the body on the condition that the object is the given one, exactly as it is or at all; nil: that
// there is none.
func (p *patch) onlyIf(live *metav1.ObjectMeta, exactly bool) []byte {
	conditions := fmt.Sprintf(`"resourceVersion":%q`, unborn)
	if live != nil {
		conditions = fmt.Sprintf(`"uid":%q`, live.UID)
		if exactly {
			conditions += fmt.Sprintf(`,"resourceVersion":%q`, live.ResourceVersion)
		}
	}
	at := p.at
	if at == 0 {
		at, conditions = bytes.IndexByte(p.body, '{')+1, `"metadata":{`+conditions+`}`
	}
	if rest := bytes.TrimSpace(p.body[at:]); len(rest) > 0 && rest[0] != '}' {
		conditions += ","
	}
	return []byte(strings.Join([]string{string(p.body[:at]), string(p.body[at:])}, conditions))
}
