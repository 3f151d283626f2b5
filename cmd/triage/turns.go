package triage

import (
	"slices"
	"sync"

	"todoku/cmd/stores"
	"todoku/diag/watch/past"
	"todoku/sender/event"
)

// turns tells the files apart that are read as one log while it is followed: each is an input of its own, so that it counts once
// when it is read again under another name.
type turns struct {
	mu    sync.Mutex
	lines []int64 // of the whole log, behind which another file begins
	parts []part
}

// part is a file of the log.
type part struct {
	from  int64 // its lines are those behind this one
	input *past.Input
}

// maxParts is how many files of a log are kept apart at a time: events come nearly in the order of their lines.
const maxParts = 4

// begin begins an input.
func (t *turns) begin(kept *stores.Recording) {
	t.parts = []part{{0, kept.Input()}}
}

// at notes that the lines behind so many are those of another file.
func (t *turns) at(lines int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, lines)
}

// input is the one to which an event belongs.
func (t *turns) input(kept *stores.Recording, e *event.Event) *past.Input {
	t.mu.Lock()
	for _, n := range t.lines {
		t.parts = append(t.parts, part{n, kept.Input()})
	}
	t.lines = t.lines[:0]
	t.mu.Unlock()
	if n := len(t.parts); n > maxParts {
		t.parts = slices.Delete(t.parts, 0, n-maxParts)
	}
	for _, p := range slices.Backward(t.parts) {
		if e.Source.Line > p.from {
			return p.input
		}
	}
	return t.parts[0].input
}
