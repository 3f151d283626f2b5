package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"syscall"

	"todoku/codes"
)

// tooLarge is the error of an input that is larger than the limit.
func tooLarge(w Want) error {
	return codes.Wrong(codes.Say(codes.Text{EN: "it is larger than the {size} that are read", JA: "読み取れる上限({size})を超えています"}, codes.Str("size", FormatSize(w.Limit))),
		codes.Say(w.Remedy))
}

// FileFault turns an error of the operating system about a file into a *codes.UserError in both languages, if it is a
// usual one. Other errors lose their path; nil stays nil.
func FileFault(err error) error {
	if err == nil {
		return nil
	}
	for _, known := range []struct {
		is    error
		words codes.Text
	}{
		{fs.ErrNotExist, codes.Text{EN: "no such file or directory", JA: "ファイルがありません"}},
		{fs.ErrPermission, codes.Text{EN: "permission denied", JA: "アクセス権がありません"}},
		{syscall.EISDIR, codes.Text{EN: "is a directory", JA: "ディレクトリです"}},
		{syscall.ELOOP, codes.Text{EN: "too many levels of symbolic links", JA: "シンボリックリンクが循環しています"}},
		{syscall.ENOTDIR, codes.Text{EN: "not a directory", JA: "途中の名前がディレクトリではありません"}},
		{syscall.ENAMETOOLONG, codes.Text{EN: "file name too long", JA: "ファイル名が長すぎます"}},
		{syscall.ENOSPC, codes.Text{EN: "no space left on device", JA: "ディスクの空き容量がありません"}},
		{syscall.ENXIO, codes.Text{EN: "no such device or address", JA: "デバイスがありません"}},
		{syscall.EIO, codes.Text{EN: "input/output error", JA: "入出力エラーです"}},
	} {
		if errors.Is(err, known.is) {
			return &codes.UserError{Says: codes.Say(known.words), Kind: err, Unable: true}
		}
	}
	return withoutPath(err)
}

// withoutPath takes the path out of an os.PathError: the message names it already.
func withoutPath(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// ReadError is the error of an input that could not be read because of err. place is the file or flag; says and remedy
// are used unless err knows a better remedy. After an interrupt it is err itself.
func (a *App) ReadError(place string, err error, says, remedy codes.Text) error {
	switch {
	case errors.Is(err, ErrInterrupted):
		return err
	case errors.Is(err, ErrDeadline), errors.Is(err, context.DeadlineExceeded):
		return &codes.UserError{Place: place, Unable: true, Says: codes.Say(codes.Text{EN: "the deadline of {limit} came while this was read", JA: "期限({limit})までに読み取れませんでした"}, codes.Str("limit", a.Limit.String())),
			Remedy: codes.Say(codes.Text{EN: "give more time with --deadline, or a file that has an end", JA: "--deadline を長くするか、終わりのあるファイルを指定してください"})}
	}
	wrapped := &codes.UserError{Place: place, Cause: err, Says: codes.Say(says), Remedy: codes.Say(remedy)}
	var known *codes.UserError
	if errors.As(err, &known) && !known.Remedy.IsZero() {
		wrapped.Remedy = known.Remedy
	}
	return wrapped
}
