// Package past joins what became of mails with what changed at their domain.
//
// A Recorder counts events by hour, sender's domain and reason, and gives them to a store. A log that is read twice, a copy
// of it and a log that is followed again count once: each input has a digest of its first event as its Source, and of two
// counts of one source the store keeps the larger one.
//
// Find looks in the history of a domain for changes that fit refusals: it happened before the first of them, and not long
// before. Which change can lead to which cause is a table (links).
package past
