// Package watch looks at the domains of a fleet again and again, and tells what changed.
//
// Domains are kept in chunks of at most ChunkSize. A chunk is looked at as one Job: a worker loads the States of its domains,
// looks at each of them (Looker), compares (Compare), and saves what is otherwise together with the end of the job, in one
// transaction. Nothing is written for a domain that is as it was: when it was last looked at follows from its chunk.
//
// A look at a chunk is its round. Who saves a round that another worker has saved already gets ErrLost and changes nothing,
// so a chunk whose worker was lost can be given to another one at any time.
//
// What could not be looked at is silent since a time; findings that are not seen because of that stand as they were. Changes
// are told once: Untold gives them, and Group makes incidents of those that have one cause.
//
// diag/watch/store keeps all this in SQLite or PostgreSQL, diag/watch/river hands out the jobs.
package watch
