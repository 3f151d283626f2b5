package page

import "strings"

// Record keeps what is written to its Out, so that it can be shown and kept.
type Record struct{ b strings.Builder }

// Out is where to write.
func (r *Record) Out() *Out { return To(&r.b) }

// String is what was written, without colours.
func (r *Record) String() string { return uncoloured(r.b.String()) }

// Empty reports whether nothing was written.
func (r *Record) Empty() bool { return r.b.Len() == 0 }

// Replay writes a record again, with its colours: the writers made it.
func (o *Out) Replay(r *Record) { _ = o.put(strings.TrimRight(r.b.String(), "\n") + "\n") }

// Append puts another record behind.
func (r *Record) Append(other *Record) { r.b.WriteString(other.b.String()) }
