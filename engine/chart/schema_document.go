package chart

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"walm.io/engine/excerpt"
)

const (
	// maxNumberLength and greatestExponent are beyond every double. The validator computes with exact fractions: a
	// comparison with a number of a million zeros takes longer than a whole real schema.
	maxNumberLength  = 400
	greatestExponent = 400
)

// unmarshalSchema parses a schema document. Error: for numbers that are too expensive to compute with.
func unmarshalSchema(text []byte) (any, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	return document, checkNumbers(document)
}

func checkNumbers(value any) error {
	switch value := value.(type) {
	case map[string]any:
		for _, one := range value {
			if err := checkNumbers(one); err != nil {
				return err
			}
		}
	case []any:
		for _, one := range value {
			if err := checkNumbers(one); err != nil {
				return err
			}
		}
	case json.Number:
		text := value.String()
		_, exponent, _ := strings.Cut(strings.ToLower(text), "e")
		power, err := strconv.Atoi("0" + strings.TrimLeft(exponent, "+-"))
		if len(text) > maxNumberLength || err != nil || power > greatestExponent {
			return fmt.Errorf("it has a number beyond what a double holds: %s", excerpt.Of(text, 40))
		}
	}
	return nil
}

// sizeOf counts the values in a value, including itself, and the bytes of its strings.
func sizeOf(value any) (nodes, bytes int) {
	nodes = 1
	switch value := value.(type) {
	case string:
		bytes = len(value)
	case map[string]any:
		for key, one := range value {
			more, texts := sizeOf(one)
			nodes, bytes = nodes+more, bytes+len(key)+texts
		}
	case []any:
		for _, one := range value {
			more, texts := sizeOf(one)
			nodes, bytes = nodes+more, bytes+texts
		}
	}
	return nodes, bytes
}
