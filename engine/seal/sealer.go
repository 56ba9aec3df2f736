package seal

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"strings"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	release "helm.sh/helm/v4/pkg/release/v1"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"

	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/record"
	"walm.io/engine/yamltext"
)

// Ask asks the server for the seal of a revision that is about to be written; the facts contain no text. It returns
// when the context ends, even if the server does not answer.
type Ask func(ctx context.Context, token string, facts Facts) (string, error)

// Sealer adds the seal to a revision before Helm sees it, so that the applied objects are the recorded ones.
type Sealer struct {
	Context         context.Context
	Namespace, Name string
	// Scopes tells which kinds are namespaced.
	Scopes manifest.Scopes
	Warn   func(...problem.Warning)
	// Ask is nil without a server.
	Ask Ask
	// Token identifies the operation to the server; empty: its revision is not sealed.
	Token string
}

// Wanted tells whether the operation's revision is to be sealed.
func (s *Sealer) Wanted() bool {
	return s != nil && s.Token != ""
}

// Placeholder returns the ReleaseConfig with a word in place of the seal, and the word: the seal covers the whole
// manifest, which includes the ReleaseConfig.
func (s *Sealer) Placeholder(releaseConfig map[string]any) (marked map[string]any, word string, err error) {
	random := make([]byte, 16)
	if _, err := rand.Read(random); err != nil {
		return nil, "", err
	}
	word = "seal-" + hex.EncodeToString(random)
	marked = withoutSealAnnotation(releaseConfig)
	manifest.MapAt(marked, "metadata", "annotations")[SealAnnotation] = word
	return marked, word, nil
}

// Seal returns the seal of a revision whose manifest has the word in its place. Empty, with a warning, if the manifest
// contains another object that could be taken for the release's ReleaseConfig.
func (s *Sealer) Seal(made release.Release, word string) (string, error) {
	recorded, err := record.AsReadBack(made)
	if err != nil {
		return "", err
	}
	at := record.Place{Namespace: s.Namespace, Name: s.Name, Revision: made.Version}
	facts, err := FactsOf(recorded, at, manifest.DocumentsOf(recorded.Manifest, at.Namespace, s.Scopes))
	if err != nil {
		return "", err
	}
	if facts == nil || facts.Text != word {
		s.Warn(problem.Warning{
			Code:    "NOT_SEALED",
			Message: "the manifest has more than one ReleaseConfig of the release's name: the revision is not sealed, and Walm does nothing with the release by itself",
		})
		return "", nil
	}
	facts.Text = ""
	if s.Ask == nil {
		return "", errors.New("the server cannot be asked for a seal")
	}
	text, err := s.Ask(s.Context, s.Token, *facts)
	if err != nil {
		return "", err
	}
	if !sealLine.MatchString("    " + SealAnnotation + ": " + text) {
		return "", errors.New("the server gave a seal that cannot be written down")
	}
	return text, nil
}

// Files seals rendered files in place; the file of the ReleaseConfig contains `word`.
func (s *Sealer) Files(files map[string]string, chart *helmchart.Chart, values map[string]any, revision int, word string) error {
	name := path.Join(chart.Name(), manifest.ReleaseConfigTemplate)
	hooks, manifest, err := helmManifest(files, name)
	if err != nil {
		// Helm refuses such files, and says why.
		return nil
	}
	text, err := s.Seal(release.Release{
		Name: s.Name, Namespace: s.Namespace, Version: revision,
		Chart: chart, Config: values, Manifest: manifest, Hooks: hooks,
	}, word)
	if err != nil {
		return err
	}
	files[name] = ReplaceWord(files[name], word, text)
	yamltext.Fill(word, text)
	return nil
}

// ReplaceWord replaces the word by the seal; without a seal its line is removed.
func ReplaceWord(manifest, word, text string) string {
	if text == "" {
		return strings.Replace(manifest, "    "+SealAnnotation+": "+word+"\n", "", 1)
	}
	return strings.Replace(manifest, word, text, 1)
}

// helmManifest returns the manifest and hooks that Helm makes of rendered files: its engine removes what templates
// print for absent values, sorts, and writes one document after the other. Helm parses each document to sort it; of the
// file `own`, which may be large and was written here, only the head is parsed.
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

// headOfOwn returns the file of Walm's own object up to its spec; false if it is not that single document as it was
// written here.
func headOfOwn(text string) (string, bool) {
	head, _, cut := strings.Cut(text, "\nspec:\n")
	isOne := cut && strings.HasPrefix(text, "apiVersion: "+manifest.ReleaseConfigVersion+"\nkind: "+manifest.ReleaseConfigKind+"\n") &&
		!strings.Contains(text, "\n---")
	return head + "\n", isOne
}
