package cluster

import (
	"encoding/base64"
	"reflect"
	"strconv"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"walm.io/engine/manifest"
	"walm.io/engine/refusal"
)

// standing compares documents with live objects. What others added to an object is not looked at.
type standing struct {
	// exact tells that conflicts are forced: what others filled in, where a document is empty, is then not what it says.
	exact bool
}

// holds tells whether a live object still has what its document says, so that applying it would change nothing: defaults,
// quantities in another notation and the plain texts of Secrets are the same, and so is a field that the document leaves
// empty. False where that is not known for certain. What is being deleted holds nothing.
func (s standing) holds(document map[string]any, live *unstructured.Unstructured) bool {
	if live == nil || live.GetDeletionTimestamp() != nil {
		return false
	}
	said := manifest.CopyMap(WithoutGiven(document))
	delete(said, "status")
	if live.GroupVersionKind().Group == "" && live.GetKind() == "Secret" {
		said = encoded(said)
	}
	return s.fields(said, live.Object)
}

// encoded returns the document of a Secret with its plain texts as the cluster keeps them.
func encoded(document map[string]any) map[string]any {
	plain, ok := document["stringData"].(map[string]any)
	if !ok {
		return document
	}
	data, _ := document["data"].(map[string]any)
	data = manifest.CopyMap(data)
	for name, value := range plain {
		if text, ok := value.(string); ok {
			data[name] = base64.StdEncoding.EncodeToString([]byte(text))
		}
	}
	document["data"] = data
	delete(document, "stringData")
	return document
}

func (s standing) fields(said, live map[string]any) bool {
	for name, value := range said {
		has, exists := live[name]
		if !s.field(name, value, has, exists) {
			return false
		}
	}
	return true
}

func (s standing) field(name string, said, live any, exists bool) bool {
	if isEmpty(said) {
		if _, isMap := said.(map[string]any); isMap {
			return exists || !s.exact
		}
		return said == nil || !s.exact || isEmpty(live)
	}
	if !exists {
		return false
	}
	switch typed := said.(type) {
	case map[string]any:
		has, ok := live.(map[string]any)
		return ok && (s.fields(typed, has) || (refusal.HoldsQuantities(name) && sameAmounts(typed, has)))
	case []any:
		has, ok := live.([]any)
		return ok && s.list(typed, has)
	default:
		return sameValue(said, live) || (name == "sizeLimit" && sameAmount(said, live))
	}
}

// list compares entries by their names, where all have different ones, and by their places elsewhere.
func (s standing) list(said, live []any) bool {
	entries, named := namedEntries(said)
	has, both := namedEntries(live)
	if named && both {
		for name, entry := range entries {
			if found := has[name]; found == nil || !s.fields(entry, found) {
				return false
			}
		}
		return !s.exact || len(said) == len(live)
	}
	if len(said) != len(live) {
		return false
	}
	for at, entry := range said {
		if !s.field("", entry, live[at], true) {
			return false
		}
	}
	return true
}

// isEmpty recognises what the cluster may leave out.
func isEmpty(value any) bool {
	switch typed := value.(type) {
	case nil:
		return true
	case string:
		return typed == ""
	case map[string]any:
		return len(typed) == 0
	case []any:
		return len(typed) == 0
	default:
		return false
	}
}

func sameValue(a, b any) bool {
	if reflect.DeepEqual(a, b) {
		return true
	}
	one, isNumber := asFloat(a)
	other, both := asFloat(b)
	return isNumber && both && one == other
}

func asFloat(value any) (float64, bool) {
	switch typed := value.(type) {
	case int64:
		return float64(typed), true
	case float64:
		return typed, true
	default:
		return 0, false
	}
}

// sameAmounts compares quantities by their names.
func sameAmounts(said, live map[string]any) bool {
	for name, amount := range said {
		if !sameAmount(amount, live[name]) {
			return false
		}
	}
	return true
}

func sameAmount(said, live any) bool {
	one, isAmount := amountOf(said)
	other, both := amountOf(live)
	return isAmount && both && one.Cmp(other) == 0
}

func amountOf(value any) (resource.Quantity, bool) {
	text, isText := value.(string)
	if !isText {
		number, isNumber := asFloat(value)
		if !isNumber {
			return resource.Quantity{}, false
		}
		text = strconv.FormatFloat(number, 'f', -1, 64)
	}
	amount, err := resource.ParseQuantity(text)
	return amount, err == nil
}
