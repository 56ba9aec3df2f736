package action

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

	"walm.io/engine/problem"
)

const (
	// parallelRenders is the number of charts rendered at the same time.
	parallelRenders = 4
	// RenderMemoryBytes is what the templates of one chart may take.
	RenderMemoryBytes = 1 << 30
	// renderedBytes is what all files of one chart may add up to; a record has less than 1 MiB.
	renderedBytes = 64 << 20
	// memoryLook is the pause between two looks at a worker's memory.
	memoryLook = 25 * time.Millisecond
)

// RenderPool renders charts in worker processes, each killed when its templates take too long or too much memory; the
// engine itself and what else it does are not touched by that.
type RenderPool struct {
	command []string
	log     *slog.Logger
	memory  int64
	slots   chan struct{}
	idle    chan *workerProcess
}

// NewRenderPool prepares workers that `command` starts (a program that calls ServeRenders) and starts the first. None
// may hold more than `memory` bytes.
func NewRenderPool(log *slog.Logger, memory int64, command ...string) *RenderPool {
	pool := &RenderPool{
		command: command,
		log:     log,
		memory:  memory,
		slots:   make(chan struct{}, parallelRenders),
		idle:    make(chan *workerProcess, parallelRenders),
	}
	go pool.refill()
	return pool
}

// Close ends the idle workers.
func (p *RenderPool) Close() {
	for {
		select {
		case worker := <-p.idle:
			worker.kill()
		default:
			return
		}
	}
}

// refill keeps a worker warm, so that the next render need not wait for a process to start.
func (p *RenderPool) refill() {
	if len(p.idle) > 0 {
		return
	}
	worker, err := p.start()
	if err != nil {
		p.log.Warn("a render worker could not be started", "error", err)
		return
	}
	p.keep(worker)
}

func (p *RenderPool) keep(worker *workerProcess) {
	select {
	case p.idle <- worker:
	default:
		worker.kill()
	}
}

// render has one order carried out. The context bounds it. Errors: TEMPLATE_FAILED, TEMPLATE_TIMEOUT, VALUES_INVALID,
// those of the cluster.
func (p *RenderPool) render(ctx context.Context, name string, order renderOrder) (renderResult, error) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return renderResult{}, ctx.Err()
	}
	worker, err := p.take()
	if err != nil {
		return renderResult{}, fmt.Errorf("starting a render worker: %w", err)
	}
	result, err := worker.carryOut(ctx, name, order)
	if err != nil {
		worker.kill()
		go p.refill()
		return renderResult{}, err
	}
	p.keep(worker)
	if result.Problem != nil {
		return renderResult{}, result.Problem
	}
	return result, nil
}

func (p *RenderPool) take() (*workerProcess, error) {
	select {
	case worker := <-p.idle:
		return worker, nil
	default:
		return p.start()
	}
}

// workerProcess is one running worker. It serves one order at a time.
type workerProcess struct {
	command *exec.Cmd
	memory  int64
	input   io.WriteCloser
	output  *bufio.Reader
}

func (p *RenderPool) start() (*workerProcess, error) {
	command := exec.Command(p.command[0], p.command[1:]...)
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
	return &workerProcess{command: command, memory: p.memory, input: input, output: bufio.NewReaderSize(output, 1<<20)}, nil
}

func (w *workerProcess) kill() {
	_ = w.command.Process.Kill()
	_ = w.command.Wait()
}

var errTooMuchMemory = errors.New("too much memory")

// carryOut sends the order and waits for the result. After an error the worker is of no use any more.
func (w *workerProcess) carryOut(ctx context.Context, name string, order renderOrder) (renderResult, error) {
	bounded, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go w.watchMemory(bounded, stop)
	kill := context.AfterFunc(bounded, func() { _ = w.command.Process.Kill() })
	result, err := w.exchange(order)
	if kill() && err == nil {
		return result, nil
	}
	switch cause := context.Cause(bounded); {
	case errors.Is(cause, errTooMuchMemory), errors.Is(err, errTooMuchMemory):
		return renderResult{}, problem.New(problem.TemplateFailed,
			"the templates of chart %s need more than %d MiB of memory: look for loops and recursion in them", name, w.memory>>20)
	case errors.Is(cause, context.DeadlineExceeded):
		return renderResult{}, problem.New(problem.TemplateTimeout,
			"the templates of chart %s did not finish in time: look for loops and recursion in them", name)
	case cause != nil:
		return renderResult{}, cause
	default:
		return renderResult{}, problem.New(problem.TemplateFailed,
			"the templates of chart %s ended unexpectedly: look for recursion without end in them", name).Because(err)
	}
}

func (w *workerProcess) exchange(order renderOrder) (renderResult, error) {
	line, err := json.Marshal(order)
	if err != nil {
		return renderResult{}, err
	}
	if _, err := w.input.Write(append(line, '\n')); err != nil {
		return renderResult{}, err
	}
	answer := []byte{}
	for {
		part, err := w.output.ReadSlice('\n')
		answer = append(answer, part...)
		if len(answer) > renderedBytes {
			return renderResult{}, errTooMuchMemory
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return renderResult{}, err
		}
		break
	}
	var result renderResult
	err = json.Unmarshal(answer, &result)
	return result, err
}

// watchMemory ends the exchange when the worker has taken too much.
func (w *workerProcess) watchMemory(ctx context.Context, stop context.CancelCauseFunc) {
	look := time.NewTicker(memoryLook)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			if residentBytes(w.command.Process.Pid) > w.memory {
				stop(errTooMuchMemory)
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
