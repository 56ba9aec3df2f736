package action

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	release "helm.sh/helm/v4/pkg/release/v1"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
	"sigs.k8s.io/yaml"

	"walm.io/engine/yamltext"
)

// manifestEntry is one YAML document among those that an operation works with. Its text is kept as it was written
// unless something in it changes.
type manifestEntry struct {
	// source is the path of its template, hook is set for hooks.
	source string
	hook   *HookFacts
	// head is kept in front of the text when that is written anew: a separator and the comment that names the source.
	head string
	text string
	// objects are those of the text: several in a list, none in a comment.
	objects []map[string]any
	changed bool
	// place is the rank that was computed of the text, one too high; 0 before.
	place int
}

// manifestEntries are documents in Helm's order, objects before hooks.
type manifestEntries []*manifestEntry

// documents gives the objects of all entries with a running index. Objects of Walm's own kind are left out: a
// ReleaseConfig is the engine's to write.
func (e manifestEntries) documents(namespace string, namespaced scopes) []Document {
	documents := []Document{}
	for _, entry := range e {
		if entry.objects == nil {
			entry.objects = objectsOf(entry.text)
		}
		for _, object := range entry.objects {
			document := newDocument(len(documents), entry.source, object, namespace, namespaced)
			document.Hook = entry.hook
			documents = append(documents, document)
		}
	}
	return documents
}

// apply writes changed objects into their entries; an entry of which nothing is left gets an empty text.
func (e manifestEntries) apply(changed []ChangedDocument) error {
	changes := map[int]map[string]any{}
	for _, change := range changed {
		changes[change.Index] = change.Object
	}
	first := 0
	for _, entry := range e {
		count := len(entry.objects)
		if err := entry.apply(first, changes); err != nil {
			return fmt.Errorf("writing a document of %s: %w", entry.source, err)
		}
		first += count
	}
	return nil
}

// apply writes the objects with the indices from `first` on.
func (e *manifestEntry) apply(first int, changes map[int]map[string]any) error {
	touched := false
	for index := range e.objects {
		_, named := changes[first+index]
		touched = touched || named
	}
	if !touched {
		return nil
	}
	// Those in the entry were made safe for JavaScript; these have their digits.
	originals := objectsOf(e.text)
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
	e.changed = true
	if len(kept) == 0 {
		e.head, e.text = "", ""
		return nil
	}
	var whole any = kept[0]
	if list, err := parseObject(e.text); err == nil && isList(list) {
		list["items"] = kept
		whole = list
	}
	text, err := yamltext.Marshal(whole)
	e.text = string(text)
	return err
}

// entriesOfFiles gives the documents of rendered files; what Helm cannot sort is left for Helm to refuse.
func entriesOfFiles(files map[string]string) (entries manifestEntries, byFile map[string]manifestEntries) {
	single := map[string]string{}
	byFile = map[string]manifestEntries{}
	byName := map[string]*manifestEntry{}
	for file, content := range files {
		if strings.HasSuffix(file, notesFile) {
			continue
		}
		split := releaseutil.SplitManifests(content)
		for _, key := range slices.SortedFunc(maps.Keys(split), compareSplitKeys) {
			entry := &manifestEntry{source: file, text: split[key]}
			byFile[file] = append(byFile[file], entry)
			// Helm sorts by kind, then by path, then as they stood in the file; each gets a path of its own here.
			name := fmt.Sprintf("%s\x00%08d", file, splitIndex(key))
			single[name], byName[name] = split[key], entry
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
		byName[hook.Path].hook = hookFacts(hook)
		entries = append(entries, byName[hook.Path])
	}
	return entries, byFile
}

// notesFile is how the names of files end that Helm takes out of the manifest.
const notesFile = "NOTES.txt"

// joined writes the entries of one file one after the other.
func (e manifestEntries) joined() string {
	texts := []string{}
	for _, entry := range e {
		if entry.text != "" {
			texts = append(texts, entry.text)
		}
	}
	return strings.Join(texts, "---\n")
}

// separator is what Helm splits manifests at.
var separator = regexp.MustCompile(`(?m)^---[ \t]*\n?`)

// sourceLine is the comment that Helm writes before each document.
var sourceLine = regexp.MustCompile(`^# Source: ([^\n]*)\n`)

// entriesOfManifest gives the documents of a recorded manifest in their order. Their heads and texts together are the
// manifest, byte for byte.
func entriesOfManifest(manifest string) manifestEntries {
	entries := manifestEntries{}
	bounds := separator.FindAllStringIndex(manifest, -1)
	start, head := 0, ""
	add := func(text string) {
		if head == "" && strings.TrimSpace(text) == "" {
			return
		}
		entry := &manifestEntry{head: head, text: text}
		if line := sourceLine.FindStringSubmatch(text); line != nil {
			entry.source, entry.head, entry.text = line[1], head+line[0], text[len(line[0]):]
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

// entriesOfHooks gives the documents of recorded hooks.
func entriesOfHooks(hooks []*release.Hook) manifestEntries {
	entries := manifestEntries{}
	for _, hook := range hooks {
		entries = append(entries, &manifestEntry{source: hook.Path, hook: hookFacts(hook), text: hook.Manifest})
	}
	return entries
}

// manifest writes entries as a manifest.
func (e manifestEntries) manifest() string {
	var written strings.Builder
	for _, entry := range e {
		written.WriteString(entry.head)
		written.WriteString(entry.text)
	}
	return written.String()
}

func isReleaseConfig(head *releaseutil.SimpleHead) bool {
	return head != nil && head.Kind == releaseConfigKind && head.Version == releaseConfigVersion
}

// withAdded puts a new document where Helm's install order has it; the others keep their order.
func (e manifestEntries) withAdded(entry *manifestEntry) manifestEntries {
	rank := entry.rank()
	at := slices.IndexFunc(e, func(other *manifestEntry) bool { return other.rank() > rank })
	if at < 0 {
		at = len(e)
	}
	return slices.Insert(e, at, entry)
}

// rank is the place of the document's kind in Helm's install order; kinds that are not in it come last.
func (e *manifestEntry) rank() int {
	if e.place == 0 {
		var head releaseutil.SimpleHead
		_ = yaml.Unmarshal([]byte(e.text), &head)
		e.place = 1 + slices.Index(releaseutil.InstallOrder, head.Kind)
		if e.place == 0 {
			e.place = 1 + len(releaseutil.InstallOrder)
		}
	}
	return e.place - 1
}
