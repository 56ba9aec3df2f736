package record

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
)

const (
	// maxCrashes is how often the engine may crash while it reads a record: once among others that were read
	// concurrently, twice alone.
	maxCrashes = 3
	// maxSuspects bounds how many records are remembered; the oldest are dropped.
	maxSuspects = 1000

	openSuffix = ".open"
	diedSuffix = ".died"
)

// Diary remembers which records are being read, beyond the end of the process: some crashes, such as an exhausted stack
// or memory, cannot be recovered. A record that was being read when the engine crashed is a suspect, and is read while
// no other is; after maxCrashes crashes it is not read again. It is identified by UID and resource version, so that a
// changed record is a new one. A nil diary remembers nothing.
type Diary struct {
	folder string
	log    *slog.Logger
	// alone is held exclusively while a suspect is read; shared by others.
	alone sync.RWMutex

	mutex  sync.Mutex
	deaths map[string]int
	// readers counts the present readers of a record: several may read one.
	readers map[string]int
}

// OpenDiary reads what an engine left in a folder that is only for this.
func OpenDiary(folder string, log *slog.Logger) (*Diary, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	diary := &Diary{folder: folder, log: log, deaths: map[string]int{}, readers: map[string]int{}}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return writtenAt(b).Compare(writtenAt(a)) })
	for _, suffix := range []string{diedSuffix, openSuffix} {
		for _, entry := range entries {
			id, found := strings.CutSuffix(entry.Name(), suffix)
			if !found {
				continue
			}
			if err := diary.takeOver(id, suffix); err != nil {
				return nil, err
			}
		}
	}
	return diary, nil
}

func writtenAt(entry fs.DirEntry) time.Time {
	info, err := entry.Info()
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// takeOver reads one mark of an engine that has ended.
func (d *Diary) takeOver(id, suffix string) error {
	file := filepath.Join(d.folder, id+suffix)
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	// An incomplete mark still means that reading had started.
	before, _ := strconv.Atoi(string(text))
	if suffix == diedSuffix && len(d.deaths) < maxSuspects {
		d.deaths[id] = before
		return nil
	}
	if suffix == openSuffix {
		d.deaths[id] = max(before, d.deaths[id]) + 1
		if err := os.WriteFile(filepath.Join(d.folder, id+diedSuffix), []byte(strconv.Itoa(d.deaths[id])), 0o600); err != nil {
			return err
		}
		d.log.Warn("the engine crashed earlier while reading a record", "record", id, "times", d.deaths[id])
	}
	return os.Remove(file)
}

// idOf identifies exactly the contents of a Secret, as part of a file name; "" if the cluster did not provide them.
func idOf(secret *corev1.Secret) string {
	if secret.UID == "" || secret.ResourceVersion == "" {
		return ""
	}
	id := string(secret.UID) + "_" + secret.ResourceVersion
	if strings.ContainsAny(id, "/\x00") || strings.HasPrefix(id, ".") || len(id) > 200 {
		return ""
	}
	return id
}

// read does work with the contents of a record, unless the engine has crashed on it too often. Error:
// RELEASE_UNREADABLE, and what work returns.
func (d *Diary) read(place Place, id string, work func() error) error {
	if d == nil || id == "" {
		return work()
	}
	d.mutex.Lock()
	deaths := d.deaths[id]
	d.mutex.Unlock()
	if deaths >= maxCrashes {
		return place.Unreadable("the engine ended %d times while it read it", deaths)
	}
	if deaths > 0 {
		d.alone.Lock()
		defer d.alone.Unlock()
	} else {
		d.alone.RLock()
		defer d.alone.RUnlock()
	}
	d.begin(id, deaths)
	defer d.end(id)
	return work()
}

func (d *Diary) begin(id string, deaths int) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.readers[id]++; d.readers[id] > 1 {
		return
	}
	if err := os.WriteFile(filepath.Join(d.folder, id+openSuffix), []byte(strconv.Itoa(deaths)), 0o600); err != nil {
		d.log.Warn("writing the note that a record is being read failed", "error", err)
	}
}

// end drops a record that was read: whatever crashed the engine before, it was not this record.
func (d *Diary) end(id string) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.readers[id]--; d.readers[id] > 0 {
		return
	}
	delete(d.readers, id)
	suffixes := []string{openSuffix}
	if d.deaths[id] > 0 {
		suffixes = append(suffixes, diedSuffix)
		delete(d.deaths, id)
	}
	for _, suffix := range suffixes {
		if err := os.Remove(filepath.Join(d.folder, id+suffix)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			d.log.Warn("removing the note about a record failed", "error", err)
		}
	}
}
