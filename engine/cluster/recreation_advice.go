package cluster

import (
	"slices"
	"strings"

	"walm.io/engine/problem"
)

// what the recreation of an object costs, by kind; other kinds are missing for a moment.
var recreationCosts = map[string]string{
	"StatefulSet": "its pods stop and start again",
	"Deployment":  "its pods stop, and the application is not available until new ones run",
	"DaemonSet":   "its pods stop and start again on every node",
	"ReplicaSet":  "its pods stop and start again",
	"Job":         "what it is doing stops, and it runs again",
	"Service":     "it gets other addresses and ports, and connections through it break",
}

// WithRecreation says in a refusal for an immutable field what `recreate` would do about it, and what that costs. Other
// refusals, and those of operations that recreate nothing, are returned as they are.
func (c *Client) WithRecreation(refused *problem.Problem) *problem.Problem {
	if !c.MayRecreate || refused.Code != problem.FieldImmutable || refused.Object == nil || strings.Contains(refused.Message, "recreate=") {
		return refused
	}
	advised := *refused
	advised.Message += ": " + c.recreationAdvice(refused.Object.Kind, refused.Field)
	return &advised
}

func (c *Client) recreationAdvice(kind, field string) string {
	if !slices.Contains(recreatable[recreateDelete], kind) {
		return "leave it as it was, or replace the object yourself: recreate does not touch a " + kind
	}
	cost, known := recreationCosts[kind]
	if !known {
		cost = "it is missing for a moment"
	}
	advice := "leave it as it was, or send recreate=delete, which deletes the " + kind + " and creates it again: " + cost
	if !slices.Contains(recreatable[recreateOrphan], kind) {
		if c.Recreate == recreateOrphan {
			advice += " (recreate=orphan is for StatefulSets only)"
		}
		return advice
	}
	if !strings.Contains(field, "selector") {
		advice += "; recreate=orphan replaces only the " + kind + " and leaves its pods and claims, which the new one takes over"
	}
	return advice
}
