package worker

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// memoryLook is the pause between two looks at a worker's memory.
const memoryLook = 25 * time.Millisecond

// process is one running worker. It serves one order at a time.
type process struct {
	command *exec.Cmd
	input   io.WriteCloser
	output  *bufio.Reader
	topics  map[string]bool
}

func start(program []string) (*process, error) {
	command := exec.Command(program[0], program[1:]...)
	command.Stderr = io.Discard
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
	return &process{command: command, input: input, output: bufio.NewReaderSize(output, 1<<20), topics: map[string]bool{}}, nil
}

func (w *process) kill() {
	_ = w.command.Process.Kill()
	_ = w.command.Wait()
}

// carryOut sends the order and waits for the answer. After an error the worker is of no use any more.
func (w *process) carryOut(ctx context.Context, settings Settings, order, answer any) error {
	bounded, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go w.watchMemory(bounded, settings.MemoryBytes, stop)
	kill := context.AfterFunc(bounded, func() { _ = w.command.Process.Kill() })
	err := w.exchange(settings.AnswerBytes, order, answer)
	if kill() && err == nil {
		return nil
	}
	switch cause := context.Cause(bounded); {
	case errors.Is(cause, ErrMemory), errors.Is(err, ErrMemory):
		return ErrMemory
	case cause != nil:
		return cause
	default:
		return errors.Join(ErrEnded, err)
	}
}

func (w *process) exchange(limit int64, order, answer any) error {
	line, err := json.Marshal(order)
	if err != nil {
		return err
	}
	if _, err := w.input.Write(append(line, '\n')); err != nil {
		return err
	}
	text := []byte{}
	for {
		part, err := w.output.ReadSlice('\n')
		text = append(text, part...)
		if int64(len(text)) > limit {
			return ErrMemory
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return err
		}
		return json.Unmarshal(text, answer)
	}
}

// watchMemory ends the exchange when the worker has taken too much.
func (w *process) watchMemory(ctx context.Context, limit int64, stop context.CancelCauseFunc) {
	look := time.NewTicker(memoryLook)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			if residentBytes(w.command.Process.Pid) > limit {
				stop(ErrMemory)
				return
			}
		}
	}
}

// residentBytes is the memory of a process as Linux tells it; 0 elsewhere, where only the time limit protects.
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
