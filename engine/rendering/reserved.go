package rendering

import (
	"walm.io/engine/client"
	"walm.io/engine/manifest"
)

// CheckReserved refuses objects in the server's own namespace, including hooks, before anything is written. Unparsable
// documents are left for Helm to refuse. Error: NAMESPACE_RESERVED.
func (h *Host) CheckReserved(documents []manifest.Document) error {
	reserved := h.Cluster.Reserved()
	if reserved == "" {
		return nil
	}
	for _, document := range documents {
		isItself := document.Kind == "Namespace" && document.Name == reserved
		if document.Namespace == reserved || isItself {
			return client.ReservedProblem(reserved).About(document.Ref())
		}
	}
	return nil
}
