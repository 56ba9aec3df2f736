package fair

import "slices"

// line contains the waiters of each user, and whose turn it is.
type line struct {
	turns  []string
	queues map[string]*queue
}

// queue contains the waiters of one user, by namespace.
type queue struct {
	turns   []string
	waiters map[string][]*waiter
	count   int
}

// at returns the queue of a user, created if missing.
func (l *line) at(key string) *queue {
	if l.queues == nil {
		l.queues = map[string]*queue{}
	}
	if l.queues[key] == nil {
		l.queues[key] = &queue{waiters: map[string][]*waiter{}}
		l.turns = append(l.turns, key)
	}
	return l.queues[key]
}

func (l *line) rotate() {
	l.turns = append(l.turns[1:], l.turns[0])
}

// tidy drops a user without waiters.
func (l *line) tidy(key string) {
	if waiting := l.queues[key]; waiting != nil && waiting.count == 0 {
		delete(l.queues, key)
		l.turns = slices.DeleteFunc(l.turns, func(other string) bool { return other == key })
	}
}

func (q *queue) add(namespace string, one *waiter) {
	if len(q.waiters[namespace]) == 0 {
		q.turns = append(q.turns, namespace)
	}
	q.waiters[namespace] = append(q.waiters[namespace], one)
	q.count++
}

// first removes the oldest waiter of the first namespace, in turn, whose oldest fits; nil if none does.
func (q *queue) first(fits func(*waiter) bool) *waiter {
	for range q.turns {
		namespace := q.turns[0]
		q.turns = append(q.turns[1:], namespace)
		if next := q.waiters[namespace][0]; fits(next) {
			q.remove(namespace, next)
			return next
		}
	}
	return nil
}

func (q *queue) remove(namespace string, one *waiter) {
	before := len(q.waiters[namespace])
	left := slices.DeleteFunc(q.waiters[namespace], func(other *waiter) bool { return other == one })
	q.count -= before - len(left)
	q.waiters[namespace] = left
	if len(left) == 0 {
		delete(q.waiters, namespace)
		q.turns = slices.DeleteFunc(q.turns, func(other string) bool { return other == namespace })
	}
}
