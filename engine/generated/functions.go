// Package generated finds out what a chart generates at random, and renders the chart again with the recorded values:
// an upgrade to the same chart then changes no password unintentionally.
package generated

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
)

// Certificate is what templates see of a generated certificate; sprig's own type is not exported.
type Certificate struct {
	Cert string
	Key  string
}

// generators are the template functions with a different result on each call.
var generators = []string{
	"bcrypt", "encryptAES", "genCA", "genCAWithKey", "genPrivateKey", "genSelfSignedCert", "genSelfSignedCertWithKey",
	"genSignedCert", "genSignedCertWithKey", "htpasswd", "randAlpha", "randAlphaNum", "randAscii", "randBytes", "randInt",
	"randNumeric", "shuffle", "uuidv4",
}

// derivations are the generators that transform their input: a different result means a different input.
var derivations = map[string]bool{
	"bcrypt": true, "encryptAES": true, "htpasswd": true, "genSignedCert": true, "genSignedCertWithKey": true,
}

var generatorName = regexp.MustCompile(`\b(` + strings.Join(generators, "|") + `)\b`)

// Named tells whether a template, or a value that may be used as one, contains the name of a generator.
func Named(text []byte) bool {
	return generatorName.Match(text)
}

// sprigFunctions are the unmodified functions.
var sprigFunctions = sprig.TxtFuncMap()

// call calls a function of sprig like a template. A certificate in its result becomes a Certificate.
func call(name string, args []any) (any, error) {
	function := reflect.ValueOf(sprigFunctions[name])
	kind := function.Type()
	if kind.NumIn() != len(args) {
		return nil, fmt.Errorf("wrong number of args for %s: want %d got %d", name, kind.NumIn(), len(args))
	}
	given := make([]reflect.Value, len(args))
	for index, arg := range args {
		wanted, value := kind.In(index), reflect.ValueOf(arg)
		switch {
		case arg == nil:
			given[index] = reflect.Zero(wanted)
		case value.Type().AssignableTo(wanted):
			given[index] = value
		case wanted.Kind() == reflect.Struct && value.Type().ConvertibleTo(wanted):
			given[index] = value.Convert(wanted)
		default:
			return nil, fmt.Errorf("wrong type for value of %s; expected %s; got %s", name, wanted, value.Type())
		}
	}
	results := function.Call(given)
	if len(results) == 2 && !results[1].IsNil() {
		err, _ := results[1].Interface().(error)
		return nil, err
	}
	if certificate := reflect.TypeFor[Certificate](); results[0].Type().ConvertibleTo(certificate) && results[0].Kind() == reflect.Struct {
		return results[0].Convert(certificate).Interface(), nil
	}
	return results[0].Interface(), nil
}

// functionMap returns all generators, implemented by `answer`.
func functionMap(answer func(name string, args []any) (any, error)) template.FuncMap {
	functions := template.FuncMap{}
	for _, name := range generators {
		functions[name] = func(args ...any) (any, error) { return answer(name, args) }
	}
	return functions
}

// textsOf returns the strings among arguments, including those of certificates and lists, and everything else as text.
func textsOf(args []any) []string {
	texts := []string{}
	for _, arg := range args {
		value := reflect.ValueOf(arg)
		switch {
		case arg == nil:
			texts = append(texts, "")
		case value.Kind() == reflect.String:
			texts = append(texts, value.String())
		case value.Kind() == reflect.Slice || value.Kind() == reflect.Array:
			for index := range value.Len() {
				texts = append(texts, textsOf([]any{value.Index(index).Interface()})...)
			}
			texts = append(texts, fmt.Sprint(value.Len()))
		case value.Kind() == reflect.Struct && value.Type().ConvertibleTo(reflect.TypeFor[Certificate]()):
			certificate, _ := value.Convert(reflect.TypeFor[Certificate]()).Interface().(Certificate)
			texts = append(texts, certificate.Cert, certificate.Key)
		default:
			texts = append(texts, fmt.Sprint(arg))
		}
	}
	return texts
}
