package rpc

import (
	"context"
	"maps"
	"slices"

	"walm.io/engine/action"
	"walm.io/engine/chart"
	"walm.io/engine/jsontext"
	"walm.io/engine/problem"
	"walm.io/engine/seal"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"
)

// releaseAnswer is a recorded revision in the protocol; long fields are texts.
type releaseAnswer struct {
	action.Summary

	Config text `json:"config"`
	// ComputedValues is nil if they equal the config.
	ComputedValues *text               `json:"computedValues"`
	Manifest       text                `json:"manifest"`
	Hooks          text                `json:"hooks"`
	Notes          string              `json:"notes"`
	ChartMetadata  *helmchart.Metadata `json:"chartMetadata"`
	Objects        text                `json:"objects"`
	ReleaseConfig  *text               `json:"releaseConfig"`
	// HasConfig tells that the ReleaseConfig's values equal the config, and are omitted there.
	HasConfig bool `json:"hasConfig,omitempty"`
	// ConfigAt is the index of the ReleaseConfig among the objects, whose content is omitted there: it may be most of
	// the answer.
	ConfigAt  *int              `json:"configAt,omitempty"`
	Schemas   []chart.Schema    `json:"schemas"`
	MetaFiles map[string][]byte `json:"metaFiles"`
	Seal      *seal.Facts       `json:"seal"`
	Failure   *problem.Problem  `json:"failure,omitempty"`
	Warnings  []problem.Warning `json:"warnings"`
}

// renderedAnswer is a dry run in the protocol.
type renderedAnswer struct {
	Manifest       text              `json:"manifest"`
	Documents      text              `json:"documents"`
	Hooks          text              `json:"hooks"`
	CRDs           text              `json:"crds"`
	Removals       text              `json:"removals"`
	Notes          string            `json:"notes"`
	ComputedValues text              `json:"computedValues"`
	Warnings       []problem.Warning `json:"warnings"`
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
		Schemas:       release.Schemas,
		MetaFiles:     release.MetaFiles,
		Seal:          release.Seal,
		Failure:       release.Failure,
		Warnings:      release.Warnings,
	}
	var err error
	if answer.Manifest, err = c.engine.spill(release.Manifest); err != nil {
		return nil, err
	}
	if release.ReleaseConfig != nil {
		var own map[string]any
		own, answer.HasConfig = withoutConfig(release.ReleaseConfig, release.Config)
		config, err := c.engine.spillJSON(own)
		if err != nil {
			return nil, err
		}
		answer.ReleaseConfig = &config
	}
	if !jsontext.Same(release.ComputedValues, release.Config) {
		computed, err := c.engine.spillJSON(release.ComputedValues)
		if err != nil {
			return nil, err
		}
		answer.ComputedValues = &computed
	}
	objects := release.Objects
	if at := release.ConfigAt; at != nil {
		objects = slices.Clone(objects)
		objects[*at].Object = map[string]any{}
		answer.ConfigAt = at
	}
	return answer, c.spillAll(map[*text]any{
		&answer.Config:  release.Config,
		&answer.Hooks:   release.Hooks,
		&answer.Objects: objects,
	})
}

// withoutConfig omits the values from a ReleaseConfig if they equal the release's own: they may be most of both.
func withoutConfig(releaseConfig, config map[string]any) (map[string]any, bool) {
	spec, _ := releaseConfig["spec"].(map[string]any)
	values, found := spec["configValues"]
	if !found || !jsontext.Same(values, config) {
		return releaseConfig, false
	}
	bare, rest := maps.Clone(releaseConfig), maps.Clone(spec)
	rest["configValues"], bare["spec"] = nil, rest
	return bare, true
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
		&answer.Removals:       rendered.Removals,
		&answer.ComputedValues: rendered.ComputedValues,
	})
}

// batchEntry is one of several releases in the protocol: a release, a problem, or neither if there is none.
type batchEntry struct {
	Release *releaseAnswer   `json:"release,omitempty"`
	Problem *problem.Problem `json:"problem,omitempty"`
}

// getMany encodes each release as soon as it is read, so that not all of them are in memory at once.
func (c call) getMany(services *action.Services, ctx context.Context, batch action.GetManyRequest) ([]batchEntry, error) {
	answers := make([]batchEntry, len(batch.Releases))
	err := services.GetMany(ctx, batch, func(index int, found *action.Release, wrong *problem.Problem) (err error) {
		answers[index].Problem = wrong
		if found != nil {
			answers[index].Release, err = c.wireRelease(found)
		}
		return err
	})
	return answers, err
}

// spillAll turns the JSON forms of values into texts.
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
