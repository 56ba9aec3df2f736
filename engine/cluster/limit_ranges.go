package cluster

import (
	"fmt"

	"helm.sh/helm/v4/pkg/kube"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"walm.io/engine/refusal"
)

// beyondOwnLimits adds the refusals of pods that a LimitRange of the same change would refuse: it is there before them when
// the change is made, and is not when the cluster judges them one by one. Pods that are there already, and those that
// controllers make later, are not judged.
func (c *Client) beyondOwnLimits(list kube.ResourceList, documents []map[string]any, failures []error) {
	limits := map[string][]corev1.LimitRangeItem{}
	for index, info := range list {
		var limited corev1.LimitRange
		if info.Mapping.GroupVersionKind.GroupKind() == (schema.GroupKind{Kind: "LimitRange"}) && typed(documents[index], &limited) {
			limits[info.Namespace] = append(limits[info.Namespace], limited.Spec.Limits...)
		}
	}
	if len(limits) == 0 {
		return
	}
	for index, info := range list {
		var pod corev1.Pod
		if failures[index] != nil || info.Mapping.GroupVersionKind.GroupKind() != (schema.GroupKind{Kind: "Pod"}) || !typed(documents[index], &pod) {
			continue
		}
		if why := beyond(limits[info.Namespace], &pod); why != "" && c.readLive(info)() == nil {
			failures[index] = &refusal.ObjectError{Object: RefOf(info), Cause: apierrors.NewForbidden(
				schema.GroupResource{Resource: "pods"}, info.Name, fmt.Errorf("%s, as a LimitRange of this chart says", why),
			)}
		}
	}
}

func typed(document map[string]any, into any) bool {
	return runtime.DefaultUnstructuredConverter.FromUnstructured(document, into) == nil
}

// beyond says which limit a pod is beyond, in the API server's words; "" for none.
func beyond(limits []corev1.LimitRangeItem, pod *corev1.Pod) string {
	containers := append(append([]corev1.Container{}, pod.Spec.InitContainers...), pod.Spec.Containers...)
	for _, limit := range limits {
		switch limit.Type {
		case corev1.LimitTypeContainer:
			for _, container := range containers {
				if why := outside(limit, amounts(container, limits)); why != "" {
					return why
				}
			}
		case corev1.LimitTypePod:
			sum := corev1.ResourceRequirements{Requests: corev1.ResourceList{}, Limits: corev1.ResourceList{}}
			for _, container := range pod.Spec.Containers {
				of := amounts(container, limits)
				add(sum.Requests, of.Requests)
				add(sum.Limits, of.Limits)
			}
			if why := outside(limit, sum); why != "" {
				return why
			}
		}
	}
	return ""
}

// amounts are the resources of a container with the defaults of the limits, and a limit for a missing request.
func amounts(container corev1.Container, limits []corev1.LimitRangeItem) corev1.ResourceRequirements {
	found := corev1.ResourceRequirements{Requests: corev1.ResourceList{}, Limits: corev1.ResourceList{}}
	fill(found.Limits, container.Resources.Limits)
	fill(found.Requests, container.Resources.Requests)
	fill(found.Requests, container.Resources.Limits)
	for _, limit := range limits {
		if limit.Type != corev1.LimitTypeContainer {
			continue
		}
		fill(found.Limits, limit.Default)
		fill(found.Limits, limit.Max)
		for _, defaults := range []corev1.ResourceList{limit.DefaultRequest, limit.Default, limit.Max, limit.Min} {
			fill(found.Requests, defaults)
		}
	}
	return found
}

// fill adds what is missing.
func fill(amounts, more corev1.ResourceList) {
	for name, amount := range more {
		if _, known := amounts[name]; !known {
			amounts[name] = amount
		}
	}
}

func add(sum, more corev1.ResourceList) {
	for name, amount := range more {
		total := sum[name]
		total.Add(amount)
		sum[name] = total
	}
}

func outside(limit corev1.LimitRangeItem, of corev1.ResourceRequirements) string {
	for _, bound := range []struct {
		word   string
		bounds corev1.ResourceList
		sign   int
	}{{"maximum", limit.Max, 1}, {"minimum", limit.Min, -1}} {
		for name, amount := range bound.bounds {
			for _, said := range []struct {
				word    string
				amounts corev1.ResourceList
			}{{"request", of.Requests}, {"limit", of.Limits}} {
				value, known := said.amounts[name]
				if known && value.Cmp(amount) == bound.sign {
					return fmt.Sprintf("%s %s usage per %s is %s, but %s is %s", bound.word, name, limit.Type, amount.String(), said.word, value.String())
				}
			}
		}
	}
	return ""
}
