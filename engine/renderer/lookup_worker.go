package renderer

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"k8s.io/client-go/rest"

	"walm.io/engine/problem"
	"walm.io/engine/worker"
)

// lookupQuestion is one read of the cluster that a template requests from the engine, because a render worker has no
// network.
type lookupQuestion struct {
	// URI is the path and query of the API server.
	URI    string `json:"uri"`
	Accept string `json:"accept"`
}

// lookupAnswer is the API server's response, or why there is none.
type lookupAnswer struct {
	Status  int              `json:"status,omitempty"`
	Type    string           `json:"type,omitempty"`
	Body    []byte           `json:"body,omitempty"`
	Problem *problem.Problem `json:"problem,omitempty"`
}

// askedReads is the transport of a worker's clients: each request becomes a question to the engine.
type askedReads struct {
	ask worker.Ask
	// refused is the first read that the engine refused. Helm's error about it would no longer be a problem.
	refused *problem.Problem
}

// config makes Helm's lookup use the questions.
func (a *askedReads) config() *rest.Config {
	return &rest.Config{Host: "http://cluster.invalid", Transport: a, QPS: -1, WarningHandler: rest.NoWarnings{}}
}

// RoundTrip is part of http.RoundTripper.
func (a *askedReads) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Method != http.MethodGet {
		return nil, errors.New("templates only read the cluster")
	}
	var answer lookupAnswer
	question := lookupQuestion{URI: request.URL.RequestURI(), Accept: request.Header.Get("Accept")}
	if err := a.ask(question, &answer); err != nil {
		return nil, err
	}
	if answer.Problem != nil {
		if a.refused == nil {
			a.refused = answer.Problem
		}
		return nil, answer.Problem
	}
	return &http.Response{
		StatusCode: answer.Status, Status: http.StatusText(answer.Status), Request: request,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {answer.Type}}, ContentLength: int64(len(answer.Body)),
		Body: io.NopCloser(bytes.NewReader(answer.Body)),
	}, nil
}
