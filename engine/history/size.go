package history

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"

	helmchart "helm.sh/helm/v4/pkg/chart/v2"
	release "helm.sh/helm/v4/pkg/release/v1"

	"walm.io/engine/manifest"
	"walm.io/engine/problem"
	"walm.io/engine/record"
	"walm.io/engine/seal"
)

const (
	// maxRecordBytes is Kubernetes' limit for the data of one Secret.
	maxRecordBytes = 1 << 20
	// updateRoom is reserved in a new record for what Helm adds while the operation runs: the final status and
	// description, and the times of each hook.
	updateRoom     = 512
	updateRoomHook = 64
	// noteRoom is reserved for what only a change adds to its record, compressed: times, the task, warnings, the seal.
	noteRoom = 12 << 10
)

// CheckRecordable refuses a revision that does not fit into a Secret, or that could not be read again. A dry run checks
// the same bytes as the change: what only the change adds has reserved room. Error: RELEASE_TOO_LARGE.
func CheckRecordable(made *release.Release, limits record.Limits) error {
	if err := checkReadable(made, limits); err != nil {
		return err
	}
	if generousSize(made) < allowedSize(made)/2 {
		return nil
	}
	judged, err := foretellable(made)
	if err != nil {
		return err
	}
	return CheckSize(judged, limits.DecompressedBytes)
}

// checkReadable is the part of CheckRecordable that needs no encoding.
func checkReadable(made *release.Release, limits record.Limits) error {
	if err := record.Check(made, limits); err != nil {
		return tooLargeToRead(made, err)
	}
	if err := checkFilesSize(made, limits.DecompressedBytes); err != nil {
		return err
	}
	return manifest.CheckObjectSizes(made.Manifest)
}

// CheckSize refuses a release whose record does not fit into a Secret. Helm encodes a record as JSON, compressed, in
// base64; `decompressed` is the limit before that. Error: RELEASE_TOO_LARGE with the encoded sizes of the parts, in
// bytes.
func CheckSize(record *release.Release, decompressed int64) error {
	allowed := allowedSize(record)
	if generousSize(record) < allowed/2 {
		return nil
	}
	if err := checkFilesSize(record, decompressed); err != nil {
		return err
	}
	// The best compression takes five times as long as the fastest, which usually suffices.
	if fast, err := encodedSize(record, gzip.BestSpeed); err == nil && fast < allowed/10*9 {
		return nil
	}
	total, err := encodedSize(record, gzip.BestCompression)
	if err != nil {
		return fmt.Errorf("encoding the record of release %s: %w", record.Name, err)
	}
	if total <= allowed {
		return nil
	}
	return recordTooLarge(record, total)
}

// foretellable is a record with what a dry run knows of it: without its time and task, the times of its hooks, and the
// notes of the change. Sizes are judged by it.
func foretellable(made *release.Release) (*release.Release, error) {
	bare := &release.Release{Name: made.Name, Namespace: made.Namespace, Chart: made.Chart, Config: made.Config}
	if made.Info != nil {
		bare.Info = &release.Info{Notes: made.Info.Notes}
	}
	for _, hook := range seal.HooksAsMade(made.Hooks) {
		bare.Hooks = append(bare.Hooks, &hook)
	}
	entries := manifest.EntriesOfManifest(made.Manifest)
	for _, entry := range entries {
		if !entry.IsReleaseConfig("") {
			continue
		}
		text, err := json.Marshal(manifest.WithoutNotes(manifest.ObjectsOf(entry.Text)[0]))
		if err != nil {
			return nil, err
		}
		entry.Text = string(text) + "\n"
	}
	bare.Manifest = entries.Manifest()
	return bare, nil
}

// allowedSize is the limit of the encoded record, without what only a change adds.
func allowedSize(record *release.Release) int {
	return roomyRecord(record) - noteRoom
}

// roomyRecord is the limit of the encoded record when it is created.
func roomyRecord(record *release.Release) int {
	return maxRecordBytes - updateRoom - updateRoomHook*len(record.Hooks)
}

// checkFilesSize refuses files that could not be read again: they are base64 in a record, and need not be encoded for
// this check.
func checkFilesSize(record *release.Release, decompressed int64) error {
	size := base64.StdEncoding.EncodedLen(filesSize(record.Chart))
	if decompressed <= 0 || int64(size) <= decompressed {
		return nil
	}
	return problem.New(problem.ReleaseTooLarge,
		"the record of release %s in namespace %s would hold %d MiB of files of its chart, %d MiB may be in one (limits.recordBytes): leave files out of the chart with .helmignore",
		record.Name, record.Namespace, size>>20, decompressed>>20).With("limit", decompressed).With("chart", size)
}

// recordTooLarge is RELEASE_TOO_LARGE with the encoded sizes of the parts.
func recordTooLarge(record *release.Release, total int) error {
	sizes := map[string]any{"total": total, "limit": maxRecordBytes - noteRoom}
	for part, content := range map[string]any{"chart": record.Chart, "values": record.Config, "manifest": record.Manifest, "hooks": record.Hooks} {
		size, err := encodedSize(content, gzip.BestCompression)
		if err != nil {
			return fmt.Errorf("encoding the %s of release %s: %w", part, record.Name, err)
		}
		sizes[part] = size
	}
	tooLarge := problem.New(problem.ReleaseTooLarge,
		"the record of release %s in namespace %s would take %d bytes, Kubernetes keeps %d at most (chart %d, values %d, manifest %d, hooks %d, each compressed): use a smaller chart, or leave files out of it with .helmignore",
		record.Name, record.Namespace, total, sizes["limit"], sizes["chart"], sizes["values"], sizes["manifest"], sizes["hooks"])
	tooLarge.Details = sizes
	return tooLarge
}

// generousSize is about twice the size of the parts in bytes. Base64 adds a third and compression removes most of it,
// so a record far below the limit by this measure need not be encoded.
func generousSize(record *release.Release) int {
	size := 2 * len(record.Manifest)
	for _, hook := range record.Hooks {
		size += 2 * len(hook.Manifest)
	}
	return size + 2*chartSize(record.Chart) + valuesSize(record.Config)
}

// tooLargeToRead is RELEASE_TOO_LARGE for a release that could be written but not read again.
func tooLargeToRead(made *release.Release, reason error) error {
	return problem.New(problem.ReleaseTooLarge,
		"release %s in namespace %s cannot be recorded: %s", made.Name, made.Namespace, reason).Because(reason)
}

func chartSize(chart *helmchart.Chart) int {
	if chart == nil {
		return 0
	}
	return len(chart.Schema) + valuesSize(chart.Values) + filesSize(chart)
}

func filesSize(chart *helmchart.Chart) int {
	if chart == nil {
		return 0
	}
	size := 0
	for _, file := range chart.Templates {
		size += len(file.Data) + len(file.Name)
	}
	for _, file := range chart.Files {
		size += len(file.Data) + len(file.Name)
	}
	return size
}

func valuesSize(values map[string]any) int {
	text, err := json.Marshal(values)
	if err != nil {
		return maxRecordBytes
	}
	return len(text)
}

// encodedSize is the size in bytes after Helm's encoding, except for the compression level.
func encodedSize(content any, level int) (int, error) {
	text, err := json.Marshal(content)
	if err != nil {
		return 0, err
	}
	var compressed bytes.Buffer
	writer, err := gzip.NewWriterLevel(&compressed, level)
	if err != nil {
		return 0, err
	}
	if _, err := writer.Write(text); err != nil {
		return 0, err
	}
	if err := writer.Close(); err != nil {
		return 0, err
	}
	return base64.StdEncoding.EncodedLen(compressed.Len()), nil
}
