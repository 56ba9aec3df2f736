package action

import (
	"bytes"
	"encoding/json"
)

// safeForJavaScript turns integers that a double cannot hold into text.
func safeForJavaScript(value any) any {
	switch typed := value.(type) {
	case map[string]any:
		for key, below := range typed {
			typed[key] = safeForJavaScript(below)
		}
		return typed
	case []any:
		for index, below := range typed {
			typed[index] = safeForJavaScript(below)
		}
		return typed
	case json.Number:
		if beyondJavaScript(typed) {
			return typed.String()
		}
		return typed
	default:
		return value
	}
}

func beyondJavaScript(number json.Number) bool {
	const exact = 1 << 53
	whole, err := number.Int64()
	return err == nil && (whole > exact || whole < -exact)
}

// restoreNumbers undoes safeForJavaScript in an object that came back changed: a text in the place where the original
// has the same digits as a number becomes that number again.
func restoreNumbers[T any](changed T, original any) T {
	restored, _ := restored(changed, original).(T)
	return restored
}

func restored(changed, original any) any {
	switch typed := changed.(type) {
	case map[string]any:
		before, _ := original.(map[string]any)
		for key, below := range typed {
			typed[key] = restored(below, before[key])
		}
	case []any:
		before, _ := original.([]any)
		for index, below := range typed {
			if index < len(before) {
				typed[index] = restored(below, before[index])
			}
		}
	case string:
		if number, ok := original.(json.Number); ok && number.String() == typed && beyondJavaScript(number) {
			return number
		}
	}
	return changed
}

// sameJSON tells whether two values have the same JSON form.
func sameJSON(a, b any) bool {
	left, leftErr := json.Marshal(a)
	right, rightErr := json.Marshal(b)
	return leftErr == nil && rightErr == nil && bytes.Equal(left, right)
}
