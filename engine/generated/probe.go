package generated

import (
	"encoding/base64"
	"strconv"
	"strings"
	"text/template"
	"time"
)

// probe replaces the generators while a chart is analysed: it returns placeholders that look like generated values. A
// memoryless one returns the same for the same arguments, whatever was called before; another one returns a different
// one for each call, by which the call can be found in the rendering.
type probe struct {
	memoryless bool
	now        time.Time
	calls      []generation
	// plain is the input of encryptAES, by its placeholder.
	plain map[string]string
}

// generation is one call of a generator.
type generation struct {
	name string
	// kind is the same for calls with the same arguments, if the probe is memoryless.
	kind string
	// args are the texts among the arguments.
	args string
	// parts are the placeholders that were returned: one, or those of certificate and key.
	parts []placeholder
	// before is the text before the first part: the user of a htpasswd line.
	before string
}

type placeholder struct {
	shape
	text string
}

func newProbe(memoryless bool, now time.Time) *probe {
	return &probe{memoryless: memoryless, now: now, plain: map[string]string{}}
}

// functions are the template functions to render with.
func (p *probe) functions() template.FuncMap {
	functions := functionMap(p.answer)
	functions["now"] = func() time.Time { return p.now }
	functions["buildCustomCert"] = func(cert, key string) Certificate { return Certificate{decoded(cert), decoded(key)} }
	functions["decryptAES"] = func(args ...any) (any, error) {
		if texts := textsOf(args); len(texts) == 2 {
			if plain, known := p.plain[texts[1]]; known {
				return plain, nil
			}
		}
		return call("decryptAES", args)
	}
	return functions
}

// decoded is the decoded base64; a text that is not base64 stays: the true function judges it.
func decoded(text string) string {
	content, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return text
	}
	return string(content)
}

func (p *probe) answer(name string, args []any) (any, error) {
	texts := textsOf(args)
	shapes, before := shapesOf(name, args, texts)
	if shapes == nil {
		// Arguments of another type, or a user with a colon: the function itself reports the error.
		return call(name, args)
	}
	made := generation{name: name, args: strings.Join(texts, "\x00"), before: before}
	made.kind = name + "\x00" + made.args
	for index, shape := range shapes {
		seed := made.kind + "\x00" + strconv.Itoa(index)
		written := shape.imitate(seed)
		if !p.memoryless {
			written = shape.mark(strconv.Itoa(len(p.calls)) + "\x00" + seed)
		}
		made.parts = append(made.parts, placeholder{shape, written})
	}
	p.calls = append(p.calls, made)
	if name == "encryptAES" {
		p.plain[made.parts[0].text] = texts[1]
	}
	return made.result(func(part int) string { return made.parts[part].text }), nil
}

// result returns what the template gets, with the texts for the parts.
func (g generation) result(part func(index int) string) any {
	switch {
	case len(g.parts) == 2:
		return Certificate{part(0) + "\n", part(1) + "\n"}
	case g.parts[0].isBlock:
		return part(0) + "\n"
	case g.parts[0].isNumber:
		// Placeholders and records of numbers are digits.
		value, _ := strconv.Atoi(part(0))
		return value
	default:
		return g.before + part(0)
	}
}

// texts splits the result of a generator into its parts.
func (g generation) texts(result any) []string {
	switch typed := result.(type) {
	case Certificate:
		return []string{strings.TrimSuffix(typed.Cert, "\n"), strings.TrimSuffix(typed.Key, "\n")}
	case string:
		typed = strings.TrimPrefix(typed, g.before)
		if g.parts[0].isBlock {
			typed = strings.TrimSuffix(typed, "\n")
		}
		return []string{typed}
	case int:
		return []string{strconv.Itoa(typed)}
	default:
		return nil
	}
}

// keyLabels are the kinds of genPrivateKey.
var keyLabels = map[string]string{
	"": "RSA PRIVATE KEY", "rsa": "RSA PRIVATE KEY", "dsa": "DSA PRIVATE KEY", "ecdsa": "EC PRIVATE KEY", "ed25519": "PRIVATE KEY",
}

// shapesOf returns the shapes of a generator's result, and the text before it; nothing if it refuses the arguments.
func shapesOf(name string, args []any, texts []string) (shapes []shape, before string) {
	if strings.HasPrefix(name, "gen") && name != "genPrivateKey" {
		return []shape{pemBlock("CERTIFICATE"), pemBlock("RSA PRIVATE KEY")}, ""
	}
	switch {
	case name == "uuidv4":
		return []shape{uuidShape}, ""
	case len(args) == 2 && name == "randInt":
		minimum, isLeast := args[0].(int)
		maximum, isMost := args[1].(int)
		if !isLeast || !isMost || minimum >= maximum {
			return nil, ""
		}
		return []shape{number(minimum)}, ""
	case len(args) == 1 && strings.HasPrefix(name, "rand"):
		count, isNumber := args[0].(int)
		if !isNumber || count <= 0 {
			return nil, ""
		}
		return []shape{randomText(name, count)}, ""
	case len(args) == 1 && name == "shuffle":
		return []shape{text(len(texts[0]), letters+digits, isAny)}, ""
	case len(args) == 1 && name == "bcrypt":
		return []shape{bcryptShape}, ""
	case len(args) == 1 && name == "genPrivateKey" && keyLabels[texts[0]] != "":
		return []shape{pemBlock(keyLabels[texts[0]])}, ""
	case len(args) == 2 && name == "htpasswd" && !strings.Contains(texts[0], ":"):
		return []shape{bcryptShape}, texts[0] + ":"
	case len(args) == 2 && name == "encryptAES":
		const block = 16
		return []shape{base64Text(block + (len(texts[1])/block+1)*block)}, ""
	default:
		return nil, ""
	}
}

func randomText(name string, count int) shape {
	switch name {
	case "randAlpha":
		return text(count, letters, isAlpha)
	case "randNumeric":
		return text(count, digits, isDigit)
	case "randBytes":
		return base64Text(count)
	case "randAscii":
		return text(count, letters+digits, isPrintable)
	default:
		return text(count, letters+digits, isAlphaNum)
	}
}
