package renderer

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"

	"k8s.io/client-go/rest"

	"walm.io/engine/problem"
	"walm.io/engine/refusal"
	"walm.io/engine/worker"
)

// lookupBytes is the largest response of the API server that a template gets.
const lookupBytes = 16 << 20

// lookups reads the cluster for the templates of one chart, with the clients of its operation: as the caller.
type lookups struct {
	ctx    context.Context
	config func() (*rest.Config, error)
	client *http.Client
	server *url.URL
	// reserved is the server's own namespace, which must not be read; empty if there is none.
	reserved string
}

// AnswerLookups reads the cluster with the clients of an operation, for the templates of one chart, until the context
// ends. `reserved` is the server's own namespace, empty if there is none.
func AnswerLookups(ctx context.Context, config func() (*rest.Config, error), reserved string) worker.Reply {
	return (&lookups{ctx: ctx, config: config, reserved: reserved}).reply
}

// reply answers a worker. The question comes from a process that a chart may have taken over: it may read what the
// caller may read, and nothing else.
func (l *lookups) reply(question []byte) any {
	answer, err := l.read(question)
	if err == nil {
		return answer
	}
	if known := refusal.OfCluster(err); known != nil {
		return lookupAnswer{Problem: known}
	}
	if known, found := problem.From(err); found {
		return lookupAnswer{Problem: known}
	}
	return lookupAnswer{Problem: problem.New(problem.TemplateFailed, "a lookup failed: %s", err)}
}

func (l *lookups) read(text []byte) (lookupAnswer, error) {
	var question lookupQuestion
	if err := json.Unmarshal(text, &question); err != nil {
		return lookupAnswer{}, err
	}
	address, err := l.addressOf(question.URI)
	if err != nil {
		return lookupAnswer{}, err
	}
	response, err := l.get(address, question.Accept)
	if err != nil {
		return lookupAnswer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, lookupBytes+1))
	if err != nil {
		return lookupAnswer{}, err
	}
	if len(body) > lookupBytes {
		return lookupAnswer{}, problem.New(problem.TemplateFailed,
			"a lookup found more than %d MiB: look up single objects", lookupBytes>>20)
	}
	return lookupAnswer{Status: response.StatusCode, Type: response.Header.Get("Content-Type"), Body: body}, nil
}

// get sends one request. A list of all namespaces omits the reserved one.
func (l *lookups) get(address *url.URL, accept string) (*http.Response, error) {
	if l.reserved != "" && isListOfAll(address.Path, l.server.Path) {
		narrowed := *address
		narrowed.RawQuery = url.Values{"fieldSelector": {"metadata.namespace!=" + l.reserved}}.Encode()
		response, err := l.send(&narrowed, accept)
		if err != nil || response.StatusCode != http.StatusBadRequest {
			return response, err
		}
		// Cluster-scoped objects cannot be selected by namespace.
		_ = response.Body.Close()
	}
	return l.send(address, accept)
}

func (l *lookups) send(address *url.URL, accept string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(l.ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", accept)
	return l.client.Do(request)
}

// isListOfAll distinguishes the list of a kind in the whole cluster from objects, lists of a namespace, and lists of
// kinds. Lists of Secrets are always narrowed by the transport.
func isListOfAll(path, base string) bool {
	parts := strings.Split(strings.TrimPrefix(strings.TrimPrefix(path, strings.TrimSuffix(base, "/")), "/"), "/")
	return len(parts) == map[string]int{"api": 3, "apis": 4}[parts[0]] && !strings.HasSuffix(path, "/api/v1/secrets")
}

// addressOf is the address of an object, a list of objects, or a list of kinds; lookup reads nothing else.
func (l *lookups) addressOf(uri string) (*url.URL, error) {
	if err := l.connect(); err != nil {
		return nil, err
	}
	wanted, err := url.ParseRequestURI(uri)
	if err != nil || wanted.Host != "" || path.Clean(wanted.Path) != wanted.Path || !isLookup(wanted) {
		return nil, errors.New("this is not what lookup reads")
	}
	address := *l.server
	address.Path = path.Join("/", l.server.Path, wanted.Path)
	return &address, nil
}

// isLookup distinguishes kinds, lists and objects from logs, proxies, watches and everything else that can be read.
func isLookup(wanted *url.URL) bool {
	for name := range wanted.Query() {
		// Sent for kinds, and ignored: the limit for rendering applies.
		if name != "timeout" {
			return false
		}
	}
	parts := strings.Split(strings.TrimPrefix(wanted.Path, "/"), "/")
	version := map[string]int{"api": 2, "apis": 3}[parts[0]]
	if version == 0 || len(parts) < version {
		return false
	}
	below := parts[version:]
	return len(below) <= 2 || (below[0] == "namespaces" && len(below) <= 4)
}

// connect creates the client at the first lookup: most charts make none.
func (l *lookups) connect() error {
	if l.client != nil {
		return nil
	}
	config, err := l.config()
	if err != nil {
		return err
	}
	if l.server, _, err = rest.DefaultServerUrlFor(config); err != nil {
		return err
	}
	l.client, err = rest.HTTPClientFor(config)
	if err != nil {
		return err
	}
	// The API server does not redirect.
	l.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return nil
}
