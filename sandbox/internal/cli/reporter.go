package cli

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

const (
	// reportFlag makes a process report to the one that started it in the background.
	reportFlag = "report-to-parent"
	// reportDescriptor is the first one that a child inherits beyond the standard three.
	reportDescriptor = 3
	// readyPrefix begins the last line of a report.
	readyPrefix = "ready "
)

// reporter reports the progress of a start: to the person at the terminal, or to the parent of a background process.
type reporter struct {
	say   func(format string, arguments ...any)
	ready func(with string)
}

func reporterFlag(command *cobra.Command) func() reporter {
	toParent := command.Flags().Bool(reportFlag, false, "")
	// The flag exists, because it was just defined.
	_ = command.Flags().MarkHidden(reportFlag)
	return func() reporter {
		if *toParent {
			return parentReporter(os.NewFile(reportDescriptor, "parent"))
		}
		return reporter{
			say:   func(format string, arguments ...any) { command.PrintErrf(format+"\n", arguments...) },
			ready: func(with string) { fmt.Fprintln(command.OutOrStdout(), with) },
		}
	}
}

// parentReporter ignores errors of a closed pipe: the sandbox keeps running when its parent has ended.
func parentReporter(pipe io.WriteCloser) reporter {
	return reporter{
		say: func(format string, arguments ...any) { _, _ = fmt.Fprintf(pipe, format+"\n", arguments...) },
		ready: func(with string) {
			_, _ = fmt.Fprintln(pipe, readyPrefix+with)
			_ = pipe.Close()
		},
	}
}
