package chart

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"helm.sh/helm/v4/pkg/ignore"

	"walm.io/engine/problem"
)

// packFolder packs a chart folder, without the files that .helmignore names. The same content always gives the same
// bytes. Links are refused, so nothing outside the folder can be packed.
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
	pack := newPacker("the chart folder "+folder, limits)
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
		if err := pack.admit(name, info.Size()); err != nil {
			return err
		}
		content, err := fs.ReadFile(root.FS(), name)
		if err != nil {
			return err
		}
		return pack.add(name, content)
	})
	packed, finishErr := pack.finish()
	if err := errors.Join(err, finishErr); err != nil {
		return nil, folderUnreadable(folder, err)
	}
	return packed, nil
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
