package generated

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strconv"
	"strings"
)

// shape describes a generated text: how to write placeholders for it, and how to recognise it in their place.
type shape struct {
	// length of the text; 0 if it varies.
	length int
	// measure returns the length of the generated text at the beginning of a recorded one, -1 if there is none.
	measure func(recorded string) int
	// imitate creates a placeholder of that shape from a seed; mark creates one that is long enough not to occur by
	// chance.
	imitate, mark func(seed string) string
	// isCuttable is true if the beginning of a mark, down to headLength, is enough to recognise it.
	isCuttable bool
	// isBlock is true for PEM, which functions return with a trailing line feed that is not part of the text here.
	isBlock bool
	// isNumber is true for values that are not strings.
	isNumber bool
}

const (
	digits  = "0123456789"
	letters = "abcdefghijklmnopqrstuvwxyz"
	// headLength is the length of a mark's beginning that is searched for.
	headLength = 8
	// markLength is the minimum length of marks; more digits would not fit into a JSON number.
	markLength = 15
	bcryptHead = "$2a$10$"
)

// text is a shape of that many characters, marked by those of `alphabet`; `holds` says which ones the true texts
// contain.
func text(length int, alphabet string, holds func(byte) bool) shape {
	return shape{
		length: length, measure: measureFixed(length, holds), isCuttable: true,
		imitate: func(seed string) string { return letterStream(seed, length, alphabet) },
		mark:    func(seed string) string { return letterStream(seed, max(length, markLength), alphabet) },
	}
}

// base64Text is the shape of that many bytes in base64.
func base64Text(count int) shape {
	write := func(count int) func(string) string {
		return func(seed string) string {
			return base64.StdEncoding.EncodeToString([]byte(letterStream(seed, count, letters+digits)))
		}
	}
	length := base64.StdEncoding.EncodedLen(count)
	return shape{length: length, measure: measureFixed(length, isBase64), imitate: write(count), mark: write(max(count, markLength)), isCuttable: true}
}

// pemBlock is the shape of a block of PEM.
func pemBlock(label string) shape {
	write := func(seed string) string {
		body := base64.StdEncoding.EncodeToString([]byte(letterStream(seed, 48, letters+digits)))
		return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----"
	}
	return shape{measure: measureBlock, imitate: write, mark: write, isBlock: true}
}

// number is the shape of an integer; the imitation is the smallest possible one.
func number(least int) shape {
	return shape{
		measure: func(recorded string) int {
			if found := leadingNumber.FindString(recorded); found != "" {
				return len(found)
			}
			return -1
		},
		imitate: func(string) string { return strconv.Itoa(least) },
		mark:    func(seed string) string { return letterStream(seed, markLength, digits) }, isNumber: true,
	}
}

var leadingNumber = regexp.MustCompile(`^-?[0-9]+`)

var (
	uuidShape = func() shape {
		write := func(seed string) string {
			hex := letterStream(seed, 32, "abcdef0123456789")
			return strings.Join([]string{hex[:8], hex[8:12], "4" + hex[13:16], "a" + hex[17:20], hex[20:]}, "-")
		}
		return shape{length: 36, measure: measureFixed(36, isUUID), imitate: write, mark: write, isCuttable: true}
	}()
	bcryptShape = func() shape {
		const length = 60
		write := func(seed string) string {
			return bcryptHead + letterStream(seed, length-len(bcryptHead), letters+digits)
		}
		return shape{length: length, measure: measureFixed(length, isPrintable), imitate: write, mark: write}
	}()
)

func measureFixed(length int, holds func(byte) bool) func(string) int {
	return func(recorded string) int {
		if len(recorded) < length {
			return -1
		}
		for index := range length {
			if !holds(recorded[index]) {
				return -1
			}
		}
		return length
	}
}

func measureBlock(recorded string) int {
	const begin, end, dashes = "-----BEGIN ", "\n-----END ", "-----"
	if !strings.HasPrefix(recorded, begin) {
		return -1
	}
	last := strings.Index(recorded, end)
	if last < 0 {
		return -1
	}
	rest := last + len(end)
	closing := strings.Index(recorded[rest:], dashes)
	if closing < 0 {
		return -1
	}
	return rest + closing + len(dashes)
}

// letterStream spells a seed. The first character is no 0, and a letter if there are letters, so that YAML does not
// parse it as a number.
func letterStream(seed string, length int, alphabet string) string {
	first := strings.TrimRight(alphabet, digits)
	if first == "" {
		first = digits[1:]
	}
	written := make([]byte, 0, max(length, 0))
	for block := 0; len(written) < length; block++ {
		for _, value := range sha256.Sum256([]byte(seed + "\x00" + strconv.Itoa(block))) {
			from := alphabet
			if len(written) == 0 {
				from = first
			}
			if len(written) < length {
				written = append(written, from[int(value)%len(from)])
			}
		}
	}
	return string(written)
}

func isAlpha(b byte) bool     { return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' }
func isDigit(b byte) bool     { return '0' <= b && b <= '9' }
func isAlphaNum(b byte) bool  { return isAlpha(b) || isDigit(b) }
func isUUID(b byte) bool      { return isAlphaNum(b) || b == '-' }
func isBase64(b byte) bool    { return isAlphaNum(b) || b == '+' || b == '/' || b == '=' }
func isPrintable(b byte) bool { return ' ' <= b && b <= '~' }
func isAny(byte) bool         { return true }
