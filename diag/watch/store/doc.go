// Package store keeps a fleet of watched domains, with what was found of them over time, in a file (SQLite) or on a server
// (PostgreSQL). It is the watch.Store of an engine, and all that commands read.
//
//	s, err := store.Open(ctx, "watch.db", store.Options{})
//	s, err := store.Open(ctx, "postgres://todoku@db.example/watch", store.Options{})
//
// Several goroutines and several processes may use one store at once. Both databases have the same tables, which
// docs/watch-store.md describes: docs and migrations say what the columns mean. SQL is written once, with "?" for its values;
// the few statements that differ are in dialect.go.
//
// Errors that a person can mend are *codes.UserError, of the kinds ErrNewer, ErrForeign, ErrBusy, ErrUnwritable,
// ErrUnreachable and ErrPlace. A password in the address of a server stands in no error.
package store
