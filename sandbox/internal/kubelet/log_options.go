package kubelet

import (
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// logOptions are the options of `kubectl logs`, as the API server passes them to a kubelet.
type logOptions struct {
	follow, previous, timestamps bool
	since                        time.Time
	// tail is the number of last lines to begin with, -1 for all.
	tail int
	// limit is the number of bytes after which the log is cut, -1 for none.
	limit int
}

func parseLogOptions(query url.Values, now time.Time) (logOptions, error) {
	options := logOptions{tail: -1, limit: -1}
	for name, value := range map[string]*bool{
		"follow": &options.follow, "previous": &options.previous, "timestamps": &options.timestamps,
	} {
		if text := query.Get(name); text != "" {
			parsed, err := strconv.ParseBool(text)
			if err != nil {
				return logOptions{}, fmt.Errorf("%s=%q is not a boolean", name, text)
			}
			*value = parsed
		}
	}
	for name, value := range map[string]*int{"tailLines": &options.tail, "limitBytes": &options.limit} {
		if text := query.Get(name); text != "" {
			parsed, err := strconv.Atoi(text)
			if err != nil || parsed < 0 {
				return logOptions{}, fmt.Errorf("%s=%q is not a number of at least 0", name, text)
			}
			*value = parsed
		}
	}
	if text := query.Get("sinceSeconds"); text != "" {
		seconds, err := strconv.Atoi(text)
		if err != nil || seconds < 0 {
			return logOptions{}, fmt.Errorf("sinceSeconds=%q is not a number of at least 0", text)
		}
		options.since = now.Add(-time.Duration(seconds) * time.Second)
	}
	if text := query.Get("sinceTime"); text != "" {
		since, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return logOptions{}, fmt.Errorf("sinceTime=%q is not an RFC 3339 time", text)
		}
		options.since = since
	}
	return options, nil
}

// pick chooses the lines that a first answer holds.
func (o logOptions) pick(lines []Line) []Line {
	first := 0
	for first < len(lines) && lines[first].At.Before(o.since) {
		first++
	}
	lines = lines[first:]
	if o.tail >= 0 && len(lines) > o.tail {
		lines = lines[len(lines)-o.tail:]
	}
	return lines
}

func (o logOptions) format(line Line) string {
	if o.timestamps {
		return line.At.UTC().Format(time.RFC3339Nano) + " " + line.Text + "\n"
	}
	return line.Text + "\n"
}
