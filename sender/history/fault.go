package history

import (
	"errors"

	"todoku/codes"
	"todoku/sender/sqlite"
)

// The kinds of a history that cannot be used. The error is a *codes.UserError
// whose place is the file.
var (
	ErrNewer      = errors.New("written by a newer todoku")
	ErrDamaged    = errors.New("no history, or no longer one")
	ErrBusy       = errors.New("others kept it locked")
	ErrUnwritable = errors.New("no right, no space, no such folder")
)

func newer(path string) error {
	return &codes.UserError{Place: path, Kind: ErrNewer,
		Says:   codes.Say(codes.Text{EN: "was written by a newer version of todoku", JA: "新しいバージョンの todoku で作成されています"}),
		Remedy: codes.Say(codes.Text{EN: "update todoku, or name another file", JA: "新しい todoku に更新するか、別のファイルを指定してください"})}
}

func damaged(path string, err error) error {
	return &codes.UserError{Place: path, Kind: ErrDamaged, Cause: err,
		Says: codes.Say(codes.Text{EN: "is damaged, or is no history of todoku", JA: "ファイルが壊れているか、todoku の送信履歴ではありません"}),
		Remedy: codes.Say(codes.Text{EN: "move it (and the files beside it that end in -wal and -shm) away, then restore a backup or start anew; sqlite3 FILE .recover may save what is in it",
			JA: "このファイルと、末尾が -wal・-shm のファイルを別の場所へ移し、バックアップから復元するか、新しく始めてください。sqlite3 FILE .recover で内容を取り出せることがあります"})}
}

func busy(path string, err error) error {
	return &codes.UserError{Place: path, Kind: ErrBusy, Cause: err,
		Says:   codes.Say(codes.Text{EN: "is locked by another process", JA: "ほかのプロセスが使用中です"}),
		Remedy: codes.Say(codes.Text{EN: "wait for it to end and try again", JA: "終了を待ってから、もう一度実行してください"})}
}

func unwritable(path string, err error) error {
	return &codes.UserError{Place: path, Kind: ErrUnwritable, Cause: err,
		Says:   codes.Say(codes.Text{EN: "cannot be written", JA: "書き込めません"}),
		Remedy: codes.Say(codes.Text{EN: "check the rights and the free space of its folder, or name another file", JA: "フォルダーの権限と空き容量を確認するか、別のファイルを指定してください"})}
}

// noFile refuses a pipe, a device or a folder before it is opened: opening a
// pipe waits for its other side.
func noFile(path string) error {
	return &codes.UserError{Place: path, Kind: ErrUnwritable,
		Says:   codes.Say(codes.Text{EN: "is not a regular file", JA: "通常のファイルではありません"}),
		Remedy: codes.Say(codes.Text{EN: "name a file, or one that is not there yet", JA: "ファイル名(まだないものでもかまいません)を指定してください"})}
}

// fault says what an error of the database means; others stay as they are.
func fault(path string, err error) error {
	if said := (*codes.UserError)(nil); errors.As(err, &said) {
		return err
	}
	switch sqlite.FaultOf(err) {
	case sqlite.Damaged:
		return damaged(path, err)
	case sqlite.Busy:
		return busy(path, err)
	case sqlite.Unwritable:
		return unwritable(path, err)
	}
	return err
}
