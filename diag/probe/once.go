package probe

import (
	"context"
	"slices"
	"sync"
)

// maxKept bounds the results that a run remembers, however long the list of its targets.
const maxKept = 512

// once does each piece of work of a run one time, whoever asks, and remembers the newest results.
type once[K comparable, V any] struct {
	mu    sync.Mutex
	seen  map[K]*work[V]
	order []K // of seen, the oldest first
}

// work is one piece that is under way or over.
type work[V any] struct {
	done   chan struct{} // closed when result stands
	result V
	cancel context.CancelCauseFunc
	askers int // that wait for it; the lock of once guards it
}

func newOnce[K comparable, V any]() *once[K, V] { return &once[K, V]{seen: map[K]*work[V]{}} }

// get gives the result of the work k. Those who ask meanwhile share it; it is broken off when ctx has ended for all of
// them. ok is false where ctx of this asker ended first and others still wait.
func (o *once[K, V]) get(ctx context.Context, k K, do func(context.Context) V) (result V, ok bool) {
	w := o.join(ctx, k, do)
	select {
	case <-w.done:
	case <-ctx.Done():
		if last := o.leave(k, w, context.Cause(ctx)); !last {
			return result, false
		}
		<-w.done // with what came until now
	}
	return w.result, true
}

// join finds the work that answers a question, or begins it.
func (o *once[K, V]) join(ctx context.Context, k K, do func(context.Context) V) *work[V] {
	o.mu.Lock()
	defer o.mu.Unlock()
	w := o.seen[k]
	if w == nil {
		w = &work[V]{done: make(chan struct{})}
		var shared context.Context
		shared, w.cancel = context.WithCancelCause(context.WithoutCancel(ctx))
		go func() {
			w.result = do(shared)
			close(w.done)
			w.cancel(nil)
		}()
		o.remember(k, w)
	}
	w.askers++
	return w
}

// leave takes an asker from a piece of work. The last one ends it, and it is forgotten: it says no more than how far it
// got.
func (o *once[K, V]) leave(k K, w *work[V], cause error) (last bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	w.askers--
	if w.askers > 0 {
		return false
	}
	w.cancel(cause)
	if o.seen[k] == w {
		delete(o.seen, k)
		o.order = slices.DeleteFunc(o.order, func(other K) bool { return other == k })
	}
	return true
}

// remember keeps a piece of work, and forgets the oldest beyond the bound.
func (o *once[K, V]) remember(k K, w *work[V]) {
	if len(o.order) == maxKept {
		delete(o.seen, o.order[0])
		o.order = append(o.order[:0], o.order[1:]...)
	}
	o.seen[k] = w
	o.order = append(o.order, k)
}
