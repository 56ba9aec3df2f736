package guard

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

func TestAPanicIsTheErrorOfItsIndexAlone(t *testing.T) {
	var done atomic.Int32
	failures := Each(20, 3, func(index int) error {
		if index == 7 {
			panic("a defect")
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

// lines passes on what is logged, line by line.
type lines chan string

func (l lines) Write(line []byte) (int, error) {
	l <- string(line)
	return len(line), nil
}

func TestAPanicWithoutACallerIsLogged(t *testing.T) {
	logged := make(lines, 2)
	log := slog.New(slog.NewTextHandler(logged, nil))
	Go(log, "testing", func() { panic("oh") })
	if line := <-logged; !strings.Contains(line, "testing") || !strings.Contains(line, "oh") {
		t.Errorf("log: %s", line)
	}
	func() {
		defer Logged(log, "again")
		panic("no")
	}()
	if line := <-logged; !strings.Contains(line, "again") {
		t.Errorf("log: %s", line)
	}
}

func TestAPanicOfWorkThatIsAwaitedIsItsError(t *testing.T) {
	got := make(chan error, 1)
	Answer(func() (int, error) { panic("oh") }, func(_ int, err error) { got <- err })
	var caught *PanicError
	if err := <-got; !errors.As(err, &caught) {
		t.Errorf("%v", err)
	}
}

// begins tells whether a syntax node starts a goroutine: a statement, or a call of the Go of a group; those of this
// package recover.
func begins(node ast.Node) bool {
	switch node := node.(type) {
	case *ast.GoStmt:
		return true
	case *ast.CallExpr:
		called, ok := node.Fun.(*ast.SelectorExpr)
		if !ok || called.Sel.Name != "Go" && called.Sel.Name != "TryGo" {
			return false
		}
		of, named := called.X.(*ast.Ident)
		return !named || of.Name != "guard"
	}
	return false
}

func TestEveryGoroutineOfTheEngineBeginsInThisPackage(t *testing.T) {
	for text, want := range map[string]bool{
		"go run()": true, "group.Go(run)": true, "a.group.Go(run)": true, "guard.Go(log, what, run)": false, "run()": false,
	} {
		body, err := parser.ParseExpr("func() { " + text + " }")
		if err != nil {
			t.Fatal(err)
		}
		if found := anyNode(body, begins); found != want {
			t.Errorf("%s: %v", text, found)
		}
	}
	files := token.NewFileSet()
	seen := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		if filepath.Dir(path) == "." || filepath.Base(filepath.Dir(path)) == "guard" {
			return nil
		}
		seen++
		parsed, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		anyNode(parsed, func(node ast.Node) bool {
			if begins(node) {
				t.Errorf("%s: a goroutine that does not begin in package guard", files.Position(node.Pos()))
			}
			return false
		})
		return nil
	})
	if err != nil || seen < 100 {
		t.Fatalf("%d files, %v", seen, err)
	}
}

// anyNode tells whether a condition holds for a node or one inside it.
func anyNode(root ast.Node, is func(ast.Node) bool) (found bool) {
	ast.Inspect(root, func(node ast.Node) bool {
		found = found || node != nil && is(node)
		return !found
	})
	return found
}
