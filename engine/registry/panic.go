package registry

import (
	"fmt"
	"runtime/debug"
)

// recoverInto turns a panic of the function that defers it into its error: in a goroutine it would end the engine.
func recoverInto(err *error) {
	if thrown := recover(); thrown != nil {
		*err = fmt.Errorf("panic: %v\n%s", thrown, debug.Stack())
	}
}
