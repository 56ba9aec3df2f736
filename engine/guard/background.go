package guard

// InBackground starts work and returns the function that waits for its result. A panic becomes an error.
func InBackground[T any](work func() (T, error)) func() (T, error) {
	type outcome struct {
		result T
		err    error
	}
	done := make(chan outcome, 1)
	Answer(work, func(result T, err error) { done <- outcome{result, err} })
	return func() (T, error) {
		got := <-done
		return got.result, got.err
	}
}
