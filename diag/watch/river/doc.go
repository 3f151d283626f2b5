// Package river hands out the jobs of watch with River, over PostgreSQL for many machines or over SQLite for one.
//
// River keeps each job as a row. This package adds what it lacks for jobs that must not be lost for an hour: a process renews
// its running jobs every few seconds, and a job that nobody has renewed for a while is given to another worker. It goes on as a
// new row, so that the worker that was thought lost, and comes back, cannot end it: it gets watch.ErrLost.
//
// What is to be done once in a while by only one process (Chore) is a job that is unique in its period. Every process adds it,
// so no leader is needed whose loss would have to be noticed first.
package river
