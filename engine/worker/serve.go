package worker

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"runtime"
	"runtime/debug"

	"walm.io/engine/guard"
	"walm.io/engine/worker/isolation"
)

const (
	// stackBytes ends infinite recursion before it has used much memory.
	stackBytes = 256 << 20
	// threads is how many run concurrently: one that renders, one for the garbage collector.
	threads = 2
)

// Ask lets an order ask the engine for something that only the engine may do, and waits for the answer; both are JSON.
type Ask func(question, answer any) error

// Each line that a worker writes begins with one of these.
const (
	reportMark   = 'i'
	questionMark = 'q'
	answerMark   = 'a'
)

// Serve is the main loop of a worker. It isolates itself first, with the limits that the engine sends, and reports the
// result: files have to be read before. Then for each order that comes in, a line with the answer goes out. When the
// input ends, the engine is gone, and `end` must end the process even if an order is still running.
func Serve(input io.Reader, output io.Writer, end func(), carryOut func(order Order, ask Ask) any) error {
	debug.SetMaxStack(stackBytes)
	runtime.GOMAXPROCS(threads)
	orders := make(chan Order)
	guard.Go(slog.Default(), "reading orders", func() {
		defer end()
		reader := bufio.NewReaderSize(input, 1<<20)
		for {
			order, err := readOrder(reader)
			if err != nil {
				return
			}
			orders <- order
		}
	})
	var limits isolation.Limits
	if err := json.Unmarshal((<-orders).Text, &limits); err != nil {
		return err
	}
	if err := write(output, reportMark, isolation.Isolate(limits)); err != nil {
		return err
	}
	ask := func(question, answer any) error {
		if err := write(output, questionMark, question); err != nil {
			return err
		}
		return json.Unmarshal((<-orders).Text, answer)
	}
	for {
		if err := write(output, answerMark, carryOut(<-orders, ask)); err != nil {
			return err
		}
	}
}

func write(output io.Writer, mark byte, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return errors.Join(errors.New("an answer cannot be written as JSON"), err)
	}
	line := make([]byte, 0, len(text)+2)
	line = append(line, mark)
	line = append(line, text...)
	_, err = output.Write(append(line, '\n'))
	return err
}
