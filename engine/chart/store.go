package chart

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"walm.io/engine/problem"
)

// Store is a folder of chart archives named by their content, shared with the server: `<folder>/<sha256 hex>.tgz`. A
// file appears by rename, so a reader never sees an incomplete one.
type Store struct {
	folder string
}

// NewStore opens a chart folder and creates it (mode 0700) if it is missing.
func NewStore(folder string) (*Store, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("creating the chart folder: %w", err)
	}
	return &Store{folder: folder}, nil
}

// Put stores an archive and returns its digest. The content is not checked.
func (s *Store) Put(data []byte) (string, error) {
	digest := DigestOf(data)
	return digest, s.Keep(digest, data)
}

// Keep marks the archive with this digest as used, and writes it again if it is gone.
func (s *Store) Keep(digest string, data []byte) error {
	name, err := fileOf(digest)
	if err != nil {
		return err
	}
	if err := s.write(name, data); err != nil {
		return fmt.Errorf("keeping chart %s: %w", digest, err)
	}
	return nil
}

// Size returns the size of the archive with this digest, without reading it. Errors: CHART_NOT_FOUND,
// CHART_REFERENCE_INVALID.
func (s *Store) Size(digest string) (int64, error) {
	name, err := fileOf(digest)
	if err != nil {
		return 0, err
	}
	info, err := os.Stat(filepath.Join(s.folder, name))
	switch {
	case errors.Is(err, os.ErrNotExist):
		return 0, notInFolder(digest)
	case err != nil:
		return 0, fmt.Errorf("looking at chart %s: %w", digest, err)
	}
	return info.Size(), nil
}

func notInFolder(digest string) error {
	return problem.New(problem.ChartNotFound, "chart %s is not in the chart folder: send or fetch it again", digest)
}

// Open returns the archive with this digest after verifying the digest. Errors: CHART_NOT_FOUND, CHART_TOO_LARGE,
// CHART_DIGEST_MISMATCH, CHART_REFERENCE_INVALID.
func (s *Store) Open(digest string, limit int64) ([]byte, error) {
	name, err := fileOf(digest)
	if err != nil {
		return nil, err
	}
	// Archives unused for long are removed.
	s.touch(name)
	file, err := os.Open(filepath.Join(s.folder, name))
	if errors.Is(err, os.ErrNotExist) {
		return nil, notInFolder(digest)
	}
	if err != nil {
		return nil, fmt.Errorf("opening chart %s: %w", digest, err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, fmt.Errorf("reading chart %s: %w", digest, err)
	}
	if int64(len(data)) > limit {
		return nil, archiveTooLarge(limit)
	}
	if found := DigestOf(data); found != digest {
		return nil, problem.New(problem.ChartDigestMismatch,
			"chart %s in the chart folder has other content (%s): send or fetch it again", digest, found)
	}
	return data, nil
}

func (s *Store) touch(name string) {
	now := time.Now()
	_ = os.Chtimes(filepath.Join(s.folder, name), now, now)
}

func (s *Store) write(name string, data []byte) error {
	target := filepath.Join(s.folder, name)
	if info, err := os.Stat(target); err == nil && info.Size() == int64(len(data)) {
		s.touch(name)
		return nil
	}
	temporary, err := os.CreateTemp(s.folder, ".incoming-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, writeErr := temporary.Write(data)
	if err := errors.Join(writeErr, temporary.Close()); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), target)
}

func archiveTooLarge(limit int64) error {
	return problem.New(problem.ChartTooLarge, "the chart archive is larger than %d MiB", limit/mebibyte).With("limitBytes", limit)
}
