package chart

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"

	"helm.sh/helm/v4/pkg/ignore"

	"walm.io/engine/problem"
)

// packFolder makes an archive of a chart folder, without the files that .helmignore names. The same content
// always gives the same bytes. Links are refused, so nothing outside the folder can be packed.
func packFolder(folder string, limits Limits) ([]byte, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, folderUnreadable(folder, err)
	}
	defer root.Close()
	rules, err := ignoreRules(root.FS())
	if err != nil {
		return nil, folderUnreadable(folder, err)
	}
	var packed bytes.Buffer
	compressed := gzip.NewWriter(&packed)
	archive := tar.NewWriter(compressed)
	left := limits.DecompressedBytes
	err = fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if rules.Ignore(name, info) {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if entry.IsDir() {
			return nil
		}
		if !info.Mode().IsRegular() {
			return problem.New(problem.ChartUnsafePath, "the chart folder %s holds %s, which is a link or a device", folder, name)
		}
		if left -= info.Size(); left < 0 || info.Size() > limits.FileBytes {
			return problem.New(problem.ChartTooLarge, "the chart folder %s holds more than is allowed, at %s", folder, name)
		}
		content, err := fs.ReadFile(root.FS(), name)
		if err != nil {
			return err
		}
		header := &tar.Header{Name: "chart/" + name, Mode: 0o644, Size: int64(len(content))}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		_, err = archive.Write(content)
		return err
	})
	if err := errors.Join(err, archive.Close(), compressed.Close()); err != nil {
		return nil, folderUnreadable(folder, err)
	}
	return packed.Bytes(), nil
}

func ignoreRules(folder fs.FS) (*ignore.Rules, error) {
	rules := ignore.Empty()
	file, err := folder.Open(ignore.HelmIgnore)
	if err == nil {
		defer file.Close()
		rules, err = ignore.Parse(io.LimitReader(file, mebibyte))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	rules.AddDefaults()
	return rules, nil
}

func folderUnreadable(folder string, err error) error {
	if found, known := problem.From(err); known {
		return found
	}
	return problem.New(problem.ChartArchiveInvalid, "the chart folder %s cannot be read: %s", folder, err).Because(err)
}
