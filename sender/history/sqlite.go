package history

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"todoku/sender/sqlite"
)

// Options change what Open does; the zero value is right for a program.
type Options struct {
	Lease  time.Duration    // how long a process without a sign of life keeps a sending; 0 is 10 min
	Now    func() time.Time // nil is the wall clock
	ToRead bool             // the file is there and may be out of reach for writing: a backup, or somebody else's
}

const (
	defaultLease = 10 * time.Minute
	busyTimeout  = 15 * time.Second // beside busy writers one may wait for seconds
	closeTimeout = 5 * time.Second  // of Close
)

// readTimeout is how long SQLite waits for a lock to read. To write, it waits only
// some milliseconds at a time: it sleeps longer with each try, and where several
// processes write all the time, who sleeps longest never gets a turn.
const readTimeout = "_pragma=busy_timeout(5000)"

// SQLite is a history in a file.
type SQLite struct {
	path    string
	write   *sql.DB // one connection: writers queue here, not at the lock of the file
	read    *sql.DB
	writer  *writer // that connection; nil to read only
	commits commits
	owner   string // of the sendings that this handle works on
	lease   time.Duration
	now     func() time.Time

	statements statements // of read
}

var _ Store = (*SQLite)(nil)

// Open opens the history in a file. It makes the file and its folders where
// they are not there, readable by nobody else.
func Open(ctx context.Context, path string) (*SQLite, error) {
	return OpenWith(ctx, path, Options{})
}

// OpenToRead opens a history to look into, also one that may not be written to.
// Where there is no file there is nothing in it, and none is made.
func OpenToRead(ctx context.Context, path string) (Store, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return Empty{}, nil
	}
	s, err := Open(ctx, path)
	if errors.Is(err, ErrUnwritable) {
		if reader, failed := OpenWith(ctx, path, Options{ToRead: true}); failed == nil {
			return reader, nil
		}
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// OpenWith opens a history with options.
func OpenWith(ctx context.Context, path string, o Options) (*SQLite, error) {
	abs, err := filepath.Abs(path)
	if err != nil || path == "" {
		return nil, unwritable(path, err)
	}
	if info, err := os.Stat(abs); err == nil && !info.Mode().IsRegular() {
		return nil, noFile(path)
	}
	if o.ToRead {
		return openToRead(ctx, path, abs, o.Now)
	}
	if err := sqlite.Create(abs); err != nil {
		return nil, unwritable(path, err)
	}
	s := &SQLite{path: path, owner: newOwner(), lease: o.Lease, now: o.Now}
	if s.lease == 0 {
		s.lease = defaultLease
	}
	if s.now == nil {
		s.now = time.Now
	}
	// A power loss can take what was committed last: what comes before a final dot is therefore synced, every syncEvery.
	if s.write, err = sqlite.Open(abs, "_pragma=busy_timeout(10)&_pragma=journal_mode(WAL)&_txlock=immediate", 1); err != nil {
		return nil, err
	}
	if s.read, err = sqlite.Open(abs, readTimeout+"&_pragma=query_only(1)", 4); err != nil {
		s.write.Close()
		return nil, err
	}
	if err := s.start(ctx); err != nil {
		s.write.Close()
		s.read.Close()
		return nil, fault(path, err)
	}
	return s, nil
}

// start makes the file ready for writing, and settles what others left behind.
func (s *SQLite) start(ctx context.Context) error {
	if err := s.prepare(ctx); err != nil {
		return err
	}
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return err
	}
	s.writer = &writer{conn: conn, prepared: map[string]*sql.Stmt{}}
	return s.finishAbandoned(ctx)
}

// openToRead opens a file without writing to it or beside it. What stands in
// its log only is read too, where there is one.
func openToRead(ctx context.Context, path, abs string, now func() time.Time) (*SQLite, error) {
	how := readTimeout + "&mode=ro"
	if log, err := os.Stat(abs + "-wal"); err != nil || log.Size() == 0 {
		how += "&immutable=1" // else SQLite wants a file for its locks
	}
	db, err := sqlite.Open(abs, how, 4)
	if err != nil {
		return nil, err
	}
	s := &SQLite{path: path, write: db, read: db, now: now}
	if s.now == nil {
		s.now = time.Now
	}
	done, err := s.migrated(ctx)
	if err == nil && !done {
		err = unwritable(path, errors.New("it has the form of an older version"))
	}
	if err != nil {
		db.Close()
		return nil, fault(path, err)
	}
	return s, nil
}

// Close gives up what this handle works on, and closes the file: what is queued
// can be claimed at once, what was under way has an unknown outcome.
func (s *SQLite) Close() error {
	if s.owner == "" { // to read
		return s.read.Close()
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	err := s.tx(ctx, func(w *writer) error {
		_, err := w.exec(`UPDATE sendings SET lease = 0, updated = ? WHERE result = 'preparing' AND owner = ? AND lease > 0`,
			millis(s.now()), s.owner)
		return err
	})
	if errors.Is(err, context.DeadlineExceeded) {
		err = busy(s.path, nil)
	}
	return fault(s.path, errors.Join(err, s.writer.close(), s.read.Close(), s.write.Close()))
}

var errReadOnly = errors.New("it was opened to read")

// millis is a time as the file holds it.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
