package rpc

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"walm.io/engine/jsontext"
)

// inlineLimit is the maximum size in bytes of a text in a message. A megabyte in a message costs 100 ms and more, in a
// file in memory 5 ms.
const inlineLimit = 64 << 10

// text is a long text of an answer: in the message, or a file in the spill folder that the reader deletes.
type text struct {
	Inline *string `json:"inline,omitempty"`
	File   string  `json:"file,omitempty"`
}

// spill turns content into a text.
func (e *engine) spill(content string) (text, error) {
	if len(content) <= inlineLimit {
		return text{Inline: &content}, nil
	}
	name := rand.Text()
	if err := os.WriteFile(filepath.Join(e.spillFolder, name), []byte(content), 0o600); err != nil {
		return text{}, fmt.Errorf("writing a spill file: %w", err)
	}
	return text{File: name}, nil
}

// spillJSON turns the JSON form of a value into a text.
func (e *engine) spillJSON(value any) (text, error) {
	content, err := jsontext.Marshal(value)
	if err != nil {
		return text{}, err
	}
	return e.spill(string(content))
}

// unspill reads a text that the server sent, and deletes its file, if it has one.
func (e *engine) unspill(spilled text) ([]byte, error) {
	switch {
	case spilled.Inline != nil:
		return []byte(*spilled.Inline), nil
	case spillName.MatchString(spilled.File):
		file := filepath.Join(e.spillFolder, spilled.File)
		read, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("reading a spill file: %w", err)
		}
		_ = os.Remove(file)
		return read, nil
	default:
		return nil, errors.New("the server sent neither a text nor a file")
	}
}

// unspillJSON parses the JSON in a text that the server sent.
func (e *engine) unspillJSON(spilled text, into any) error {
	content, err := e.unspill(spilled)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	return decoder.Decode(into)
}

// spillName keeps file names inside the folder.
var spillName = regexp.MustCompile(`^[A-Za-z0-9]+$`)
