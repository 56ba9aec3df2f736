package main

import (
	"walm.io/engine/action"
	"walm.io/engine/chart"
	"walm.io/engine/problem"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"
)

// releaseAnswer is a recorded revision on the wire; what can be long is a text.
type releaseAnswer struct {
	action.Summary

	Config         text                `json:"config"`
	ComputedValues text                `json:"computedValues"`
	Manifest       text                `json:"manifest"`
	Hooks          text                `json:"hooks"`
	Notes          string              `json:"notes"`
	ChartMetadata  *helmchart.Metadata `json:"chartMetadata"`
	Objects        text                `json:"objects"`
	ReleaseConfig  map[string]any      `json:"releaseConfig"`
	Schemas        []chart.Schema      `json:"schemas"`
	MetaFiles      map[string][]byte   `json:"metaFiles"`
	Seal           *action.SealFacts   `json:"seal"`
	Warnings       []action.Warning    `json:"warnings"`
}

// renderedAnswer is a dry run on the wire.
type renderedAnswer struct {
	Manifest       text             `json:"manifest"`
	Documents      text             `json:"documents"`
	Hooks          text             `json:"hooks"`
	CRDs           text             `json:"crds"`
	Notes          string           `json:"notes"`
	ComputedValues text             `json:"computedValues"`
	Warnings       []action.Warning `json:"warnings"`
}

func (c call) releaseAnswer(release *action.Release) (any, error) {
	if release == nil {
		return nil, nil
	}
	return c.wireRelease(release)
}

func (c call) wireRelease(release *action.Release) (*releaseAnswer, error) {
	answer := &releaseAnswer{
		Summary:       release.Summary,
		Notes:         release.Notes,
		ChartMetadata: release.ChartMetadata,
		ReleaseConfig: release.ReleaseConfig,
		Schemas:       release.Schemas,
		MetaFiles:     release.MetaFiles,
		Seal:          release.Seal,
		Warnings:      release.Warnings,
	}
	var err error
	if answer.Manifest, err = c.engine.spill(release.Manifest); err != nil {
		return nil, err
	}
	return answer, c.spillAll(map[*text]any{
		&answer.Config:         release.Config,
		&answer.ComputedValues: release.ComputedValues,
		&answer.Hooks:          release.Hooks,
		&answer.Objects:        release.Objects,
	})
}

func (c call) renderedAnswer(rendered *action.Rendered) (any, error) {
	answer := &renderedAnswer{Notes: rendered.Notes, Warnings: rendered.Warnings}
	var err error
	if answer.Manifest, err = c.engine.spill(rendered.Manifest); err != nil {
		return nil, err
	}
	return answer, c.spillAll(map[*text]any{
		&answer.Documents:      rendered.Documents,
		&answer.Hooks:          rendered.Hooks,
		&answer.CRDs:           rendered.CRDs,
		&answer.ComputedValues: rendered.ComputedValues,
	})
}

// batchEntry is one release of several on the wire: a release, a problem, or neither where there is none.
type batchEntry struct {
	Release *releaseAnswer   `json:"release,omitempty"`
	Problem *problem.Problem `json:"problem,omitempty"`
}

func (c call) batchAnswer(entries []action.BatchEntry) (any, error) {
	answers := make([]batchEntry, len(entries))
	for index, entry := range entries {
		answers[index].Problem = entry.Problem
		if entry.Release == nil {
			continue
		}
		release, err := c.wireRelease(entry.Release)
		if err != nil {
			return nil, err
		}
		answers[index].Release = release
	}
	return c.engine.spillJSON(answers)
}

// spillAll makes texts of the JSON forms of values.
func (c call) spillAll(values map[*text]any) error {
	for into, value := range values {
		spilled, err := c.engine.spillJSON(value)
		if err != nil {
			return err
		}
		*into = spilled
	}
	return nil
}
