package client

import (
	"net/http"
	"strings"

	"walm.io/engine/problem"
)

// reservation keeps the operations of releases out of the server's own namespace: each request of an operation is
// checked here, whatever a chart, a hook, a record or a plugin names.
type reservation struct {
	// namespace is empty if none is reserved.
	namespace string
	// home is the namespace of the release that the operation changes.
	home string
}

// allSecrets is the list of all Secrets of the cluster, without the server's own.
const allSecrets = "/api/v1/secrets"

// check refuses a request about the reserved namespace or an object in it. Records that a user wrote into it may be
// read, so that they can be reported; nothing else is allowed. Error: NAMESPACE_RESERVED.
func (r reservation) check(request *http.Request) (*http.Request, error) {
	if r.namespace == "" {
		return request, nil
	}
	if r.concerns(request.URL.Path) && (request.Method != http.MethodGet || r.home != r.namespace) {
		return nil, ReservedProblem(r.namespace)
	}
	if request.Method != http.MethodGet || !strings.HasSuffix(request.URL.Path, allSecrets) {
		return request, nil
	}
	narrowed := request.Clone(request.Context())
	query := narrowed.URL.Query()
	others := "metadata.namespace!=" + r.namespace
	if given := query.Get("fieldSelector"); given != "" {
		others = given + "," + others
	}
	query.Set("fieldSelector", others)
	narrowed.URL.RawQuery = query.Encode()
	return narrowed, nil
}

// concerns tells whether a path of the API server is about the namespace or an object in it.
func (r reservation) concerns(path string) bool {
	segments := strings.Split(path, "/")
	for i, segment := range segments[:len(segments)-1] {
		if segment == "namespaces" && segments[i+1] == r.namespace {
			return true
		}
	}
	return false
}

// ReservedProblem is NAMESPACE_RESERVED.
func ReservedProblem(namespace string) *problem.Problem {
	return problem.New(problem.NamespaceReserved,
		"the namespace %s is Walm's own: it cannot contain releases or objects of charts, and templates cannot read it", namespace).
		With("namespace", namespace)
}

// Reserved returns the server's own namespace; empty if there is none.
func (c *Cluster) Reserved() string {
	return c.source.SystemNamespace
}
