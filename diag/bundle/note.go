package bundle

import "encoding/json"

// maxNotes bounds the notes of a bundle.
const maxNotes = 4096

// Note keeps something that a run learned elsewhere than from the world or a file, such as a count of the history.
func Note[T any](r *Recorder, key string, v T) {
	line, err := marshal(v)
	if err != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.notes[key]; !known && r.room(len(r.notes)*(maxEntries/maxNotes), len(line)+len(key)) {
		r.notes[key] = line
	}
}

// Noted is what Note kept; false: nothing of that key, or of another type.
func Noted[T any](b *Bundle, key string) (v T, known bool) {
	line, known := b.Head.Notes[key]
	return v, known && json.Unmarshal(line, &v) == nil
}
