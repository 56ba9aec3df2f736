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

// Recreation is a value of `recreate` that an upgrade can be sent with, and what it costs.
type Recreation struct {
	Recreate string `json:"recreate"`
	Cost     string `json:"cost"`
}

// WithRecreation says in a refusal for an immutable field what `recreate` would do about it, and what that costs, in the message
// and as `details.recreate`, which is empty for kinds that are never recreated. Other refusals, and those of operations that recreate nothing, are returned as they are.
func (c *Client) WithRecreation(refused *problem.Problem) *problem.Problem {
	if !c.MayRecreate || refused.Code != problem.FieldImmutable || refused.Object == nil || refused.Details["recreate"] != nil {
		return refused
	}
	kind := refused.Object.Kind
	ways := recreationsOf(kind, refused.Field)
	advised := refused.With("recreate", ways)
	if !strings.Contains(refused.Message, "recreate=") {
		advised.Message += ": " + c.recreationAdvice(kind, ways)
	}
	return advised
}

func recreationsOf(kind, field string) []Recreation {
	ways := []Recreation{}
	if slices.Contains(recreatable[recreateDelete], kind) {
		ways = append(ways, Recreation{recreateDelete, costOf(kind)})
	}
	if slices.Contains(recreatable[recreateOrphan], kind) && !strings.Contains(field, "selector") {
		ways = append(ways, Recreation{recreateOrphan, "its pods and claims stay, and the new " + kind + " takes them over"})
	}
	return ways
}

func costOf(kind string) string {
	if cost, known := recreationCosts[kind]; known {
		return cost
	}
	return "it is missing for a moment"
}

func (c *Client) recreationAdvice(kind string, ways []Recreation) string {
	if len(ways) == 0 {
		return "leave it as it was, or replace the object yourself: recreate does not touch a " + kind
	}
	advice := "leave it as it was, or send recreate=delete, which deletes the " + kind + " and creates it again: " + costOf(kind)
	if len(ways) > 1 {
		return advice + "; recreate=orphan replaces only the " + kind + " and leaves its pods and claims, which the new one takes over"
	}
	if c.Recreate == recreateOrphan && !slices.Contains(recreatable[recreateOrphan], kind) {
		advice += " (recreate=orphan is for StatefulSets only)"
	}
	return advice
}
