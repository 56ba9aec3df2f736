package manifest

// UnreadableError says that a manifest could not be parsed into objects.
type UnreadableError struct {
	cause error
}

// Error is Helm's text.
func (e *UnreadableError) Error() string { return e.cause.Error() }

// Unwrap returns Helm's error.
func (e *UnreadableError) Unwrap() error { return e.cause }

// Unreadable is the error of a manifest that could not be parsed into objects.
func Unreadable(cause error) error { return &UnreadableError{cause} }
