package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// inlineLimit is the size in bytes up to which a text travels inside its message. A megabyte inside a message costs
// 100 ms and more, a file in memory 5.
const inlineLimit = 64 << 10

// text is a long text of an answer: inside the message, or a file in the spill folder that the reader deletes.
type text struct {
	Inline *string `json:"inline,omitempty"`
	File   string  `json:"file,omitempty"`
}

// spill makes a text of content.
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

// spillJSON makes a text of the JSON form of a value.
func (e *engine) spillJSON(value any) (text, error) {
	content, err := json.Marshal(value)
	if err != nil {
		return text{}, err
	}
	return e.spill(string(content))
}
