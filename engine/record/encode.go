package record

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"

	helmrelease "helm.sh/helm/v4/pkg/release"
	release "helm.sh/helm/v4/pkg/release/v1"
)

// fastEnough is how large a payload in base64 may be, in bytes, that is not compressed as well as it could be: half of
// what Kubernetes keeps. A large record takes a fifth of the time so, and is written two or three times by a change.
const fastEnough = 512 << 10

// encode gives the payload of a record: the JSON of Helm, compressed, in base64.
func encode(made *release.Release) ([]byte, error) {
	text, err := json.Marshal(made)
	if err != nil {
		return nil, err
	}
	payload, err := compress(text, gzip.BestSpeed)
	if err == nil && len(payload) > fastEnough {
		payload, err = compress(text, gzip.BestCompression)
	}
	return payload, err
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

// CreateWithin is Create where `allows` has nothing against the size of the encoded record, in bytes.
func (s *Store) CreateWithin(key string, written helmrelease.Releaser, allows func(size int) error) error {
	return s.writing(key, written, allows, s.Secrets.Create)
}

// Update is part of driver.Driver.
func (s *Store) Update(key string, written helmrelease.Releaser) error {
	return s.writing(key, written, nil, s.Secrets.Update)
}

// writing has Helm make the Secret of a release without content, into which the content is put on its way.
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
