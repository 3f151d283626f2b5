package store

import (
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"todoku/codes"
	"todoku/sender/sqlite"
)

// The kinds of a store that cannot be used. The error is a *codes.UserError whose place is the store.
var (
	ErrNewer       = errors.New("written by a newer todoku")
	ErrForeign     = errors.New("no store, or no longer one")
	ErrBusy        = errors.New("others kept it locked")
	ErrUnwritable  = errors.New("no right, no space, no such folder")
	ErrUnreachable = errors.New("the server does not answer, or lets nobody in")
	ErrPlace       = errors.New("no place for a store")
)

func newer(place string) error {
	return &codes.UserError{Place: place, Kind: ErrNewer,
		Says:   codes.Say(codes.Text{EN: "was written by a newer version of todoku", JA: "新しいバージョンの todoku で作成されています"}),
		Remedy: codes.Say(codes.Text{EN: "update todoku, or name another store", JA: "新しい todoku に更新するか、別の保存先を指定してください"})}
}

func foreign(place string, err error) error {
	return &codes.UserError{Place: place, Kind: ErrForeign, Cause: err,
		Says: codes.Say(codes.Text{EN: "is damaged, or holds nothing that todoku watches", JA: "壊れているか、todoku の監視データではありません"}),
		Remedy: codes.Say(codes.Text{EN: "name another store, or restore a backup of this one",
			JA: "別の保存先を指定するか、バックアップから復元してください"})}
}

func busy(place string, err error) error {
	return &codes.UserError{Place: place, Kind: ErrBusy, Cause: err, Unable: true,
		Says:   codes.Say(codes.Text{EN: "is locked by another process", JA: "ほかのプロセスが使用中です"}),
		Remedy: codes.Say(codes.Text{EN: "wait for it to end and try again", JA: "終了を待ってから、もう一度実行してください"})}
}

func unwritable(place string, err error) error {
	return &codes.UserError{Place: place, Kind: ErrUnwritable, Cause: err,
		Says: codes.Say(codes.Text{EN: "cannot be written", JA: "書き込めません"}),
		Remedy: codes.Say(codes.Text{EN: "check the rights and the free space of its folder, or name another file",
			JA: "フォルダーの権限と空き容量を確認するか、別のファイルを指定してください"})}
}

// noRight says that a user of a server may not do something there.
func noRight(place string, err error) error {
	return &codes.UserError{Place: place, Kind: ErrUnwritable, Cause: err,
		Says: codes.Say(codes.Text{EN: "this user has no right to make or change the tables",
			JA: "このユーザーには、テーブルを作成・変更する権限がありません"}),
		Remedy: codes.Say(codes.Text{EN: "let the owner of the database run this command once, or grant the right: GRANT CREATE ON SCHEMA public TO user",
			JA: "データベースの所有者で一度実行するか、権限を付与してください: GRANT CREATE ON SCHEMA public TO ユーザー名"})}
}

func unreachable(place string, err error) error {
	return &codes.UserError{Place: place, Kind: ErrUnreachable, Cause: oneLine{err}, Unable: true,
		Says: codes.Say(codes.Text{EN: "cannot be reached", JA: "接続できません"}),
		Remedy: codes.Say(codes.Text{EN: "check that the server runs, and the host, port, database, user and password of its address",
			JA: "サーバーが動いているか、アドレスのホスト・ポート・データベース・ユーザー・パスワードを確認してください"})}
}

// oneLine is an error of the driver for servers in one line: it writes one for each address and each way that it tried, TLS
// first. The last one counts: where a server has no TLS, that is what the first one says, whatever is wrong.
type oneLine struct{ error }

func (e oneLine) Unwrap() error { return e.error }

func (e oneLine) Error() string {
	lines := strings.Split(e.error.Error(), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

// exhausted says that a server can take no more (PostgreSQL, appendix A, class 53).
func exhausted(place string, err error) error {
	return &codes.UserError{Place: place, Kind: ErrBusy, Cause: err, Unable: true,
		Says: codes.Say(codes.Text{EN: "the server has no space, memory or connection left", JA: "サーバーのディスク、メモリー、または接続数に空きがありません"}),
		Remedy: codes.Say(codes.Text{EN: "make room on the server, or allow more connections (max_connections), and try again",
			JA: "サーバーの空きを増やすか、接続数の上限(max_connections)を上げてから、もう一度実行してください"})}
}

// noAddress refuses what is neither a file nor the address of a server.
func noAddress(place string) error {
	return &codes.UserError{Place: place, Kind: ErrPlace,
		Says: codes.Say(codes.Text{EN: "is neither a file nor the address of a PostgreSQL server",
			JA: "ファイル名でも PostgreSQL サーバーのアドレスでもありません"}),
		Remedy: codes.Say(codes.Text{EN: "give a file, or postgres://USER:PASSWORD@HOST:PORT/DATABASE",
			JA: "ファイル名か postgres://ユーザー:パスワード@ホスト:ポート/データベース の形で指定してください"})}
}

// noFile refuses a pipe, a device or a folder before it is opened: opening a pipe waits for its other side.
func noFile(place string) error {
	return &codes.UserError{Place: place, Kind: ErrPlace,
		Says: codes.Say(codes.Text{EN: "is not a regular file", JA: "通常のファイルではありません"}),
		Remedy: codes.Say(codes.Text{EN: "name a file, or one that is not there yet",
			JA: "ファイル名(まだないものでもかまいません)を指定してください"})}
}

// Fault says what an error of the database means that others than the store met: a queue beside it. Others stay as they are.
func Fault(s *Store, err error) error { return s.fault(err) }

// fault says what an error of the database means; others stay as they are.
func (s *database) fault(err error) error {
	if said := (*codes.UserError)(nil); err == nil || errors.As(err, &said) {
		return err
	}
	switch sqlite.FaultOf(err) {
	case sqlite.Damaged:
		return foreign(s.place, err)
	case sqlite.Busy:
		return busy(s.place, err)
	case sqlite.Unwritable:
		return unwritable(s.place, err)
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return unreachable(s.place, err)
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return serverFault(s.place, e.Code, err)
	}
	if _, ok := errors.AsType[*net.OpError](err); ok || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, driver.ErrBadConn) {
		return unreachable(s.place, err) // the server ended
	}
	return err
}

// serverFault says what an SQLSTATE means (PostgreSQL, appendix A).
func serverFault(place, state string, err error) error {
	switch {
	case state == "42501": // insufficient_privilege
		return noRight(place, err)
	case state == "42P01" || state == "42703": // undefined_table, undefined_column
		return foreign(place, err)
	case strings.HasPrefix(state, "08") || strings.HasPrefix(state, "28") || strings.HasPrefix(state, "3D"),
		strings.HasPrefix(state, "57P"): // connection, authorization, no such database, the server goes down
		return unreachable(place, err)
	case strings.HasPrefix(state, "53"): // no space, too many connections
		return exhausted(place, err)
	}
	return err
}

// again reports whether a transaction failed because of others, and may succeed when it is done again.
func again(err error) bool {
	if sqlite.FaultOf(err) == sqlite.Busy {
		return true
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == "40001" || e.Code == "40P01") // serialization_failure, deadlock_detected
}
