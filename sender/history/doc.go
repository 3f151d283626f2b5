// Package history remembers in a file what was sent to whom with what result, and which addresses may no longer be
// sent to (the flag 「有効フラグ」).
//
//	h, err := history.Open(ctx, path)       // to write; makes the file
//	h, err := history.OpenToRead(ctx, path) // to read; Empty where there is no file
//
// Store is the interface, *SQLite the one implementation, Empty the history without a file. Several goroutines and
// several processes may use one file at once.
//
// A sending goes through phases: queued, content-sent (written before the final dot), done. While a process works on a
// sending it owns it: owner names the process, lease says until when it is trusted to live. Nobody takes a sending from
// a process that lives. When a process has ended, its queued sendings can be taken (Claim, Take, Resume). What was past
// the final dot gets the code 40001: nobody knows whether the server has the mail, and it is not sent again by itself.
//
// Finish also changes the flag of the recipient: see effectOf. Three errors in a row make an address invalid, some codes
// at once; only Revalidate makes it valid again.
//
// All changes go through one connection, see commits: changes that wait at the same time share a transaction. Errors of
// the file are *codes.UserError of the kinds ErrNewer, ErrDamaged, ErrBusy and ErrUnwritable.
package history
