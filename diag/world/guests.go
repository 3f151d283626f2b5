package world

// Shared is this world for one of several who use it at once: they share what DNS answered and the bounds of connections.
// Closing it closes nothing. Without replies no mail server is asked through it.
func (w *World) Shared(replies bool) *World {
	one := *w
	one.shared = true
	if !replies {
		one.mail = nil
	}
	return &one
}
