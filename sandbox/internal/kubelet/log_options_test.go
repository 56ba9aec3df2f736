package kubelet

import (
	"net/url"
	"testing"
	"time"
)

func TestLogOptionsAreThoseOfKubectl(t *testing.T) {
	options, err := parseLogOptions(url.Values{
		"follow": {"true"}, "previous": {"false"}, "timestamps": {"true"}, "tailLines": {"2"}, "sinceSeconds": {"15"}, "limitBytes": {"100"},
	}, start.Add(30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	want := logOptions{follow: true, timestamps: true, tail: 2, limit: 100, since: start.Add(15 * time.Second)}
	if options != want {
		t.Errorf("got %+v", options)
	}
	for name, value := range map[string]string{"follow": "perhaps", "tailLines": "-1", "sinceSeconds": "x", "limitBytes": "1k", "sinceTime": "today"} {
		if _, err := parseLogOptions(url.Values{name: {value}}, start); err == nil {
			t.Errorf("%s=%s is accepted", name, value)
		}
	}
}

func TestSinceAndTailPickTheLastLines(t *testing.T) {
	lines := []Line{{start, "a"}, {start.Add(10 * time.Second), "b"}, {start.Add(20 * time.Second), "c"}}
	for _, c := range []struct {
		options logOptions
		want    string
	}{
		{logOptions{tail: -1}, "abc"},
		{logOptions{tail: 0}, ""},
		{logOptions{tail: 2}, "bc"},
		{logOptions{tail: -1, since: start.Add(15 * time.Second)}, "c"},
		{logOptions{tail: 1, since: start.Add(5 * time.Second)}, "c"},
	} {
		got := ""
		for _, line := range c.options.pick(lines) {
			got += line.Text
		}
		if got != c.want {
			t.Errorf("%+v picks %q, want %q", c.options, got, c.want)
		}
	}
	if got := (logOptions{timestamps: true}).format(lines[0]); got != "2026-01-02T03:04:05Z a\n" {
		t.Errorf("with time: %q", got)
	}
}
