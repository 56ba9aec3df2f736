package manifest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	release "helm.sh/helm/v4/pkg/release/v1"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
	"sigs.k8s.io/yaml"

	"walm.io/engine/yamltext"
)

// Entry is one YAML document among those that an operation works with. Its text is kept byte for byte unless something
// in it changes.
type Entry struct {
	// Source is the path of its template, hook is set for hooks.
	Source string
	hook   *HookFacts
	// Head is kept before the text when that is serialised again: a separator and the comment that names the source.
	Head string
	Text string
	// objects are those of the text: several in a list, none in a comment.
	objects []map[string]any
	Changed bool
	// place is the computed rank of the text, plus one; 0 if not computed.
	place int
}

// Entries are documents in Helm's order, objects before hooks.
type Entries []*Entry

// Documents returns the objects of all entries with a running index. Objects of Walm's own kind are left out, because
// the engine writes the ReleaseConfig.
func (e Entries) Documents(namespace string, namespaced Scopes) []Document {
	documents := []Document{}
	for _, entry := range e {
		if entry.objects == nil {
			entry.objects = ObjectsOf(entry.Text)
		}
		for _, object := range entry.objects {
			document := NewDocument(len(documents), entry.Source, object, namespace, namespaced)
			document.Hook = entry.hook
			documents = append(documents, document)
		}
	}
	return documents
}

// Apply writes changed objects into their entries; an entry without remaining objects gets an empty text.
func (e Entries) Apply(changed []ChangedDocument) error {
	changes := map[int]map[string]any{}
	for _, change := range changed {
		changes[change.Index] = change.Object
	}
	first := 0
	for _, entry := range e {
		count := len(entry.objects)
		if err := entry.apply(first, changes); err != nil {
			return fmt.Errorf("writing a document of %s: %w", entry.Source, err)
		}
		first += count
	}
	return nil
}

// apply writes the objects with indexes from `first` on.
func (e *Entry) apply(first int, changes map[int]map[string]any) error {
	touched := false
	for index := range e.objects {
		_, named := changes[first+index]
		touched = touched || named
	}
	if !touched {
		return nil
	}
	// Those in the entry were made safe for JavaScript; these have their digits.
	originals := ObjectsOf(e.Text)
	kept := []any{}
	same := true
	for index, original := range originals {
		object, named := changes[first+index]
		switch {
		case !named:
			kept = append(kept, original)
		case object == nil:
			same = false
		default:
			restored := restoreNumbers(object, original)
			same = same && sameJSON(restored, original)
			kept = append(kept, restored)
		}
	}
	if same {
		return nil
	}
	e.Changed = true
	if len(kept) == 0 {
		e.Head, e.Text = "", ""
		return nil
	}
	var whole any = kept[0]
	if list, err := ParseObject(e.Text); err == nil && IsList(list) {
		list["items"] = kept
		whole = list
	}
	text, err := yamltext.Marshal(whole)
	e.Text = string(text)
	return err
}

// EntriesOfFiles returns the documents of rendered files; what Helm cannot sort is left for Helm to refuse.
func EntriesOfFiles(files map[string]string) (entries Entries, byFile map[string]Entries) {
	single := map[string]string{}
	byFile = map[string]Entries{}
	byName := map[string]*Entry{}
	for file, content := range files {
		if strings.HasSuffix(file, NotesFile) {
			continue
		}
		for index, text := range yamltext.Split(content) {
			entry := &Entry{Source: file, Text: text}
			byFile[file] = append(byFile[file], entry)
			// Helm sorts by kind, then by path, then by position in the file; each gets a path of its own here.
			name := fmt.Sprintf("%s\x00%08d", file, index)
			single[name], byName[name] = text, entry
		}
	}
	hooks, objects, err := releaseutil.SortManifests(single, nil, releaseutil.InstallOrder)
	if err != nil {
		return nil, nil
	}
	for _, object := range objects {
		if !isReleaseConfig(object.Head) {
			entries = append(entries, byName[object.Name])
		}
	}
	for _, hook := range hooks {
		byName[hook.Path].hook = FactsOfHook(hook)
		entries = append(entries, byName[hook.Path])
	}
	return entries, byFile
}

// NotesFile is the suffix of file names that Helm removes from the manifest.
const NotesFile = "NOTES.txt"

// Joined writes the entries of one file one after the other.
func (e Entries) Joined() string {
	texts := []string{}
	for _, entry := range e {
		if entry.Text != "" {
			texts = append(texts, entry.Text)
		}
	}
	return strings.Join(texts, "---\n")
}

// separator is where Helm splits manifests.
var separator = regexp.MustCompile(`(?m)^---[ \t]*\n?`)

// sourceLine is the comment that Helm writes before each document.
var sourceLine = regexp.MustCompile(`^# Source: ([^\n]*)\n`)

// EntriesOfManifest returns the documents of a recorded manifest in order. Their heads and texts together are the
// manifest, byte for byte.
func EntriesOfManifest(manifest string) Entries {
	entries := Entries{}
	bounds := separator.FindAllStringIndex(manifest, -1)
	start, head := 0, ""
	add := func(text string) {
		if head == "" && strings.TrimSpace(text) == "" {
			return
		}
		entry := &Entry{Head: head, Text: text}
		if line := sourceLine.FindStringSubmatch(text); line != nil {
			entry.Source, entry.Head, entry.Text = line[1], head+line[0], text[len(line[0]):]
		}
		entries = append(entries, entry)
	}
	for _, bound := range bounds {
		add(manifest[start:bound[0]])
		head, start = manifest[bound[0]:bound[1]], bound[1]
	}
	add(manifest[start:])
	return entries
}

// EntriesOfHooks returns the documents of recorded hooks.
func EntriesOfHooks(hooks []*release.Hook) Entries {
	entries := Entries{}
	for _, hook := range hooks {
		entries = append(entries, &Entry{Source: hook.Path, hook: FactsOfHook(hook), Text: hook.Manifest})
	}
	return entries
}

// Manifest writes entries as a manifest.
func (e Entries) Manifest() string {
	var written strings.Builder
	for _, entry := range e {
		written.WriteString(entry.Head)
		written.WriteString(entry.Text)
	}
	return written.String()
}

func isReleaseConfig(head *releaseutil.SimpleHead) bool {
	return head != nil && head.Kind == ReleaseConfigKind && head.Version == ReleaseConfigVersion
}

// WithAdded inserts a new document according to Helm's install order; the others keep their order.
func (e Entries) WithAdded(entry *Entry) Entries {
	rank := entry.rank()
	at := slices.IndexFunc(e, func(other *Entry) bool { return other.rank() > rank })
	if at < 0 {
		at = len(e)
	}
	return slices.Insert(e, at, entry)
}

// rank is the position of the document's kind in Helm's install order; other kinds come last.
func (e *Entry) rank() int {
	if e.place == 0 {
		var head releaseutil.SimpleHead
		_ = yaml.Unmarshal([]byte(e.Text), &head)
		e.place = 1 + slices.Index(releaseutil.InstallOrder, head.Kind)
		if e.place == 0 {
			e.place = 1 + len(releaseutil.InstallOrder)
		}
	}
	return e.place - 1
}

// HooksOf returns the hooks with the texts of their entries; those without a text are removed.
func HooksOf(entries Entries, recorded []*release.Hook) []*release.Hook {
	hooks := []*release.Hook{}
	for index, entry := range entries {
		if entry.Text != "" {
			hook := *recorded[index]
			hook.Manifest = entry.Text
			hooks = append(hooks, &hook)
		}
	}
	return hooks
}

// EntriesOfObjects writes new documents.
func EntriesOfObjects(objects []map[string]any, source string) (Entries, error) {
	entries := Entries{}
	for _, object := range objects {
		text, err := yamltext.Marshal(object)
		if err != nil {
			return nil, err
		}
		entries = append(entries, &Entry{
			Source: source, Head: "---\n" + SourceComment + source + "\n", Text: string(text), Changed: true,
		})
	}
	return entries, nil
}
