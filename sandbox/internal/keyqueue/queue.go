// Package keyqueue drives the sandbox's small controllers: keys of changed objects, one run of a key at a
// time, and another try with growing pauses when a run fails.
package keyqueue

import (
	"context"
	"sync"

	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/klog/v2"
)

// Reconcile reads the object of a key again and does what is necessary.
type Reconcile func(ctx context.Context, namespace, name string) error

// Queue holds the keys that are to be reconciled.
type Queue struct {
	name      string
	reconcile Reconcile
	keys      workqueue.TypedRateLimitingInterface[string]
}

const workers = 4

// New makes a queue; the name appears in the log.
func New(name string, reconcile Reconcile) *Queue {
	return &Queue{
		name:      name,
		reconcile: reconcile,
		keys:      workqueue.NewTypedRateLimitingQueue(workqueue.DefaultTypedControllerRateLimiter[string]()),
	}
}

// Follow adds the key of every object that an informer sees; the returned function reports whether the first list has
// been received.
func (q *Queue) Follow(informer cache.SharedIndexInformer) (cache.InformerSynced, error) {
	registration, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    q.add,
		UpdateFunc: func(_, object any) { q.add(object) },
		DeleteFunc: q.add,
	})
	if err != nil {
		return nil, err
	}
	return registration.HasSynced, nil
}

func (q *Queue) add(object any) {
	if key, err := cache.DeletionHandlingMetaNamespaceKeyFunc(object); err == nil {
		q.keys.Add(key)
	}
}

// Run works on the keys until the context ends.
func (q *Queue) Run(ctx context.Context) {
	var running sync.WaitGroup
	for range workers {
		running.Go(func() {
			for q.next(ctx) {
			}
		})
	}
	<-ctx.Done()
	q.keys.ShutDown()
	running.Wait()
}

func (q *Queue) next(ctx context.Context) bool {
	key, shutdown := q.keys.Get()
	if shutdown {
		return false
	}
	defer q.keys.Done(key)
	namespace, name, err := cache.SplitMetaNamespaceKey(key)
	if err == nil {
		err = q.reconcile(ctx, namespace, name)
	}
	if err != nil {
		klog.ErrorS(err, "will be tried again", "queue", q.name, "key", key)
		q.keys.AddRateLimited(key)
		return true
	}
	q.keys.Forget(key)
	return true
}
