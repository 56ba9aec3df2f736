package cluster

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	"helm.sh/helm/v4/pkg/kube"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/cli-runtime/pkg/resource"

	"walm.io/engine/client"
)

// update is Helm's update, except for objects that the client applies and that have a list with two entries of one merge
// key: one variable twice, one port for two protocols. Helm sends strategic merge patches, which mean one of the two
// entries and lose the other. Such an object is written as it has to be, in one patch that contains its lists as a whole.
func (c *Client) update(from, to kube.ResourceList, options ...kube.ClientUpdateOption) (*kube.Result, error) {
	if !c.ClientSide {
		return c.Client.Update(from, to, options...)
	}
	whole := []wholeObject{}
	apart := map[string]bool{}
	known := map[schema.GroupVersionKind]client.MergeKeys{}
	documents := byObject(from)
	for _, info := range to {
		before, kind := documents[objectKey(info)], info.Mapping.GroupVersionKind
		if before == nil {
			continue
		}
		if known[kind] == nil {
			found, err := c.host.Cluster.MergeKeys(c.host.Context, []schema.GroupVersionKind{kind})
			if err != nil {
				return &kube.Result{}, err
			}
			known[kind] = found[0]
		}
		one := wholeObject{info: info, before: before, keys: known[kind]}
		if one.isAmbiguous() {
			apart[objectKey(info)] = true
			whole = append(whole, one)
		}
	}
	result, err := c.Client.Update(without(from, apart), without(to, apart), options...)
	for _, one := range whole {
		err = errors.Join(err, c.writeWhole(one, options...))
		result.Updated = append(result.Updated, one.info)
	}
	return result, err
}

// wholeObject is an object to be written, its document as it was applied before, and how its lists are merged.
type wholeObject struct {
	info   *resource.Info
	before map[string]any
	keys   client.MergeKeys
}

func (o wholeObject) isAmbiguous() bool {
	lists := mergedLists(o.keys)
	return lists.ambiguous("", o.before) || lists.ambiguous("", contentOf(o.info))
}

// writeWhole writes one object. The session's transport sends its patch only to the object that was read here.
func (c *Client) writeWhole(one wholeObject, options ...kube.ClientUpdateOption) error {
	helper := resource.NewHelper(one.info.Client, one.info.Mapping).WithFieldManager(FieldManager)
	found, err := helper.Get(one.info.Namespace, one.info.Name)
	if apierrors.IsNotFound(err) {
		_, err = c.Client.Update(nil, kube.ResourceList{one.info}, options...)
		return err
	}
	live, ok := found.(*unstructured.Unstructured)
	if err != nil || !ok {
		return err
	}
	patch, err := one.patchOf(live)
	if err != nil || patch == nil {
		return errors.Join(err, one.info.Refresh(live, true))
	}
	written, err := helper.Patch(one.info.Namespace, one.info.Name, types.MergePatchType, patch, nil)
	if err != nil {
		return fmt.Errorf("cannot patch %q with kind %s: %w", one.info.Name, one.info.Mapping.GroupVersionKind.Kind, err)
	}
	return one.info.Refresh(written, true)
}

// patchOf is the merge patch that makes the live object what it has to be; nil: it is so.
func (o wholeObject) patchOf(live *unstructured.Unstructured) ([]byte, error) {
	has, err := json.Marshal(live.Object)
	if err != nil {
		return nil, err
	}
	wanted, err := json.Marshal(mergedLists(o.keys).overlaid("", o.before, contentOf(o.info), live.Object))
	if err != nil {
		return nil, err
	}
	patch, err := jsonpatch.CreateMergePatch(has, wanted)
	if err != nil || string(patch) == "{}" {
		return nil, err
	}
	return patch, nil
}

// mergedLists are the lists of a kind that a strategic merge patch merges.
type mergedLists client.MergeKeys

// ambiguous tells whether a merged list of a value has two entries of one key.
func (m mergedLists) ambiguous(path string, value any) bool {
	switch typed := value.(type) {
	case map[string]any:
		for name, below := range typed {
			if m.ambiguous(joined(path, name), below) {
				return true
			}
		}
	case []any:
		if _, unique := m.entries(path, typed); !unique {
			return true
		}
		return slices.ContainsFunc(typed, func(entry any) bool { return m.ambiguous(joined(path, "*"), entry) })
	}
	return false
}

func joined(path, name string) string {
	if path == "" {
		return name
	}
	return path + "/" + name
}

// entries returns the entries of a list by their keys, none if it is not merged by a key; false: a key is not unique.
func (m mergedLists) entries(path string, list []any) (found map[any]any, unique bool) {
	key := m[path]
	if key == "" {
		return nil, true
	}
	found = map[any]any{}
	for _, entry := range list {
		name := nameOf(entry, key)
		if _, twice := found[name]; twice {
			return found, false
		}
		found[name] = entry
	}
	return found, true
}

// nameOf is the key of an entry, in a form that can be compared; nil if it has none.
func nameOf(entry any, key string) any {
	fields, _ := entry.(map[string]any)
	switch value := fields[key].(type) {
	case string, bool, int64, float64:
		return value
	}
	return nil
}

// overlaid returns a live value with what a change means: what the document says, without what only the one before said.
// What others added stays: fields, and entries of lists that are merged.
func (m mergedLists) overlaid(path string, before, now, live any) any {
	switch said := now.(type) {
	case map[string]any:
		was, _ := before.(map[string]any)
		has, ok := live.(map[string]any)
		if !ok {
			return now
		}
		made := map[string]any{}
		for name, value := range has {
			if _, gone := was[name]; !gone {
				made[name] = value
			}
		}
		for name, value := range said {
			if value == nil {
				delete(made, name)
				continue
			}
			made[name] = m.overlaid(joined(path, name), was[name], value, has[name])
		}
		return made
	case []any:
		was, _ := before.([]any)
		has, _ := live.([]any)
		if _, merged := m[path]; merged {
			return m.overlaidList(path, was, said, has)
		}
	}
	return now
}

func (m mergedLists) overlaidList(path string, before, now, live []any) []any {
	made := slices.Clone(now)
	for at, pair := range m.paired(path, before, now, live) {
		made[at] = m.overlaid(joined(path, "*"), pair.was, now[at], pair.live)
	}
	// Entries of others stay behind those that they followed.
	at := 0
	for _, entry := range live {
		if index := m.indexOf(path, made, entry); index >= 0 {
			at = index + 1
		} else if m.indexOf(path, before, entry) < 0 {
			made = slices.Insert(made, at, entry)
			at++
		}
	}
	return made
}

// pair is an entry of a list as it was applied before, and as it is; was is nil if there was none.
type pair struct{ was, live any }

// paired returns what the entries of a document were before and are now, by their places in it: by their key, or, in a list with
// one entry twice, as far as there is no doubt which is which. Of the others nothing is kept that is not in the document.
func (m mergedLists) paired(path string, before, now, live []any) map[int]pair {
	pairs := map[int]pair{}
	key := m[path]
	if key == "" {
		return pairs
	}
	was, wasUnique := m.entries(path, before)
	_, nowUnique := m.entries(path, now)
	has, hasUnique := m.entries(path, live)
	if wasUnique && nowUnique && hasUnique {
		for at, entry := range now {
			name := nameOf(entry, key)
			if one, there := has[name]; there {
				pairs[at] = pair{was: was[name], live: one}
			}
		}
		return pairs
	}
	sameKey := func(a, b any) bool { return nameOf(a, key) == nameOf(b, key) }
	lives := onlyMatches(before, live, func(said, has any) bool {
		return sameKey(said, has) && standing{exact: true}.field("", said, has, true)
	})
	nows := onlyMatches(before, now, func(a, b any) bool { return reflect.DeepEqual(a, b) })
	// Where one entry of a key is left on both sides, it has changed.
	addTo(nows, onlyMatches(before, now, sameKey, isFree(nows)))
	sameEntry := func(a, b any) bool { return sameKey(a, b) && protocolOf(a) == protocolOf(b) }
	addTo(nows, onlyMatches(before, now, sameEntry))
	addTo(lives, onlyMatches(before, live, sameEntry))
	for was, at := range nows {
		if one, found := lives[was]; found {
			pairs[at] = pair{was: before[was], live: live[one]}
		}
	}
	return pairs
}

// protocolOf is the part of the key of a port that strategic merge patches do not look at, but the API server does.
func protocolOf(entry any) string {
	fields, _ := entry.(map[string]any)
	if protocol, ok := fields["protocol"].(string); ok && protocol != "" {
		return protocol
	}
	return "TCP"
}

// isFree tells whether neither of two entries, by their places, has a match yet.
func isFree(matches map[int]int) func(at, in int) bool {
	taken := map[int]bool{}
	for _, two := range matches {
		taken[two] = true
	}
	return func(at, in int) bool { _, known := matches[at]; return !known && !taken[in] }
}

// addTo adds those matches of which neither entry has one.
func addTo(matches, more map[int]int) {
	free := isFree(matches)
	for one, two := range more {
		if free(one, two) {
			matches[one] = two
		}
	}
}

// maxComparisons bounds the comparisons of two lists.
const maxComparisons = 1 << 18

// onlyMatches pairs the entries of two lists, by their places, that match each other and no further entry. Only those count of
// which `counts` says so. Of very long lists none are.
func onlyMatches(list, other []any, match func(a, b any) bool, counts ...func(at, in int) bool) map[int]int {
	of, in := map[int][]int{}, map[int]int{}
	if len(list)*len(other) > maxComparisons {
		return map[int]int{}
	}
	for one := range list {
		for two := range other {
			if (len(counts) == 0 || counts[0](one, two)) && match(list[one], other[two]) {
				of[one] = append(of[one], two)
				in[two]++
			}
		}
	}
	only := map[int]int{}
	for one, found := range of {
		if len(found) == 1 && in[found[0]] == 1 {
			only[one] = found[0]
		}
	}
	return only
}

// indexOf finds the last entry of a merged list with the key of an entry, or equal to it; -1: there is none.
func (m mergedLists) indexOf(path string, list []any, entry any) int {
	for at, one := range slices.Backward(list) {
		if key := m[path]; key == "" && reflect.DeepEqual(one, entry) || key != "" && nameOf(one, key) == nameOf(entry, key) {
			return at
		}
	}
	return -1
}
