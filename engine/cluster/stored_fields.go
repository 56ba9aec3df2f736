package cluster

import "reflect"

// asStored returns a document in which each field that the change does not affect (`before`) has its live value: fields
// that others set, or that were stored differently than sent, are then neither in conflict nor changed.
func asStored(before, now, live map[string]any) map[string]any {
	stored := map[string]any{}
	for key, value := range now {
		was, known := before[key]
		has, exists := live[key]
		switch {
		case known && reflect.DeepEqual(was, value):
			if kept, keep := shapedLike(value, has, exists); keep {
				stored[key] = kept
			}
		case exists:
			stored[key] = mergedField(was, value, has)
		default:
			stored[key] = value
		}
	}
	return stored
}

// mergedField merges a changed field: a map or a list of named entries keeps its unchanged parts.
func mergedField(before, now, live any) any {
	if fields, ok := now.(map[string]any); ok {
		was, _ := before.(map[string]any)
		has, _ := live.(map[string]any)
		return asStored(was, fields, has)
	}
	entries, named := namedEntries(now)
	if !named {
		return now
	}
	was, _ := namedEntries(before)
	has, _ := namedEntries(live)
	merged := []any{}
	for _, entry := range now.([]any) {
		name := entry.(map[string]any)["name"].(string)
		merged = append(merged, asStored(was[name], entries[name], has[name]))
	}
	return merged
}

// shapedLike returns the live value of an unchanged field, without what others added to it; false: it is gone.
func shapedLike(value, live any, exists bool) (any, bool) {
	if !exists {
		return nil, false
	}
	if fields, ok := value.(map[string]any); ok && len(fields) > 0 {
		has, ok := live.(map[string]any)
		if !ok {
			return live, true
		}
		return asStored(fields, fields, has), true
	}
	entries, named := namedEntries(value)
	has, liveNamed := namedEntries(live)
	if !named || !liveNamed {
		return live, true
	}
	kept := []any{}
	for _, entry := range value.([]any) {
		name := entry.(map[string]any)["name"].(string)
		if one, there := has[name]; there {
			kept = append(kept, asStored(entries[name], entries[name], one))
		}
	}
	return kept, true
}

// namedEntries returns the entries of a list by their names; false if one has no name, or a name is not unique.
func namedEntries(value any) (map[string]map[string]any, bool) {
	list, ok := value.([]any)
	if !ok || len(list) == 0 {
		return nil, false
	}
	entries := make(map[string]map[string]any, len(list))
	for _, entry := range list {
		fields, _ := entry.(map[string]any)
		name, ok := fields["name"].(string)
		if _, twice := entries[name]; !ok || twice {
			return nil, false
		}
		entries[name] = fields
	}
	return entries, true
}

// attempt is the desired state of an object in a failed revision, which may have reached it.
type attempt struct {
	document, live map[string]any
	// isOwned tells that the cluster tracks the owners of fields: a value that differs from the attempt's was then set
	// by another manager.
	isOwned bool
}

// agreed returns the fields of the applied document that an attempt did not change.
func (a attempt) agreed(applied map[string]any) map[string]any {
	same := map[string]any{}
	for key, value := range applied {
		has, exists := a.live[key]
		if common, ok := a.agreedField(value, a.document[key], has, exists); ok {
			same[key] = common
		}
	}
	return same
}

func (a attempt) agreedField(applied, meant, live any, exists bool) (any, bool) {
	if reflect.DeepEqual(applied, meant) {
		return applied, true
	}
	fields, ok := applied.(map[string]any)
	others, same := meant.(map[string]any)
	if ok && same {
		has, _ := live.(map[string]any)
		return attempt{others, has, a.isOwned}.agreed(fields), true
	}
	entries, named := namedEntries(applied)
	theirs, both := namedEntries(meant)
	if !named || !both {
		return applied, a.isOwned && exists && !reflect.DeepEqual(live, meant)
	}
	has, _ := namedEntries(live)
	common := []any{}
	for _, entry := range applied.([]any) {
		name := entry.(map[string]any)["name"].(string)
		if theirs[name] != nil {
			common = append(common, attempt{theirs[name], has[name], a.isOwned}.agreed(entries[name]))
		}
	}
	return common, true
}
