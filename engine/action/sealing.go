package action

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	release "helm.sh/helm/v4/pkg/release/v1"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"

	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/yamltext"
)

// SealRevision asks the server for the seal of a revision that is about to be written; the facts carry no text. It
// returns when the context ends, whatever the server does.
type SealRevision func(ctx context.Context, token string, facts SealFacts) (string, error)

// sealer writes the seal into a revision before Helm sees it, so that what is applied is what is recorded.
type sealer struct {
	op    *operation
	token string
}

// wanted tells whether the operation's revision is to be sealed.
func (s *sealer) wanted() bool {
	return s != nil && s.token != ""
}

// placeholder gives the ReleaseConfig with a word in place of the seal, and the word: the seal is made of the whole
// manifest, which the ReleaseConfig is part of.
func (s *sealer) placeholder(releaseConfig map[string]any) (marked map[string]any, word string, err error) {
	random := make([]byte, 16)
	if _, err := rand.Read(random); err != nil {
		return nil, "", err
	}
	word = "seal-" + hex.EncodeToString(random)
	marked = withoutSealAnnotation(releaseConfig)
	manifest.MapAt(marked, "metadata", "annotations")[sealAnnotation] = word
	return marked, word, nil
}

// seal gives the seal of a revision whose manifest has the word in its place. Empty, with a warning, where the manifest
// has another object that could be taken for the release's ReleaseConfig.
func (s *sealer) seal(made release.Release, word string) (string, error) {
	recorded, err := asReadBack(made)
	if err != nil {
		return "", err
	}
	at := place{s.op.target.Namespace, s.op.target.Name, made.Version}
	facts, err := sealFacts(recorded, at, manifest.DocumentsOf(recorded.Manifest, at.namespace, s.op.Cluster.Scopes(s.op.ctx, nil)))
	if err != nil {
		return "", err
	}
	if facts == nil || facts.Text != word {
		s.op.warn(problem.Warning{
			Code:    "NOT_SEALED",
			Message: "the manifest has more than one ReleaseConfig of the release's name: the revision is not sealed, and Walm does nothing with the release by itself",
		})
		return "", nil
	}
	facts.Text = ""
	if s.op.SealRevision == nil {
		return "", errors.New("there is nobody to ask for a seal")
	}
	text, err := s.op.SealRevision(s.op.ctx, s.token, *facts)
	if err != nil {
		return "", err
	}
	if !sealLine.MatchString("    " + sealAnnotation + ": " + text) {
		return "", errors.New("the server gave a seal that cannot be written down")
	}
	return text, nil
}

// files seals rendered files in place; `word` stands in the file of the ReleaseConfig.
func (s *sealer) files(files map[string]string, chart *helmchart.Chart, values map[string]any, revision int, word string) error {
	name := path.Join(chart.Name(), manifest.ReleaseConfigTemplate)
	hooks, manifest, err := helmManifest(files, name)
	if err != nil {
		// Helm refuses such files, and says why.
		return nil
	}
	text, err := s.seal(release.Release{
		Name: s.op.target.Name, Namespace: s.op.target.Namespace, Version: revision,
		Chart: chart, Config: values, Manifest: manifest, Hooks: hooks,
	}, word)
	if err != nil {
		return err
	}
	files[name] = replaceWord(files[name], word, text)
	yamltext.Fill(word, text)
	return nil
}

// replaceWord writes the seal in the place of the word; without a seal the line goes.
func replaceWord(manifest, word, text string) string {
	if text == "" {
		return strings.Replace(manifest, "    "+sealAnnotation+": "+word+"\n", "", 1)
	}
	return strings.Replace(manifest, word, text, 1)
}

// helmManifest gives the manifest and hooks that Helm makes of rendered files: its engine takes out what templates print
// for absent values, sorts, and writes one document after the other. Helm reads each document as YAML to sort it; of the file
// `own`, which may hold much and was written here, it reads the head only.
func helmManifest(files map[string]string, own string) ([]*release.Hook, string, error) {
	rendered := map[string]string{}
	whole := ""
	for name, text := range files {
		if !strings.HasSuffix(name, manifest.NotesFile) {
			rendered[name] = strings.ReplaceAll(text, "<no value>", "")
		}
	}
	if head, cut := headOfOwn(rendered[own]); cut {
		rendered[own], whole = head, rendered[own]
	}
	hooks, manifests, err := releaseutil.SortManifests(rendered, nil, releaseutil.InstallOrder)
	if err != nil {
		return nil, "", err
	}
	written := bytes.Buffer{}
	for _, one := range manifests {
		content := one.Content
		if one.Name == own && whole != "" {
			content = whole
		}
		fmt.Fprintf(&written, "---\n%s%s\n%s\n", manifest.SourceComment, one.Name, content)
	}
	return hooks, written.String(), nil
}

// headOfOwn gives the file of Walm's own object up to its spec; false where it is not that one document as it was written here.
func headOfOwn(text string) (string, bool) {
	head, _, cut := strings.Cut(text, "\nspec:\n")
	isOne := cut && strings.HasPrefix(text, "apiVersion: "+manifest.ReleaseConfigVersion+"\nkind: "+manifest.ReleaseConfigKind+"\n") &&
		!strings.Contains(text, "\n---")
	return head + "\n", isOne
}

// asReadBack gives a revision as it comes out of Helm's record, which is JSON: digests are of that form.
func asReadBack(made release.Release) (*release.Release, error) {
	text, err := json.Marshal(made)
	if err != nil {
		return nil, fmt.Errorf("encoding revision %d of release %s: %w", made.Version, made.Name, err)
	}
	var recorded release.Release
	if err := json.Unmarshal(text, &recorded); err != nil {
		return nil, fmt.Errorf("decoding revision %d of release %s: %w", made.Version, made.Name, err)
	}
	return &recorded, nil
}
