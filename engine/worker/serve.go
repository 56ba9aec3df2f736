package worker

import (
	"bufio"
	"encoding/json"
	"io"
	"runtime/debug"
)

// stackBytes ends a recursion without end before it has taken much memory.
const stackBytes = 256 << 20

// Serve is the life of a worker: a line with an order comes in, a line with the answer goes out. When the input ends,
// the engine is gone, and `end` must end the process even though an order may still be at work.
func Serve(input io.Reader, output io.Writer, end func(), carryOut func(order []byte) any) error {
	debug.SetMaxStack(stackBytes)
	orders := make(chan []byte)
	go func() {
		defer end()
		reader := bufio.NewReaderSize(input, 1<<20)
		for {
			line, err := reader.ReadBytes('\n')
			if err != nil {
				return
			}
			orders <- line
		}
	}()
	answers := json.NewEncoder(output)
	for {
		if err := answers.Encode(carryOut(<-orders)); err != nil {
			return err
		}
	}
}
