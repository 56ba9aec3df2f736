package record

import (
	"errors"
	"fmt"
	"slices"
	"time"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"
)

// Statuses are Helm's statuses of a revision.
var Statuses = []common.Status{
	common.StatusUnknown, common.StatusDeployed, common.StatusUninstalled, common.StatusSuperseded, common.StatusFailed,
	common.StatusUninstalling, common.StatusPendingInstall, common.StatusPendingUpgrade, common.StatusPendingRollback,
}

// checkShape refuses a release without the parts that Helm's code assumes without checking.
func checkShape(decoded *release.Release, limits Limits) error {
	info := decoded.Info
	switch {
	case info == nil:
		return errors.New("it has no info")
	case !slices.Contains(Statuses, info.Status):
		return fmt.Errorf("its status is %s", short(string(info.Status)))
	case len(info.Notes) > limits.NotesBytes:
		return fmt.Errorf("its notes are larger than %d KiB", limits.NotesBytes>>10)
	case len(info.Description) > limits.DescriptionBytes:
		return fmt.Errorf("its description is larger than %d KiB", limits.DescriptionBytes>>10)
	}
	times := []time.Time{info.FirstDeployed, info.LastDeployed, info.Deleted}
	for _, hook := range decoded.Hooks {
		if hook == nil {
			return errors.New("one of its hooks is null")
		}
		times = append(times, hook.LastRun.StartedAt, hook.LastRun.CompletedAt)
	}
	for _, moment := range times {
		if year := moment.UTC().Year(); year < 1 || year > 9999 {
			return errors.New("one of its times is not of this calendar")
		}
	}
	return checkChart(decoded.Chart, limits)
}

func checkChart(recorded *helmchart.Chart, limits Limits) error {
	switch {
	case recorded == nil:
		return errors.New("it has no chart")
	case recorded.Metadata == nil:
		return errors.New("its chart has no metadata")
	case slices.Contains(recorded.Metadata.Dependencies, nil), slices.Contains(recorded.Metadata.Maintainers, nil):
		return errors.New("the metadata of its chart hold a null")
	case recorded.Lock != nil && slices.Contains(recorded.Lock.Dependencies, nil):
		return errors.New("the lock of its chart holds a null")
	case slices.Contains(recorded.Templates, nil), slices.Contains(recorded.Files, nil):
		return errors.New("one of the files of its chart is null")
	}
	if extentOf(recorded.Schema, len(recorded.Schema), limits.ObjectDepth).depth > limits.ObjectDepth {
		return fmt.Errorf("the schema of its chart nests deeper than %d levels", limits.ObjectDepth)
	}
	facts := len(recorded.Schema)
	for _, file := range recorded.Files {
		if isMetaFile(file.Name) {
			facts += len(file.Data)
		}
	}
	if facts > limits.ChartFactsBytes {
		return fmt.Errorf("schema and metainfo of its chart are larger than %d KiB", limits.ChartFactsBytes>>10)
	}
	if textBytes(recorded.Values) > limits.ValuesBytes {
		return fmt.Errorf("the values of its chart are larger than %d KiB", limits.ValuesBytes>>10)
	}
	return nil
}

// textBytes adds up the strings and keys of values; their number has a budget of its own.
func textBytes(value any) int {
	size := 0
	switch typed := value.(type) {
	case map[string]any:
		for key, below := range typed {
			size += len(key) + textBytes(below)
		}
	case []any:
		for _, below := range typed {
			size += textBytes(below)
		}
	case string:
		size = len(typed)
	}
	return size
}
