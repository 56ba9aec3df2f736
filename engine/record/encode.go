package record

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"

	helmrelease "helm.sh/helm/v4/pkg/release"
	release "helm.sh/helm/v4/pkg/release/v1"

	"walm.io/engine/jsontext"
)

// fastEnough is the maximum size of a base64 payload, in bytes, that is not compressed as well as possible: half of
// what Kubernetes allows. A large record then takes a fifth of the time, and a change writes it two or three times.
const fastEnough = 512 << 10

// encode returns the payload of a record: Helm's JSON, compressed, in base64.
func encode(made *release.Release) ([]byte, error) {
	text, err := marshal(made)
	if err != nil {
		return nil, err
	}
	payload, err := compress(text, gzip.BestSpeed)
	if err == nil && len(payload) > fastEnough {
		payload, err = compress(text, gzip.BestCompression)
	}
	return payload, err
}

// marshal gives what json.Marshal gives, in a third of the time: values are most of a large record, and are written apart.
func marshal(made *release.Release) ([]byte, error) {
	if len(made.Config) == 0 {
		return json.Marshal(made)
	}
	values, err := jsontext.Marshal(made.Config)
	if err != nil {
		return nil, err
	}
	// A random word, which no chart or value can contain on purpose.
	word := rand.Text()
	bare := *made
	bare.Config = map[string]any{word: nil}
	text, err := json.Marshal(&bare)
	return bytes.Replace(text, []byte(`{"`+word+`":null}`), values, 1), err
}

func compress(text []byte, level int) ([]byte, error) {
	var compressed bytes.Buffer
	writer, err := gzip.NewWriterLevel(&compressed, level)
	if err != nil {
		return nil, err
	}
	if _, err := writer.Write(text); err != nil {
		return nil, err
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	return base64.StdEncoding.AppendEncode(nil, compressed.Bytes()), nil
}

// Create is part of driver.Driver.
func (s *Store) Create(key string, written helmrelease.Releaser) error {
	return s.writing(key, written, nil, s.Secrets.Create)
}

// CreateWithin is Create if `allows` accepts the size of the encoded record, in bytes.
func (s *Store) CreateWithin(key string, written helmrelease.Releaser, allows func(size int) error) error {
	return s.writing(key, written, allows, s.Secrets.Create)
}

// Update is part of driver.Driver.
func (s *Store) Update(key string, written helmrelease.Releaser) error {
	return s.writing(key, written, nil, s.Secrets.Update)
}

// writing makes Helm create the Secret of a release without content, and adds the content on the way.
func (s *Store) writing(
	key string, written helmrelease.Releaser, allows func(size int) error, write func(string, helmrelease.Releaser) error,
) error {
	made, ok := written.(*release.Release)
	if !ok {
		return fmt.Errorf("writing the record %s: it is a %T", key, written)
	}
	payload, err := encode(made)
	if err != nil {
		return fmt.Errorf("encoding the record %s: %w", key, err)
	}
	if allows != nil {
		if err := allows(len(payload)); err != nil {
			return err
		}
	}
	s.noted.payloads.Store(key, payload)
	defer s.noted.payloads.Delete(key)
	return write(key, &release.Release{Name: made.Name, Namespace: made.Namespace, Version: made.Version, Info: made.Info, Labels: made.Labels})
}
