package event

// recent remembers what was seen last by a key, in at most twice size entries: what has not been asked for since size
// others came is forgotten.
type recent[V any] struct {
	size       int
	young, old map[string]V
	lost       func(V) // is told what is forgotten; nil tells nobody
}

// get is what was remembered; the entry counts as new again.
func (r *recent[V]) get(key string) (V, bool) {
	if v, ok := r.young[key]; ok {
		return v, true
	}
	v, ok := r.old[key]
	if ok {
		delete(r.old, key)
		r.put(key, v)
	}
	return v, ok
}

func (r *recent[V]) put(key string, v V) {
	if len(r.young) >= r.size {
		for _, v := range r.old {
			if r.lost != nil {
				r.lost(v)
			}
		}
		r.young, r.old = nil, r.young
	}
	if r.young == nil {
		r.young = map[string]V{}
	}
	delete(r.old, key)
	r.young[key] = v
}

func (r *recent[V]) drop(key string) {
	delete(r.young, key)
	delete(r.old, key)
}
