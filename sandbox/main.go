// Command walm-sandbox is a real Kubernetes control plane on one machine.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"walm.io/walm/sandbox/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := cli.NewCommand().ExecuteContext(ctx); err != nil {
		fmt.Fprintf(os.Stderr, "walm-sandbox: %v\n", err)
		os.Exit(1)
	}
}
