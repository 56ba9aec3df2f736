package action

import (
	"testing"

	"walm.io/engine/chart/charttest"
)

// kindOfWorkload is a document of a kind in apps/v1 with further fields of its spec and of its container.
func kindOfWorkload(kind, spec, container string) string {
	return "apiVersion: apps/v1\nkind: " + kind + "\nmetadata: {name: one}\nspec:\n  selector: {matchLabels: {app: one}}\n" + spec +
		"\n  template:\n    metadata: {labels: {app: one}}\n    spec: {containers: [{name: first, image: nginx}, {name: main, image: nginx" + container + "}]}\n"
}

func podVolume(source string) string {
	return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: one}\nspec:\n  selector: {matchLabels: {app: one}}\n" +
		"  template:\n    metadata: {labels: {app: one}}\n    spec: {containers: [{name: main, image: nginx}], volumes: [{name: v, " + source + "}]}\n"
}

func service(spec string) string {
	return "apiVersion: v1\nkind: Service\nmetadata: {name: one}\nspec: {" + spec + "}\n"
}

// TestWhatTheClusterFilledInGivesWay goes from one document to another, and back: the cluster has added to each of them what
// the other one excludes. The dry run says the same as the change.
func TestWhatTheClusterFilledInGivesWay(t *testing.T) {
	http := ", livenessProbe: {httpGet: {path: /, port: 80}}"
	for name, documents := range map[string][2]string{
		"strategy":           {kindOfWorkload("Deployment", "", ""), kindOfWorkload("Deployment", "  strategy: {type: Recreate}", "")},
		"rolling strategy":   {kindOfWorkload("Deployment", "  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 3}}", ""), kindOfWorkload("Deployment", "  strategy: {type: Recreate}", "")},
		"StatefulSet":        {kindOfWorkload("StatefulSet", "", ""), kindOfWorkload("StatefulSet", "  updateStrategy: {type: OnDelete}", "")},
		"DaemonSet":          {kindOfWorkload("DaemonSet", "", ""), kindOfWorkload("DaemonSet", "  updateStrategy: {type: OnDelete}", "")},
		"exec probe":         {kindOfWorkload("Deployment", "", http), kindOfWorkload("Deployment", "", ", livenessProbe: {exec: {command: [ls]}}")},
		"grpc probe":         {kindOfWorkload("Deployment", "", http), kindOfWorkload("Deployment", "", ", livenessProbe: {grpc: {port: 1}}")},
		"no probe":           {kindOfWorkload("Deployment", "", http), kindOfWorkload("Deployment", "", "")},
		"lifecycle":          {kindOfWorkload("Deployment", "", ", lifecycle: {preStop: {httpGet: {port: 80}}}"), kindOfWorkload("Deployment", "", ", lifecycle: {preStop: {exec: {command: [ls]}}}")},
		"volume":             {podVolume("configMap: {name: c}"), podVolume("secret: {secretName: s}")},
		"empty volume":       {podVolume("emptyDir: {}"), podVolume("hostPath: {path: /x}")},
		"affinity of client": {service("sessionAffinity: ClientIP, ports: [{port: 80}]"), service("sessionAffinity: None, ports: [{port: 80}]")},
		"affinity":           {service("sessionAffinity: ClientIP, ports: [{port: 80}]"), service("ports: [{port: 80}]")},
		"external name":      {service("ports: [{port: 80}]"), service("type: ExternalName, externalName: a.test")},
		"node port":          {service("type: NodePort, ports: [{port: 80}]"), service("type: ClusterIP, ports: [{port: 80}]")},
		"local traffic":      {service("type: LoadBalancer, externalTrafficPolicy: Local, ports: [{port: 80}]"), service("type: ClusterIP, ports: [{port: 80}]")},
		"scaler": {
			"apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: one}\nspec: {maxReplicas: 2, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}}\n",
			"apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: one}\nspec: {maxReplicas: 2, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}, behavior: {scaleDown: {selectPolicy: Disabled}}, " +
				"metrics: [{type: Resource, resource: {name: memory, target: {type: AverageValue, averageValue: 1Gi}}}]}\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			services := testServices(t, charttest.Charts{"0": charttest.Files(map[string]string{"one.yaml": documents[0]}), "1": charttest.Files(map[string]string{"one.yaml": documents[1]})})
			request := installation(newNamespace(t, services), "rel", "0")
			if _, err := services.Install(t.Context(), request, nil); err != nil {
				t.Fatal(err)
			}
			for _, chart := range []string{"1", "0", "1"} {
				upgrading := UpgradeRequest{InstallRequest: request}
				upgrading.Chart = chart
				judged := RenderRequest{Target: request.Target, Content: upgrading.Content, IsUpgrade: true, Validate: true}
				if _, err := services.Render(t.Context(), judged, nil); err != nil {
					t.Errorf("the dry run of chart %s: %v", chart, err)
				}
				if _, err := services.Upgrade(t.Context(), upgrading, nil); err != nil {
					t.Errorf("chart %s: %v", chart, err)
				}
			}
		})
	}
}
