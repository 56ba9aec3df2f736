package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"walm.io/engine/problem"
)

// Progress is called with the number of downloaded bytes; total is 0 while unknown. It is called on the goroutine that
// downloads.
type Progress func(done, total int64)

var (
	errStalled   = errors.New("nothing arrived for a while")
	errNoArchive = errors.New("what is there is no archive")
)

// readAll reads a body up to a limit, and reports progress.
func readAll(body io.Reader, total, limit int64, progress Progress) ([]byte, error) {
	if total > limit {
		return nil, downloadTooLarge(limit)
	}
	counted := &countingReader{source: body, total: max(total, 0), progress: progress}
	data, err := io.ReadAll(io.LimitReader(counted, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, downloadTooLarge(limit)
	}
	return data, nil
}

type countingReader struct {
	source      io.Reader
	done, total int64
	progress    Progress
}

func (r *countingReader) Read(target []byte) (int, error) {
	count, err := r.source.Read(target)
	if r.done += int64(count); count > 0 && r.progress != nil {
		r.progress(r.done, r.total)
	}
	return count, err
}

func downloadTooLarge(limit int64) error {
	return problem.New(problem.DownloadTooLarge, "the download is larger than %d MiB", limit>>20).With("limitBytes", limit)
}

// answer is a response whose body has been read.
type answer struct {
	status int
	header http.Header
	body   []byte
	// at is where it came from, or should have come from.
	at hop
}

// get downloads one address. Any status is an answer; only a missing response is an error, with the address at which it
// is missing. A server that is not the owner has to start its response within the uniform failure delay.
func (f *Fetcher) get(ctx context.Context, client *http.Client, owner origin, address *url.URL, header http.Header, limit int64, progress Progress) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return answer{}, err
	}
	request.Header = header
	request.Header.Set("User-Agent", f.options.UserAgent)
	received := &hops{next: client.Transport, owner: owner, within: f.options.Evenly, pace: f.options.pace}
	response, err := (&http.Client{Transport: received, CheckRedirect: client.CheckRedirect}).Do(request)
	if err != nil {
		return answer{at: received.last()}, causeOf(ctx, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return answer{status: response.StatusCode, header: response.Header, at: received.last()}, nil
	}
	body, err := readAll(response.Body, response.ContentLength, limit, progress)
	if err != nil {
		return answer{at: received.last()}, causeOf(ctx, err)
	}
	return answer{response.StatusCode, response.Header, body, received.last()}, nil
}

// causeOf prefers the reason why a request was ended over the error that ending it produced.
func causeOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return fmt.Errorf("%w (%w)", cause, err)
	}
	return err
}
