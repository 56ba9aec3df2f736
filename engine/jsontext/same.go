package jsontext

import (
	"bytes"
	"encoding/json"
)

// Same tells whether two values have the same JSON text; false if one cannot be written.
func Same(a, b any) bool {
	switch first := a.(type) {
	case map[string]any:
		second, ok := b.(map[string]any)
		if !ok || len(first) != len(second) || (first == nil) != (second == nil) {
			return false
		}
		for key, below := range first {
			if other, found := second[key]; !found || !Same(below, other) {
				return false
			}
		}
		return true
	case []any:
		second, ok := b.([]any)
		if !ok || len(first) != len(second) || (first == nil) != (second == nil) {
			return false
		}
		for at, below := range first {
			if !Same(below, second[at]) {
				return false
			}
		}
		return true
	case string:
		if second, ok := b.(string); ok && first == second {
			return true
		}
	case bool:
		if second, ok := b.(bool); ok {
			return first == second
		}
	}
	left, leftErr := json.Marshal(a)
	right, rightErr := json.Marshal(b)
	return leftErr == nil && rightErr == nil && bytes.Equal(left, right)
}
