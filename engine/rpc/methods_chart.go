package rpc

import (
	"context"
	"fmt"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"

	"walm.io/engine/action"
	"walm.io/engine/chart"
	"walm.io/engine/problem"
	"walm.io/engine/progress"
	"walm.io/engine/registry"
)

// fetched is a chart that was downloaded into the chart folder.
type fetched struct {
	chart.Archive

	Reference string `json:"reference"`
	// Created is RFC 3339, "" if unknown.
	Created string `json:"created"`
}

func fetchChart(c call) (any, error) {
	params, err := read[struct {
		Source struct {
			registry.Source

			// Folder is a chart's folder on this machine, for development; kind "folder".
			Folder string `json:"folder"`
		} `json:"source"`
	}](c)
	if err != nil {
		return nil, err
	}
	charts, fetcher, err := c.engine.library()
	if err != nil {
		return nil, err
	}
	if params.Source.Kind == "folder" {
		archive, err := charts.AddFolder(c.context, c.sharer(), params.Source.Folder)
		return fetched{archive, params.Source.Folder, ""}, err
	}
	download, err := fetcher.Fetch(c.context, c.sharer(), params.Source.Source, c.fetchProgress())
	if err != nil {
		return nil, cancelledOr(c.context, err)
	}
	archive, err := charts.AddBytes(c.context, c.sharer(), download.Archive)
	if err != nil {
		return nil, err
	}
	return fetched{archive, download.Reference, download.Created}, nil
}

func (c call) fetchProgress() registry.Progress {
	report := c.reporter()
	if report == nil {
		return nil
	}
	return func(done, total int64) {
		report(progress.Step{Phase: "fetch", Message: fmt.Sprintf("fetching: %d bytes", done), Done: int(done), Total: int(total)})
	}
}

func checkChart(c call) (any, error) {
	return withDigest(c, func(charts *chart.Library, digest string) (any, error) {
		return charts.Verify(c.context, c.sharer(), digest)
	})
}

func inspectChart(c call) (any, error) {
	return withDigest(c, func(charts *chart.Library, digest string) (any, error) {
		inspection, err := charts.Inspect(c.context, c.sharer(), digest)
		if err != nil {
			return nil, err
		}
		return c.engine.spillJSON(inspection)
	})
}

// lintChart renders a chart with its own values files, without a release.
func lintChart(c call) (any, error) {
	params, err := read[struct {
		Digest string `json:"digest"`
	}](c)
	if err != nil {
		return nil, err
	}
	linter, err := c.engine.linter(c.context)
	if err != nil {
		return nil, err
	}
	cases, err := linter.Lint(c.context, c.sharer(), params.Digest)
	if err != nil {
		return nil, cancelledOr(c.context, err)
	}
	return c.engine.spillJSON(cases)
}

// packRecordedChart puts the chart of a release's record into the chart folder.
func packRecordedChart(c call) (any, error) {
	charts, _, err := c.engine.library()
	if err != nil {
		return nil, err
	}
	return ask(c, (*action.Services).RecordedChart, func(recorded *helmchart.Chart) (any, error) {
		if recorded == nil {
			return nil, nil
		}
		return charts.AddRecorded(c.context, c.sharer(), recorded)
	})
}

func withDigest(c call, run func(*chart.Library, string) (any, error)) (any, error) {
	params, err := read[struct {
		Digest string `json:"digest"`
	}](c)
	if err != nil {
		return nil, err
	}
	charts, _, err := c.engine.library()
	if err != nil {
		return nil, err
	}
	return run(charts, params.Digest)
}

// indexRequest asks for a page of an index.
type indexRequest struct {
	registry.Source

	Page registry.Page `json:"page"`
}

// indexPart is a page in the protocol.
type indexPart struct {
	Charts  text               `json:"charts"`
	Index   string             `json:"index"`
	Next    *registry.Position `json:"next"`
	Skipped registry.Skipped   `json:"skipped"`
	// Total is how many versions all pages have together, ChartCount how many charts the index has.
	Total      int `json:"total"`
	ChartCount int `json:"chartCount"`
}

func indexRepository(c call) (any, error) {
	wanted, err := read[indexRequest](c)
	if err != nil {
		return nil, err
	}
	_, fetcher, err := c.engine.library()
	if err != nil {
		return nil, err
	}
	found, err := fetcher.Index(c.context, c.sharer(), wanted.Source, wanted.Page)
	if err != nil {
		return nil, cancelledOr(c.context, err)
	}
	charts, err := c.engine.spillJSON(found.Charts)
	return indexPart{charts, found.Index, found.Next, found.Skipped, found.Total, found.ChartCount}, err
}

// cancelledOr is CANCELLED if the caller cancelled, else the error.
func cancelledOr(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return problem.New(problem.Cancelled, "the download was cancelled").Because(err)
	}
	return err
}
