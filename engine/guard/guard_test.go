package guard

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
)

func TestAPanicIsTheErrorOfItsIndexAlone(t *testing.T) {
	var done atomic.Int32
	failures := Each(20, 3, func(index int) error {
		if index == 7 {
			var nothing map[string]int
			nothing["x"] = 1
		}
		done.Add(1)
		return nil
	})
	var caught *PanicError
	if !errors.As(failures[7], &caught) || len(caught.Stack) == 0 {
		t.Errorf("index 7: %v", failures[7])
	}
	if done.Load() != 19 || failures[6] != nil || failures[8] != nil {
		t.Errorf("%d done, %v", done.Load(), failures)
	}
}

func TestAPanicWithoutACallerIsLogged(t *testing.T) {
	var log strings.Builder
	ended := make(chan struct{})
	Go(slog.New(slog.NewTextHandler(&log, nil)), "testing", func() {
		defer func() { go close(ended) }()
		panic("oh")
	})
	<-ended
	func() {
		defer Logged(slog.New(slog.NewTextHandler(&log, nil)), "again")
		panic("no")
	}()
	if !strings.Contains(log.String(), "again") {
		t.Errorf("log: %s", log.String())
	}
}

// began matches what begins a goroutine; those of this package recover.
var began = regexp.MustCompile(`(?m)^\s*go |\.Go\(func\(\) \{`)

// recovers matches the first statements of a goroutine that recovers by itself.
var recovers = regexp.MustCompile(`^[^\n]*\n(\s*(var [^\n]*|defer [^\n]*|//[^\n]*)\n)*\s*defer guard\.`)

func TestEveryGoroutineOfTheEngineRecovers(t *testing.T) {
	seen := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		if filepath.Dir(path) == "." || filepath.Base(filepath.Dir(path)) == "guard" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, at := range began.FindAllIndex(text, -1) {
			seen++
			rest := strings.TrimLeft(string(text[at[0]:]), " \t\n")
			if !recovers.MatchString(rest) {
				line, _, _ := strings.Cut(rest, "\n")
				t.Errorf("%s: a goroutine that does not begin with a recover of package guard: %s", path, line)
			}
		}
		return nil
	})
	if err != nil || seen == 0 {
		t.Fatalf("%d goroutines, %v", seen, err)
	}
}
