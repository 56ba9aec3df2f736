package chart

import (
	"bytes"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"

	"walm.io/engine/problem"
)

// guardedYAML are the files that Helm or the server parse when a chart is loaded.
var guardedYAML = map[string]bool{
	"Chart.yaml": true, "values.yaml": true, "requirements.yaml": true,
	"Chart.lock": true, "requirements.lock": true, "metainfo.yaml": true,
}

func isGuardedYAML(name string) bool { return guardedYAML[path.Base(name)] }

// CheckYAML refuses documents that would cost far more than their size: expanding aliases, also through merge keys,
// aliases that contain themselves, excessive nesting. A document that does not parse here passes, since parsers differ:
// Helm's own parser decides about syntax.
func CheckYAML(label string, data []byte, limits Limits) error {
	if Separators(data) > limits.YAMLNodes {
		return yamlTooLarge(label, limits)
	}
	if nestsBeyondParsing(data) {
		return yamlTooDeep(label, limits)
	}
	documents := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var document yaml.Node
		err := documents.Decode(&document)
		if err != nil && strings.Contains(err.Error(), "exceeded max depth") {
			return yamlTooDeep(label, limits)
		}
		if err != nil {
			return nil
		}
		expansion := yamlExpansion{limits: limits, label: label, measured: map[*yaml.Node]measure{}}
		if _, err := expansion.measure(&document); err != nil {
			return err
		}
	}
}

// parserDepth is the maximum nesting for any parser in use.
const parserDepth = 10_000

// nestsBeyondParsing detects in one pass, without parsing, what no parser would accept: more open brackets, or more
// block indicators in one line, than that. Brackets inside strings count, too, but no string has as many.
func nestsBeyondParsing(data []byte) bool {
	open, inLine := 0, 0
	for at, char := range data {
		switch char {
		case '[', '{':
			open++
		case ']', '}':
			open = max(0, open-1)
		case '\n':
			inLine = 0
		case '-', '?':
			if at+1 < len(data) && data[at+1] == ' ' {
				inLine++
			}
		}
		if open > parserDepth || inLine > parserDepth {
			return true
		}
	}
	return false
}

func yamlTooDeep(label string, limits Limits) error {
	return problem.New(problem.ChartYAMLInvalid, "%s is nested deeper than %d levels", label, limits.YAMLDepth)
}

// Separators is an upper bound of the number of nodes, found without allocating: every node but the first is introduced
// by one of these bytes.
func Separators[T string | []byte](data T) int {
	count := 0
	for at := range len(data) {
		switch data[at] {
		case '\n', ',', ':', '[', '{', '-', '?':
			count++
		}
	}
	return count
}

// measure is the size of a node once every alias is replaced by its anchor.
type measure struct{ nodes, height int }

type yamlExpansion struct {
	limits Limits
	label  string
	// measured remembers anchored nodes, so a bomb costs no more than its text; zero while being measured.
	measured map[*yaml.Node]measure
}

func (e *yamlExpansion) measure(node *yaml.Node) (measure, error) {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if known, seen := e.measured[node]; seen {
		if known.nodes == 0 {
			return measure{}, problem.New(problem.ChartYAMLInvalid, "%s has an anchor at line %d that contains itself", e.label, node.Line)
		}
		return known, nil
	}
	if node.Anchor != "" {
		e.measured[node] = measure{}
	}
	total := measure{nodes: 1, height: 1}
	for _, child := range node.Content {
		inner, err := e.measure(child)
		if err != nil {
			return measure{}, err
		}
		total.nodes += inner.nodes
		total.height = max(total.height, inner.height+1)
		if total.nodes > e.limits.YAMLNodes {
			return measure{}, yamlTooLarge(e.label, e.limits)
		}
		if total.height > e.limits.YAMLDepth {
			return measure{}, problem.New(problem.ChartYAMLInvalid, "%s is nested deeper than %d levels at line %d", e.label, e.limits.YAMLDepth, node.Line)
		}
	}
	if node.Anchor != "" {
		e.measured[node] = total
	}
	return total, nil
}

func yamlTooLarge(label string, limits Limits) error {
	return problem.New(problem.ChartYAMLInvalid, "%s expands to more than %d YAML nodes", label, limits.YAMLNodes)
}
