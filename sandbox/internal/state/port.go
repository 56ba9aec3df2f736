package state

import (
	"fmt"
	"net"
	"strconv"
	"time"
)

// lingering is how long Listen waits for the ports of a killed process: the kernel may release its lock before its
// ports.
const lingering = 500 * time.Millisecond

// Listen opens a port of 127.0.0.1. A wanted port is taken or the call fails; with wanted 0 the port used
// last time is preferred, and any free one is taken when that is 0 or in use.
func Listen(wanted, last int) (net.Listener, error) {
	if wanted != 0 {
		listener, err := net.Listen("tcp", loopback(wanted))
		if err != nil {
			return nil, fmt.Errorf("port %d of 127.0.0.1 cannot be used; free it or ask for another: %w", wanted, err)
		}
		return listener, nil
	}
	for deadline := time.Now().Add(lingering); last != 0 && time.Now().Before(deadline); time.Sleep(lingering / 20) {
		if listener, err := net.Listen("tcp", loopback(last)); err == nil {
			return listener, nil
		}
	}
	return net.Listen("tcp", loopback(0))
}

// Port is the TCP port that a listener got.
func Port(listener net.Listener) int { return listener.Addr().(*net.TCPAddr).Port }

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
