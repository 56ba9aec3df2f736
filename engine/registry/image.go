package registry

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"time"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	helmregistry "helm.sh/helm/v4/pkg/registry"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"

	"walm.io/engine/problem"
)

const (
	// manifestBytes bounds an image manifest.
	manifestBytes = 4 << 20
	// tagPages bounds the number of pages of tags.
	tagPages = 100
)

// chartLayers are the media types of a chart archive: the present one, that of Helm 3.0 to 3.6, and that of the first
// experiment, which the original Walm's tools used.
var chartLayers = []string{
	helmregistry.ChartLayerMediaType, helmregistry.LegacyChartLayerMediaType, "application/vnd.cncf.helm.chart.content.layer.v1+tar",
}

// image is one chart in a registry during one operation.
type image struct {
	fetcher      *Fetcher
	reference    imageReference
	remote       *remote.Repository
	conversation *conversation
	progress     Progress
}

func (f *Fetcher) fetchImage(ctx context.Context, text, version string, access Access, progress Progress) (Download, error) {
	reference, err := parseImageReference(text)
	if err != nil {
		return Download{}, err
	}
	reference.plainHTTP = reference.plainHTTP || access.PlainHTTP
	download, err := f.pull(ctx, reference, version, access, progress)
	if errors.Is(err, http.ErrSchemeMismatch) && isThisMachine(reference.Host()) {
		// A registry on this machine is reached without a network; container tools do the same.
		reference.plainHTTP = true
		return f.pull(ctx, reference, version, access, progress)
	}
	return download, err
}

func (f *Fetcher) pull(ctx context.Context, reference imageReference, version string, access Access, progress Progress) (Download, error) {
	transport, err := newTransport(f.options.Addresses, access)
	if err != nil {
		return Download{}, err
	}
	defer transport.CloseIdleConnections()
	// The caller named this address: its owner gets no longer time limit.
	talk := newConversation(reference.origin(), &hops{next: transport, within: f.options.Evenly, pace: f.options.pace})
	repository := &remote.Repository{
		Reference:        reference.Reference,
		PlainHTTP:        reference.plainHTTP,
		TagListMaxPages:  tagPages,
		MaxMetadataBytes: manifestBytes,
		Client: &auth.Client{
			Client:     &http.Client{Transport: talk, CheckRedirect: followRedirects},
			Header:     http.Header{"User-Agent": {f.options.UserAgent}},
			Cache:      auth.NewCache(),
			Credential: auth.StaticCredential(reference.Host(), auth.Credential{Username: access.Username, Password: access.Password, AccessToken: access.BearerToken}),
		},
	}
	opened := &image{f, reference, repository, talk, progress}
	if opened.reference.wanted() == "" {
		if opened.reference.tag, err = opened.tagFor(ctx, version); err != nil {
			return Download{}, err
		}
	}
	return opened.download(ctx)
}

func (i *image) download(ctx context.Context) (Download, error) {
	pulled, err := i.manifest(ctx, i.reference.wanted())
	if err != nil {
		return Download{}, err
	}
	layer, found := chartLayer(pulled)
	if !found {
		return Download{}, i.failure(ctx, problem.New(problem.ChartReferenceInvalid,
			"%s is not a Helm chart: it has no layer of a chart's media type; push it with helm push", i.reference))
	}
	if layer.Size > i.fetcher.options.ChartBytes {
		return Download{}, i.failure(ctx, downloadTooLarge(i.fetcher.options.ChartBytes))
	}
	body, err := i.remote.Blobs().Fetch(ctx, layer)
	if err != nil {
		return Download{}, i.failure(ctx, err)
	}
	defer body.Close()
	archive, err := readAll(body, layer.Size, i.fetcher.options.ChartBytes, i.progress)
	if err != nil {
		return Download{}, i.failure(ctx, causeOf(ctx, err))
	}
	if found := layer.Digest.Algorithm().FromBytes(archive); found != layer.Digest {
		return Download{}, i.failure(ctx, problem.New(problem.ChartDigestMismatch,
			"the registry sent %s for chart %s, its manifest says %s: the layer was replaced or damaged", found, i.reference, layer.Digest))
	}
	if i.conversation.partner() != registryItself && !isArchive(archive) {
		return Download{}, i.failure(ctx, errNoArchive)
	}
	return Download{Archive: archive, Reference: i.reference.address(), Created: createdOf(pulled)}, nil
}

// manifest downloads the image manifest; of an image index, which some registries put around a chart, the chart's.
func (i *image) manifest(ctx context.Context, wanted string) (ocispec.Manifest, error) {
	var pulled ocispec.Manifest
	descriptor, text, err := i.fetchManifest(ctx, wanted)
	if err != nil {
		return pulled, err
	}
	if descriptor.MediaType == ocispec.MediaTypeImageIndex {
		var index ocispec.Index
		if err := json.Unmarshal(text, &index); err != nil || len(index.Manifests) == 0 {
			return pulled, i.failure(ctx, i.notUnderstood(err))
		}
		chosen := max(0, slices.IndexFunc(index.Manifests, func(entry ocispec.Descriptor) bool {
			return entry.ArtifactType == helmregistry.ConfigMediaType
		}))
		if _, text, err = i.fetchManifest(ctx, index.Manifests[chosen].Digest.String()); err != nil {
			return pulled, err
		}
	}
	if err := json.Unmarshal(text, &pulled); err != nil {
		return pulled, i.failure(ctx, i.notUnderstood(err))
	}
	for _, layer := range pulled.Layers {
		if err := layer.Digest.Validate(); err != nil || layer.Size < 0 {
			return pulled, i.failure(ctx, i.notUnderstood(err))
		}
	}
	return pulled, nil
}

func (i *image) fetchManifest(ctx context.Context, wanted string) (ocispec.Descriptor, []byte, error) {
	descriptor, body, err := i.remote.Manifests().FetchReference(ctx, wanted)
	if err != nil {
		return descriptor, nil, i.failure(ctx, err)
	}
	defer body.Close()
	if descriptor.Size > manifestBytes {
		return descriptor, nil, i.failure(ctx, downloadTooLarge(manifestBytes))
	}
	text, err := content.ReadAll(io.LimitReader(body, manifestBytes), descriptor)
	if errors.Is(err, content.ErrMismatchedDigest) {
		return descriptor, nil, i.failure(ctx,
			problem.New(problem.ChartDigestMismatch, "the manifest of chart %s does not have its digest", i.reference).Because(err))
	}
	if err != nil {
		return descriptor, nil, i.failure(ctx, err)
	}
	return descriptor, text, nil
}

func chartLayer(pulled ocispec.Manifest) (ocispec.Descriptor, bool) {
	for _, mediaType := range chartLayers {
		for _, layer := range pulled.Layers {
			if layer.MediaType == mediaType {
				return layer, true
			}
		}
	}
	return ocispec.Descriptor{}, false
}

// createdOf is the time in a manifest's annotations, "" if there is none or it is not a time.
func createdOf(pulled ocispec.Manifest) string {
	created, err := time.Parse(time.RFC3339, pulled.Annotations[ocispec.AnnotationCreated])
	if err != nil {
		return ""
	}
	return created.UTC().Format(time.RFC3339)
}

func (i *image) notUnderstood(cause error) error {
	return problem.New(problem.RegistryUnreachable, "the registry's manifest of chart %s cannot be understood", i.reference).
		Because(cause)
}
