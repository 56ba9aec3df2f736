package worker

import (
	"bufio"
	"encoding/json"
	"io"
)

// Bulky is an order with long contents. They are sent unencoded, before the JSON that refers to them: in JSON they
// would be a third longer, and there would be several copies of them at once.
type Bulky interface{ Blobs() [][]byte }

// Order is a request to a worker: JSON, and the contents that it refers to by index.
type Order struct {
	Text  []byte
	Blobs [][]byte
}

// blobMark begins a line with the lengths of the contents that follow it. No JSON begins with it.
const blobMark = 'b'

// writeOrder sends an order, or an answer to a question.
func writeOrder(output io.Writer, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	if bulky, ok := value.(Bulky); ok {
		if err := writeBlobs(output, bulky.Blobs()); err != nil {
			return err
		}
	}
	if _, err := output.Write(text); err != nil {
		return err
	}
	_, err = output.Write([]byte{'\n'})
	return err
}

func writeBlobs(output io.Writer, blobs [][]byte) error {
	lengths := make([]int, len(blobs))
	for at, blob := range blobs {
		lengths[at] = len(blob)
	}
	line, err := json.Marshal(lengths)
	if err != nil {
		return err
	}
	if _, err := output.Write(append(append([]byte{blobMark}, line...), '\n')); err != nil {
		return err
	}
	for _, blob := range blobs {
		if _, err := output.Write(blob); err != nil {
			return err
		}
	}
	return nil
}

// readOrder reads what writeOrder wrote.
func readOrder(input *bufio.Reader) (Order, error) {
	line, err := input.ReadBytes('\n')
	if err != nil || line[0] != blobMark {
		return Order{Text: line}, err
	}
	var lengths []int
	if err := json.Unmarshal(line[1:], &lengths); err != nil {
		return Order{}, err
	}
	order := Order{Blobs: make([][]byte, len(lengths))}
	for at, length := range lengths {
		order.Blobs[at] = make([]byte, length)
		if _, err := io.ReadFull(input, order.Blobs[at]); err != nil {
			return Order{}, err
		}
	}
	order.Text, err = input.ReadBytes('\n')
	return order, err
}
