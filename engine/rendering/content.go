package rendering

import (
	"context"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"

	"walm.io/engine/fair"
	"walm.io/engine/manifest"
)

// Content is what an install, an upgrade and a dry run have in common.
type Content struct {
	// Chart is the digest of an archive in the chart folder.
	Chart string `json:"chart"`
	// Values are the complete user values.
	Values map[string]any `json:"values"`
	// Probes are Values twice with harmless texts, each time others, instead of what other releases publish; absent if
	// that cannot be anything but text.
	Probes        []map[string]any `json:"probes,omitempty"`
	ReleaseConfig map[string]any   `json:"releaseConfig,omitempty"`
	// HasConfig: the values of the ReleaseConfig equal Values, and are left out there.
	HasConfig    bool              `json:"hasConfig,omitempty"`
	Labels       map[string]string `json:"labels,omitempty"`
	DisableHooks bool              `json:"disableHooks,omitempty"`
	Transform    *Transform        `json:"transform,omitempty"`
	// SealToken identifies the operation to the server, which returns the seal of the revision; empty: it is not
	// sealed.
	SealToken string `json:"sealToken,omitempty"`
	// GeneratedFrom is the revision whose generated values an upgrade keeps; 0: the deployed one.
	GeneratedFrom int `json:"generatedFrom,omitempty"`
}

// config returns the ReleaseConfig with its values; nil if there is none.
func (c Content) config() map[string]any {
	if !c.HasConfig || c.ReleaseConfig == nil {
		return c.ReleaseConfig
	}
	values := c.Values
	if values == nil {
		values = map[string]any{}
	}
	whole, spec := manifest.CopyMap(c.ReleaseConfig), manifest.CopyMap(manifest.MapAt(c.ReleaseConfig, "spec"))
	spec["configValues"], whole["spec"] = values, spec
	return whole
}

// Charts returns charts by digest. Each call returns a new one: Helm changes the chart it works on. Its memory counts
// against the caller's share until the context ends.
type Charts interface {
	Load(ctx context.Context, caller fair.Caller, digest string) (*helmchart.Chart, error)
}
