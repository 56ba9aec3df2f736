package client

import (
	"sync"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/cli-runtime/pkg/resource"
)

// cachedVerifier remembers which kinds the server validates itself. Helm's own way decodes the OpenAPI document of
// every group for every manifest, which was the largest cost of an install (measured: 140 ms).
type cachedVerifier struct {
	// asking is held during a lookup in the slow verifier, answering only while the map is read or written, so that a
	// lookup of a known kind never waits for one of a new kind.
	asking    sync.Mutex
	answering sync.RWMutex
	make      func() (resource.Verifier, error)
	inner     resource.Verifier
	answers   map[schema.GroupVersionKind]error
}

func newCachedVerifier(make func() (resource.Verifier, error)) *cachedVerifier {
	return &cachedVerifier{make: make, answers: map[schema.GroupVersionKind]error{}}
}

// HasSupport is nil if the server validates objects of this kind. Failures are not cached.
func (v *cachedVerifier) HasSupport(kind schema.GroupVersionKind) error {
	if answer, known := v.known(kind); known {
		return answer
	}
	v.asking.Lock()
	defer v.asking.Unlock()
	if answer, known := v.known(kind); known {
		return answer
	}
	if v.inner == nil {
		inner, err := v.make()
		if err != nil {
			return err
		}
		v.inner = inner
	}
	answer := v.inner.HasSupport(kind)
	if answer == nil || resource.IsParamUnsupportedError(answer) {
		v.answering.Lock()
		v.answers[kind] = answer
		v.answering.Unlock()
	}
	return answer
}

func (v *cachedVerifier) known(kind schema.GroupVersionKind) (error, bool) {
	v.answering.RLock()
	defer v.answering.RUnlock()
	answer, known := v.answers[kind]
	return answer, known
}

// forget clears the cache, because the cluster serves other kinds now.
func (v *cachedVerifier) forget() {
	v.asking.Lock()
	defer v.asking.Unlock()
	v.answering.Lock()
	defer v.answering.Unlock()
	v.inner = nil
	clear(v.answers)
}
