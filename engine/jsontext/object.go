package jsontext

// Object is values that encoding/json writes as part of something else; nil is what a nil map is.
type Object map[string]any

// MarshalJSON is part of json.Marshaler.
func (o Object) MarshalJSON() ([]byte, error) {
	return Marshal(map[string]any(o))
}
