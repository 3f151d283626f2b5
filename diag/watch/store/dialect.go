package store

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Dialect is the SQL that a database speaks.
type Dialect int

// The dialects.
const (
	SQLite Dialect = iota
	PostgreSQL
)

// String is the name of the database.
func (d Dialect) String() string { return [...]string{"SQLite", "PostgreSQL"}[d] }

// folder is where the migrations are.
func (d Dialect) folder() string { return [...]string{"sqlite", "postgres"}[d] }

// sql writes the "?" of a statement as the dialect wants them. A statement has no "?" in a text.
func (d Dialect) sql(query string) string {
	if d == SQLite {
		return query
	}
	var b strings.Builder
	for n := 1; ; n++ {
		before, after, more := strings.Cut(query, "?")
		b.WriteString(before)
		if !more {
			return b.String()
		}
		b.WriteString("$" + strconv.Itoa(n))
		query = after
	}
}

// locking locks the rows of a SELECT in PostgreSQL; in SQLite a transaction that writes has the whole file.
func (d Dialect) locking(how string) string {
	if d == SQLite {
		return ""
	}
	return " FOR UPDATE " + how
}

// asker is what statements are sent through: a database or a transaction.
type asker interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// exec changes rows and says how many.
func (s *database) exec(ctx context.Context, on asker, query string, args ...any) (int64, error) {
	r, err := on.ExecContext(ctx, s.dialect.sql(query), args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// rows reads all rows of a query, each with one call.
func (s *database) rows(ctx context.Context, on asker, each func(scan func(...any) error) error, query string, args ...any) error {
	rows, err := on.QueryContext(ctx, s.dialect.sql(query), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// each keeps the only column of rows.
func each[T any](list *[]T) func(scan func(...any) error) error {
	return func(scan func(...any) error) error {
		var v T
		err := scan(&v)
		*list = append(*list, v)
		return err
	}
}

// row reads one row; sql.ErrNoRows says that there is none.
func (s *database) row(ctx context.Context, on asker, query string, args ...any) *sql.Row {
	return on.QueryRowContext(ctx, s.dialect.sql(query), args...)
}

// column is the values of one column of many rows: numbers or texts.
type column struct {
	name  string
	ints  []int64
	texts []string
}

func numbers(name string, v []int64) column { return column{name: name, ints: v} }
func texts(name string, v []string) column  { return column{name: name, texts: v} }

// all is the whole column as one argument, for PostgreSQL.
func (c column) all() any {
	if c.texts != nil {
		return c.texts
	}
	return c.ints
}

func (c column) at(i int) any {
	if c.texts != nil {
		return c.texts[i]
	}
	return c.ints[i]
}

func (c column) array() string {
	if c.texts != nil {
		return "?::text[]"
	}
	return "?::bigint[]"
}

// insert writes many rows: in PostgreSQL with one statement, in SQLite with one that is prepared once.
func (s *database) insert(ctx context.Context, tx *sql.Tx, table string, n int, columns ...column) error {
	if n == 0 {
		return nil
	}
	var names, marks, arrays []string
	var args []any
	for _, c := range columns {
		names, marks, arrays, args = append(names, c.name), append(marks, "?"), append(arrays, c.array()), append(args, c.all())
	}
	into := "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") "
	if s.dialect == PostgreSQL {
		_, err := s.exec(ctx, tx, into+"SELECT * FROM unnest("+strings.Join(arrays, ", ")+")", args...)
		return err
	}
	p, err := tx.PrepareContext(ctx, into+"VALUES ("+strings.Join(marks, ", ")+")")
	if err != nil {
		return err
	}
	defer p.Close()
	for i := range n {
		for k, c := range columns {
			args[k] = c.at(i)
		}
		if _, err := p.ExecContext(ctx, args...); err != nil {
			return err
		}
	}
	return nil
}

// among is a condition that a column is one of many values, which are one argument.
func (s *database) among(c column) (condition string, arg any, err error) {
	if s.dialect == PostgreSQL {
		return c.name + " = ANY(" + c.array() + ")", c.all(), nil
	}
	list, err := encode(c.all())
	return c.name + " IN (SELECT value FROM json_each(?))", list, err
}

// most of what a text from outside may be long in a column of its own.
const maxText = 2000

// clean makes a text one that both databases take: valid UTF-8, without NUL, and not too long.
func clean(s string) string {
	if len(s) > maxText {
		s = s[:maxText]
	}
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "�"), "\x00", "�")
}

// unique sorts numbers and leaves out those that come twice.
func unique(ids []int64) []int64 {
	slices.Sort(ids)
	return slices.Compact(ids)
}
