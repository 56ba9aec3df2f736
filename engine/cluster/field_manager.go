package cluster

import (
	"helm.sh/helm/v4/pkg/kube"
)

// FieldManager owns the fields that Helm applies. It is the helm command's, so that Walm and the command can be used
// alternately on a release without conflicts.
const FieldManager = "helm"

func init() {
	kube.ManagedFieldsManager = FieldManager
}
