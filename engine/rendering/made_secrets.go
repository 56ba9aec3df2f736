package rendering

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode/utf16"

	"walm.io/engine/problem"
)

// maxMadeSecrets bounds what is searched for in the text of an error; with more of them the text is withheld.
const maxMadeSecrets = 5000

var (
	// ordinary matches what is not secret even in a Secret: ports, counts and flags.
	ordinary = regexp.MustCompile(`^(?i:\d{1,5}|true|false|yes|no|on|off|null|none)$`)
	// word matches what would be found everywhere in texts.
	word = regexp.MustCompile(`^[A-Za-z]{1,7}$`)
)

// secrecy is how a text in a Secret is treated.
type secrecy int

const (
	// openly: it is not secret.
	openly secrecy = iota
	// whole: it is masked only where it is a whole string. A short text or a word may be a password; but the mask inside of
	// a known sentence would tell which word the Secret contains.
	whole
	// everywhere: it is masked wherever it is found.
	everywhere
)

// Lengths are in UTF-16 units, as the server counts them.
const (
	minWholeLength = 3
	minInnerLength = 4
	// longerThanNames is the length from which a text stays secret even if it is a part of the release's name.
	longerThanNames = 12
)

// secrecyOf says how a text in a Secret is treated. The server follows the same rules (domain/masking/secrecy.ts,
// testdata/rules/secret-texts.json).
func secrecyOf(text string) secrecy {
	length := len(utf16.Encode([]rune(text)))
	switch {
	case length < minWholeLength || ordinary.MatchString(text):
		return openly
	case length < minInnerLength || word.MatchString(text):
		return whole
	default:
		return everywhere
	}
}

// learnSecrets records the contents of the Secrets that the chart rendered: Kubernetes quotes what it refuses, and the
// server does not know what the chart generated.
func (h *Host) learnSecrets(files map[string]string) {
	for _, secret := range secretsOf(files, "") {
		for _, coded := range secret.Data {
			text, err := base64.StdEncoding.DecodeString(coded)
			if err == nil {
				h.learn(string(text))
			}
		}
	}
}

// learn records one text of a Secret. What is public as a part of the release's own name is not masked as a whole string:
// errors name releases, and the server acts on these names.
func (h *Host) learn(text string) {
	switch secrecyOf(text) {
	case openly:
	case whole:
		isName := len(text) < longerThanNames && strings.Contains(h.Namespace+"\n"+h.Name, text)
		if !isName {
			h.madeWords = append(h.madeWords, text)
		}
	case everywhere:
		h.made = append(h.made, text)
	}
}

// WithoutMade masks in an error what the chart put into Secrets: verbatim, quoted, and in base64; short texts and words
// only where they are the whole of a string.
func (h *Host) WithoutMade(err error) error {
	if err == nil || len(h.made)+len(h.madeWords) == 0 {
		return err
	}
	hide := h.hider()
	var found *problem.Problem
	if !errors.As(err, &found) {
		return &maskedError{text: hide(err.Error()), cause: err}
	}
	masked := *found
	masked.Message = hide(found.Message)
	masked.Details = maskDetails(found.Details, hide)
	return &masked
}

func (h *Host) hider() func(string) string {
	if len(h.made)+len(h.madeWords) > maxMadeSecrets {
		return func(string) string { return hiddenLeaf }
	}
	forms := map[string]bool{}
	for _, text := range h.made {
		quoted := strconv.Quote(text)
		forms[text] = true
		forms[quoted[1:len(quoted)-1]] = true
		forms[base64.StdEncoding.EncodeToString([]byte(text))] = true
	}
	words := map[string]bool{}
	for _, text := range h.madeWords {
		coded := base64.StdEncoding.EncodeToString([]byte(text))
		words[text], words[coded] = true, true
	}
	byLength := make([]string, 0, len(forms))
	for form := range forms {
		byLength = append(byLength, form)
	}
	sort.Slice(byLength, func(i, j int) bool { return len(byLength[i]) > len(byLength[j]) })
	pairs := make([]string, 0, 2*len(byLength))
	for _, form := range byLength {
		pairs = append(pairs, form, hiddenLeaf)
	}
	replacer := strings.NewReplacer(pairs...)
	return func(text string) string {
		if words[text] {
			return hiddenLeaf
		}
		return replacer.Replace(text)
	}
}

// maskDetails masks the strings of details, which are JSON by construction.
func maskDetails(details map[string]any, hide func(string) string) map[string]any {
	if details == nil {
		return nil
	}
	var plain map[string]any
	text, err := json.Marshal(details)
	if err == nil {
		err = json.Unmarshal(text, &plain)
	}
	if err != nil {
		return map[string]any{}
	}
	masked, _ := maskValue(plain, hide).(map[string]any)
	return masked
}

func maskValue(value any, hide func(string) string) any {
	switch below := value.(type) {
	case string:
		return hide(below)
	case []any:
		for i, entry := range below {
			below[i] = maskValue(entry, hide)
		}
	case map[string]any:
		for key, entry := range below {
			below[key] = maskValue(entry, hide)
		}
	}
	return value
}

// maskedError is an error whose text contains no secret any more.
type maskedError struct {
	text  string
	cause error
}

// Error is the text without secrets.
func (e *maskedError) Error() string { return e.text }

// Is compares the cause, without revealing its text.
func (e *maskedError) Is(target error) bool { return errors.Is(e.cause, target) }
