package manifest

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// SafeForJavaScript turns numbers that a double cannot hold into strings.
func SafeForJavaScript(value any) any {
	safe, _ := safeNumbers(value)
	return safe
}

// safeNumbers is SafeForJavaScript, and returns the paths of the numbers that are strings now.
func safeNumbers(value any) (any, [][]string) {
	var found [][]string
	var visit func(value any, path []string) any
	visit = func(value any, path []string) any {
		switch typed := value.(type) {
		case map[string]any:
			for key, below := range typed {
				typed[key] = visit(below, append(path, key))
			}
		case []any:
			for index, below := range typed {
				typed[index] = visit(below, append(path, strconv.Itoa(index)))
			}
		case json.Number:
			if beyondJavaScript(typed) {
				found = append(found, slices.Clone(path))
				return typed.String()
			}
		}
		return value
	}
	safe := visit(value, nil)
	slices.SortFunc(found, func(a, b []string) int { return slices.Compare(a, b) })
	return safe, found
}

// beyondJavaScript tells whether a double would represent a different number than the digits, or none. Digits that
// JavaScript writes as it read them, such as 0.1, are safe.
func beyondJavaScript(number json.Number) bool {
	const exact = 1 << 53
	if whole, err := number.Int64(); err == nil {
		return whole > exact || whole < -exact
	}
	float, err := number.Float64()
	if err != nil {
		return true
	}
	digits, exponent := significance(number.String())
	shortest, shortestExponent := significance(strconv.FormatFloat(float, 'e', -1, 64))
	return digits != shortest || (digits != "" && exponent != shortestExponent)
}

// significance returns the digits of a JSON number without surrounding zeros, and the power of ten of the first one.
func significance(number string) (digits string, exponent int) {
	mantissa, power, _ := strings.Cut(strings.ToLower(strings.TrimPrefix(number, "-")), "e")
	exponent, _ = strconv.Atoi(power)
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits = strings.TrimLeft(whole+fraction, "0")
	exponent += len(whole) - (len(whole) + len(fraction) - len(digits)) - 1
	return strings.TrimRight(digits, "0"), exponent
}

// restoreNumbers undoes SafeForJavaScript in an object that came back changed: a string in the place where the original
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
