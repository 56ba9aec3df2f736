package client

import (
	"slices"
	"testing"

	helmaction "helm.sh/helm/v4/pkg/action"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	fakediscovery "k8s.io/client-go/discovery/fake"
	clienttesting "k8s.io/client-go/testing"
)

func TestChartsSeeTheAPIVersionsThatHelmShows(t *testing.T) {
	cluster := &fakediscovery.FakeDiscovery{Fake: &clienttesting.Fake{Resources: []*metav1.APIResourceList{
		{GroupVersion: "v1", APIResources: []metav1.APIResource{{Name: "pods", Kind: "Pod"}, {Name: "pods/log", Kind: "Pod"}, {Name: "services", Kind: "Service"}}},
		{GroupVersion: "apps/v1", APIResources: []metav1.APIResource{{Name: "deployments", Kind: "Deployment"}}},
		{GroupVersion: "walm.test/v1beta1", APIResources: []metav1.APIResource{{Name: "widgets", Kind: "Widget"}}},
	}}}
	groups, lists, err := cluster.ServerGroupsAndResources()
	if err != nil {
		t.Fatal(err)
	}
	helms, err := helmaction.GetVersionSet(cluster)
	if err != nil {
		t.Fatal(err)
	}
	ours := apiVersions(groups, lists)
	slices.Sort(helms)
	if len(ours) < 6 || !slices.Equal(ours, helms) {
		t.Errorf("ours are %v, Helm's %v", ours, helms)
	}
}
