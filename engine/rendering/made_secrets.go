package rendering

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"walm.io/engine/problem"
)

// maxMadeSecrets bounds what is searched for in the text of an error; with more of them the text is withheld.
const maxMadeSecrets = 5000

// ordinary matches what is not secret even in a Secret: words, ports, counts and flags.
var ordinary = regexp.MustCompile(`^(?:[A-Za-z]{0,7}|\d{0,5}|.{0,3})$`)

// learnSecrets records the contents of the Secrets that the chart rendered: Kubernetes quotes what it refuses, and the
// server does not know what the chart generated.
func (h *Host) learnSecrets(files map[string]string) {
	for _, secret := range secretsOf(files, "") {
		for _, coded := range secret.Data {
			text, err := base64.StdEncoding.DecodeString(coded)
			if err == nil && !ordinary.Match(text) {
				h.made = append(h.made, string(text))
			}
		}
	}
}

// WithoutMade masks in an error what the chart put into Secrets: verbatim, quoted, and in base64.
func (h *Host) WithoutMade(err error) error {
	if err == nil || len(h.made) == 0 {
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
	if len(h.made) > maxMadeSecrets {
		return func(string) string { return hiddenLeaf }
	}
	forms := map[string]bool{}
	for _, text := range h.made {
		quoted := strconv.Quote(text)
		forms[text] = true
		forms[quoted[1:len(quoted)-1]] = true
		forms[base64.StdEncoding.EncodeToString([]byte(text))] = true
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
	return strings.NewReplacer(pairs...).Replace
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
