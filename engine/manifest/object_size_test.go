package manifest

import (
	"strings"
	"testing"

	"walm.io/engine/problem"
	"walm.io/engine/problem/problemtest"
)

func TestAnObjectThatNoClusterKeepsIsNamed(t *testing.T) {
	small := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: small}\n"
	large := "apiVersion: apiextensions.transwarp.io/v1beta1\nkind: ReleaseConfig\nmetadata: {name: web, namespace: shop}\nspec: {note: " +
		strings.Repeat("x", maxObjectBytes) + "}\n"
	if err := CheckObjectSizes(small + "---\n" + small); err != nil {
		t.Error(err)
	}
	if err := CheckObjectSizes(strings.Repeat(small+"---\n", maxObjectBytes/len(small)+1)); err != nil {
		t.Errorf("many small ones: %v", err)
	}
	refused := problemtest.Want(t, CheckObjectSizes(small+"---\n"+large), problem.ReleaseTooLarge)
	if refused.Object == nil || refused.Object.Kind != "ReleaseConfig" || refused.Object.Name != "web" || !strings.Contains(refused.Error(), "values of the request") {
		t.Errorf("it is not named, or what helps is not said: %+v", refused)
	}
}
