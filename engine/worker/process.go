package worker

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"walm.io/engine/guard"
	"walm.io/engine/worker/isolation"
)

const (
	// memoryCheckInterval is the interval of checks of a worker's memory.
	memoryCheckInterval = 25 * time.Millisecond
	// greeting is how long a worker may take to start.
	greeting = 20 * time.Second
	// processorSeconds ends a worker that has outlived every time limit of its orders.
	processorSeconds = 3600
	// mappedBytes is what a Go program maps without using it.
	mappedBytes = 256 << 20
)

// process is one running worker. It executes one order at a time.
type process struct {
	command   *exec.Cmd
	input     io.WriteCloser
	output    *bufio.Reader
	lastWords *lastWords
	topics    map[string]bool
	isolation isolation.Report
}

// start returns a worker that has isolated itself. It inherits nothing: no environment, no descriptor except its pipes.
func start(settings Settings) (*process, error) {
	command := exec.Command(settings.Command[0], settings.Command[1:]...)
	command.Env = []string{}
	command.Dir = "/"
	separate(command)
	words := &lastWords{}
	command.Stderr = words
	input, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	worker := &process{
		command: command, input: input, output: bufio.NewReaderSize(output, 1<<20), lastWords: words, topics: map[string]bool{},
	}
	if err := worker.greet(settings); err != nil {
		worker.kill()
		return nil, fmt.Errorf("it did not begin: %w (%s)", err, words)
	}
	return worker, nil
}

// greet sends the worker its limits and reads the state of its isolation.
func (w *process) greet(settings Settings) error {
	late := time.AfterFunc(greeting, func() { _ = w.command.Process.Kill() })
	defer late.Stop()
	// The engine's own memory check comes first, and reports the reason; the kernel's limit catches what is faster. The
	// latter also counts mapped memory, and a Go program that hits it does not always end with a clear message.
	limits := isolation.Limits{MemoryBytes: settings.MemoryBytes*2 + mappedBytes, CPUSeconds: processorSeconds}
	if err := w.send(limits); err != nil {
		return err
	}
	mark, text, err := w.receive(1 << 20)
	if err != nil {
		return err
	}
	if mark != reportMark {
		return errors.New("it did not report its isolation")
	}
	return json.Unmarshal(text, &w.isolation)
}

func (w *process) kill() {
	_ = w.command.Process.Kill()
	_ = w.command.Wait()
}

// carryOut sends the order and waits for the answer. After an error the worker cannot be used any more.
func (w *process) carryOut(ctx context.Context, settings Settings, order, answer any, reply Reply) error {
	bounded, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	guard.Go(slog.Default(), "watching the memory of a worker", func() { w.watchMemory(bounded, settings, stop) })
	kill := context.AfterFunc(bounded, func() { _ = w.command.Process.Kill() })
	err := w.exchange(settings.AnswerBytes, order, answer, reply)
	if kill() && err == nil {
		return nil
	}
	switch cause := context.Cause(bounded); {
	case errors.Is(cause, ErrMemory), errors.Is(err, ErrMemory):
		return ErrMemory
	case cause != nil:
		return cause
	}
	// The exit status and its last words are known only after it has ended.
	w.kill()
	if w.lastWords.sayOutOfMemory() || w.peakBytes() > settings.MemoryBytes*3/4 && !w.lastWords.sayStackOverflow() {
		return ErrMemory
	}
	return errors.Join(ErrEnded, err, errors.New(w.lastWords.String()))
}

// peakBytes is the maximum memory that the process ever used. The Go runtime does not always survive a refused
// allocation, and then reports something else.
func (w *process) peakBytes() int64 {
	if ended := w.command.ProcessState; ended != nil {
		return peakResident(ended)
	}
	return 0
}

func (w *process) exchange(limit int64, order, answer any, reply Reply) error {
	if err := w.send(order); err != nil {
		return err
	}
	for {
		mark, text, err := w.receive(limit)
		switch {
		case err != nil:
			return err
		case mark == answerMark:
			return json.Unmarshal(text, answer)
		case mark != questionMark || reply == nil:
			return errors.New("it wrote something that is neither an answer nor a question")
		}
		if err := w.send(reply(text)); err != nil {
			return err
		}
	}
}

func (w *process) send(value any) error { return writeOrder(w.input, value) }

// receive reads a line of limited length.
func (w *process) receive(limit int64) (mark byte, text []byte, err error) {
	line := []byte{}
	for {
		part, err := w.output.ReadSlice('\n')
		line = append(line, part...)
		if int64(len(line)) > limit {
			return 0, nil, ErrMemory
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return 0, nil, err
		}
		return line[0], line[1 : len(line)-1], nil
	}
}

// watchMemory ends the exchange if the worker uses too much, or is the largest when all together do.
func (w *process) watchMemory(ctx context.Context, settings Settings, stop context.CancelCauseFunc) {
	defer settings.holdings.forget(w)
	look := time.NewTicker(memoryCheckInterval)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			held := residentBytes(w.command.Process.Pid)
			if held > settings.MemoryBytes {
				stop(ErrMemory)
				return
			}
			if settings.holdings.note(w, held, settings.AllBytes) {
				stop(ErrCrowded)
				return
			}
		}
	}
}

// residentBytes is the memory of a process according to Linux; 0 elsewhere, where only the time limit protects.
func residentBytes(pid int) int64 {
	content, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(content))
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}
