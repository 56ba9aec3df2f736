package kwok

import (
	"sigs.k8s.io/kwok/pkg/apis/internalversion"
)

func all(expressions ...internalversion.MatchExpression) []internalversion.MatchExpression {
	return expressions
}

func in(jq string, values ...string) internalversion.MatchExpression {
	return match(jq, internalversion.SelectorOpIn, values)
}

func notIn(jq string, values ...string) internalversion.MatchExpression {
	return match(jq, internalversion.SelectorOpNotIn, values)
}

func exists(jq string) internalversion.MatchExpression {
	return match(jq, internalversion.SelectorOpExists, nil)
}

func absent(jq string) internalversion.MatchExpression {
	return match(jq, internalversion.SelectorOpDoesNotExist, nil)
}

func match(jq string, operator internalversion.SelectorOperator, values []string) internalversion.MatchExpression {
	return internalversion.MatchExpression{JQ: &internalversion.SelectorJQ{Key: jq, Operator: operator, Values: values}}
}

// after waits for the duration that the jq expression finds, and for the given milliseconds when it finds
// none or nothing that is a duration.
func after(milliseconds int64, jq string) *internalversion.StageDelay {
	delay := &internalversion.StageDelay{DurationMilliseconds: new(milliseconds)}
	if jq != "" {
		delay.DurationFrom = &internalversion.ExpressionFrom{JQ: &internalversion.ExpressionJQ{Expression: jq}}
	}
	return delay
}

func annotationDuration(annotation string) string {
	return `.metadata.annotations["` + annotation + `"]`
}

func warning(reason, message string) *internalversion.StageEvent {
	return &internalversion.StageEvent{Type: "Warning", Reason: reason, Message: message}
}
