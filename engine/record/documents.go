package record

import (
	"fmt"
	"strings"

	"sigs.k8s.io/yaml"

	"walm.io/engine/chart"
)

// documentCounter adds up the contents of the manifest and the hooks of one record.
type documentCounter struct {
	limits    Limits
	documents int
	objects   int
	nodes     int
}

// add counts the documents of one text, before any of them is parsed as YAML.
func (c *documentCounter) add(text string) error {
	for len(text) > 0 {
		document, rest := cutDocument(text)
		if err := c.addDocument(document); err != nil {
			return err
		}
		text = rest
	}
	return nil
}

// cutDocument returns the text up to the next line that begins with Helm's separator, and the rest.
func cutDocument(text string) (document, rest string) {
	const mark = "---"
	if rest, cut := strings.CutPrefix(text, mark); cut {
		text = rest
	}
	if document, rest, found := strings.Cut(text, "\n"+mark); found {
		return document, rest
	}
	return text, ""
}

func (c *documentCounter) addDocument(text string) error {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if c.documents++; c.documents > c.limits.Documents {
		return fmt.Errorf("it holds more than %d documents", c.limits.Documents)
	}
	if len(text) > c.limits.DocumentBytes {
		return fmt.Errorf("one of its documents is larger than %d KiB", c.limits.DocumentBytes>>10)
	}
	if c.nodes += chart.Separators(text); c.nodes > c.limits.DocumentNodes {
		return fmt.Errorf("its documents hold more than %d values", c.limits.DocumentNodes)
	}
	if err := c.checkAliases(text); err != nil {
		return err
	}
	if c.objects += c.objectsIn(text); c.objects > c.limits.Documents {
		return fmt.Errorf("it holds more than %d objects", c.limits.Documents)
	}
	return nil
}

// checkAliases refuses aliases that expand, or contain themselves. Without an anchor and an alias there is nothing to
// expand.
func (c *documentCounter) checkAliases(text string) error {
	if !strings.Contains(text, "&") || !strings.Contains(text, "*") {
		return nil
	}
	limits := chart.DefaultLimits()
	limits.YAMLNodes, limits.YAMLDepth = c.limits.Nodes, c.limits.ObjectDepth
	return chart.CheckYAML("one of its documents", []byte(text), limits)
}

// objectsIn is the number of objects in a document: the items of a list, including nested lists, otherwise one.
func (c *documentCounter) objectsIn(text string) int {
	// The name may be written with escapes.
	if !strings.Contains(text, "items") && !strings.Contains(text, `\`) {
		return 1
	}
	var object map[string]any
	if yaml.Unmarshal([]byte(text), &object) != nil {
		return 1
	}
	return listed(object)
}

func listed(value any) int {
	object, _ := value.(map[string]any)
	items, list := object["items"].([]any)
	if !list {
		return 1
	}
	count := 1
	for _, item := range items {
		count += listed(item)
	}
	return count
}
