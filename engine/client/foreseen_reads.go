package client

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"sync"
)

// foreseenReads sends expected reads ahead, concurrently: each address is read once, for the code that announced it and
// for the code that reads it later. Reads that are not repeated are dropped with the operation.
type foreseenReads struct {
	mutex sync.Mutex
	reads map[string]*foreseenRead
}

var errUnread = errors.New("the read that was sent ahead did not end")

type foreseenRead struct {
	done     chan struct{}
	begun    bool
	response *http.Response
	body     []byte
	err      error
}

// expect announces that an address will be read twice, soon.
func (f *foreseenReads) expect(address string) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.reads == nil {
		f.reads = map[string]*foreseenRead{}
	}
	f.reads[address] = &foreseenRead{done: make(chan struct{})}
}

// roundTrip answers a read from the one that was sent ahead, or sends it: through `ahead` if it was announced.
func (f *foreseenReads) roundTrip(request *http.Request, send, ahead func() (*http.Response, error)) (*http.Response, error) {
	address := request.URL.String()
	f.mutex.Lock()
	read := f.reads[address]
	if read == nil {
		f.mutex.Unlock()
		return send()
	}
	first := !read.begun
	read.begun = true
	if !first {
		delete(f.reads, address)
	}
	f.mutex.Unlock()
	if first {
		func() {
			// Waiting readers are also released by a panic.
			read.err = errUnread
			defer close(read.done)
			read.carryOut(ahead)
		}()
	}
	select {
	case <-read.done:
		return read.answer(request)
	case <-request.Context().Done():
		return nil, request.Context().Err()
	}
}

func (r *foreseenRead) carryOut(send func() (*http.Response, error)) {
	r.response, r.err = send()
	if r.err != nil {
		return
	}
	body, err := io.ReadAll(r.response.Body)
	r.body, r.err = body, errors.Join(err, r.response.Body.Close())
}

// answer returns a response of its own to each reader.
func (r *foreseenRead) answer(request *http.Request) (*http.Response, error) {
	if r.err != nil {
		return nil, r.err
	}
	response := *r.response
	response.Header = r.response.Header.Clone()
	response.Request = request
	response.Body = io.NopCloser(bytes.NewReader(r.body))
	return &response, nil
}
