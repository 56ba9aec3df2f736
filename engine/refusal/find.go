package refusal

import (
	"errors"
)

// Find is errors.As that also searches the lists of errors of Kubernetes.
func Find[T error](err error, into *T) bool {
	if errors.As(err, into) {
		return true
	}
	for err != nil {
		if many, ok := err.(interface{ Errors() []error }); ok {
			for _, one := range many.Errors() {
				if Find(one, into) {
					return true
				}
			}
			return false
		}
		if many, ok := err.(interface{ Unwrap() []error }); ok {
			for _, one := range many.Unwrap() {
				if Find(one, into) {
					return true
				}
			}
			return false
		}
		err = errors.Unwrap(err)
	}
	return false
}
