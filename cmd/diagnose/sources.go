package diagnose

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"todoku/cmd/app"
	"todoku/cmd/bundles"
	"todoku/cmd/sendings"
	"todoku/codes"
	"todoku/diag/guide"
	"todoku/sender/history"
)

// unreadableInput is an input among others that cannot be read: the others are looked at.
type unreadableInput struct{ error }

func (p unreadableInput) Unwrap() error { return p.error }

// reportUnreadable tells of an input that was passed over; false: the error is another one.
func reportUnreadable(a *app.App, d *options, err error) bool {
	var p unreadableInput
	if !errors.As(err, &p) {
		return false
	}
	if d.unreadable++; d.unreadable <= app.MaxComplaints {
		a.Complain(p.error)
	}
	return true
}

// tellUnreadable counts the inputs that were passed over, where there were any.
func tellUnreadable(a *app.App, d *options, read int) {
	if d.unreadable > 0 {
		a.Tell(codes.Say(codes.Text{EN: "inputs that could not be read and were passed over: {n}; read: {read}", JA: "読めずにとばした入力: {n}件、読み取った入力: {read}件"}, codes.Num("n", d.unreadable), codes.Num("read", read)))
	}
}

// sources are the mails to look at, without what the flags say. What ends the
// run is an error, and so is each input that is passed over.
func sources(ctx context.Context, a *app.App, d *options, c *codes.Catalogue, args []string) (iter.Seq2[*guide.Case, error], error) {
	for place, given := range map[string]bool{"--last": d.last, "--sending": d.id != "", "--result": d.filter.Result != ""} {
		if given {
			if err := bundles.Refuse(a, place); err != nil {
				return nil, err
			}
		}
	}
	switch {
	case d.last:
		k, err := loadLast(ctx, a, d, c)
		return oneCase(k), err
	case d.id != "" || d.filter.Result != "":
		d.many = d.id == ""
		return fromHistory(ctx, a, d, c), nil
	case len(args) == 0:
		return nil, codes.Wrong(codes.Say(codes.Text{EN: "there is nothing to diagnose", JA: "診断の対象がありません"}),
			codes.Say(codes.Text{EN: "give a delivery code, a reply, a log line or a bounce; - reads standard input", JA: "メール配信コード、SMTP応答、ログ、エラーメールのいずれかを指定してください(- は標準入力)"}))
	case !slices.ContainsFunc(args, func(arg string) bool { return arg == "-" || exists(a, arg) }):
		t := guide.ReadText(c, strings.Join(args, " "))
		if !slices.ContainsFunc(args, func(arg string) bool { return !fileName(arg, t.Cases[0].Unread()) }) {
			return nil, noFiles(args)
		}
		text := strings.Join(args, " ")
		d.again = func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
		return d.toldBy(t), nil
	}
	if d.many = len(args) > 1 || isDirectory(a, args[0]); d.many {
		return fromFiles(ctx, a, d, c, args), nil
	}
	var kept bytes.Buffer
	t, err := fromFile(ctx, a, c, args[0], &kept)
	if err != nil {
		return nil, err
	}
	d.name, d.again = args[0], func(context.Context) (io.ReadCloser, error) { return io.NopCloser(&kept), nil }
	return d.toldBy(t), nil
}

// toldBy are the mails that one input tells of.
func (d *options) toldBy(t guide.Told) iter.Seq2[*guide.Case, error] {
	d.many, d.failed = len(t.Cases) > 1, t.Failed
	return func(yield func(*guide.Case, error) bool) {
		for _, k := range t.Cases {
			if !yield(k, nil) {
				return
			}
		}
	}
}

// noFiles is the error of names that no file has.
func noFiles(names []string) error {
	says := codes.Say(codes.Text{EN: "there is no such file", JA: "ファイルがありません"})
	if more := len(names) - app.MaxComplaints; more > 0 {
		names = names[:app.MaxComplaints]
		says = codes.Say(codes.Text{EN: "there is no such file, and none of the other {n}", JA: "ファイルがありません(ほかの{n}件も同様です)"}, codes.Num("n", more))
	}
	return &codes.UserError{Place: strings.Join(names, ", "), Says: says,
		Remedy: codes.Say(codes.Text{EN: "give a file that exists, or the text of the error itself in quotes", JA: "存在するファイル、またはエラーの文言そのものを引用符で囲んで指定してください"})}
}

func oneCase(k *guide.Case) iter.Seq2[*guide.Case, error] {
	return func(yield func(*guide.Case, error) bool) { yield(k, nil) }
}

func isDirectory(a *app.App, name string) bool {
	info, err := app.Stat(a, name)
	return err == nil && info.IsDir()
}

// exists reports whether a name is that of a file or a directory.
func exists(a *app.App, name string) bool {
	_, err := app.Stat(a, name)
	return err == nil
}

// fromFiles reads files, and those of directories in the order of their names.
// Of what was read before only the case is left.
func fromFiles(ctx context.Context, a *app.App, d *options, c *codes.Catalogue, args []string) iter.Seq2[*guide.Case, error] {
	return func(yield func(*guide.Case, error) bool) {
		for _, arg := range args {
			names := []string{arg}
			if isDirectory(a, arg) {
				var err error
				if names, err = filesIn(ctx, a, arg); err != nil {
					if len(args) > 1 && ctx.Err() == nil {
						err = unreadableInput{err}
					}
					if !yield(nil, err) {
						return
					}
				}
			}
			for _, name := range names {
				t, err := fromFile(ctx, a, c, name, nil)
				if err != nil && !yield(nil, err) {
					return
				}
				for _, k := range t.Cases {
					if !yield(k, nil) {
						return
					}
				}
			}
		}
	}
}

// fromFile reads one file, or standard input. Of the only one keep takes what is read; it is nil where there are many.
func fromFile(ctx context.Context, a *app.App, c *codes.Catalogue, name string, keep *bytes.Buffer) (guide.Told, error) {
	many := keep == nil
	t, err := readCases(ctx, a, c, name, keep)
	switch {
	case err == nil:
		for _, k := range t.Cases {
			if many {
				k.File = name
			}
		}
		return t, nil
	case many && ctx.Err() == nil:
		return guide.Told{}, unreadableInput{a.ReadError(name, err, codes.Text{EN: "passed over: it cannot be read", JA: "読めないため、とばします"}, codes.Text{})}
	}
	return guide.Told{}, a.ReadError(name, err, codes.Text{EN: "the input cannot be read", JA: "入力を読めません"},
		codes.Text{EN: "put a text that is no file into quotes", JA: "ファイルではない文字列は引用符で囲んでください"})
}

func readCases(ctx context.Context, a *app.App, c *codes.Catalogue, name string, keep *bytes.Buffer) (guide.Told, error) {
	in, err := a.Open(ctx, name, app.Want{Limit: app.MaxInput, Text: true, Remedy: codes.Text{
		EN: "give only the lines about the error, those that grep ADDR FILE finds", JA: "エラーに関する行だけを渡してください(grep ADDR FILE で抜き出せます)"}})
	if err != nil {
		return guide.Told{}, err
	}
	defer in.Close()
	if err := in.CheckSize(); err != nil {
		return guide.Told{}, err
	}
	text := io.Reader(in.Limited())
	if keep != nil {
		text = io.TeeReader(text, keep)
	}
	t, err := guide.ReadAll(c, text)
	if err == nil {
		_, err = io.Copy(io.Discard, text) // whether it is text, and within its bound, is not known before its end
	}
	if err == nil && strings.TrimSpace(t.Cases[0].Input) == "" {
		err = codes.Wrong(codes.Say(codes.Text{EN: "it is empty", JA: "中身が空です"}), codes.Message{})
	}
	return t, err
}

// namesPerRead is how many names of a directory are read at a time.
const namesPerRead = 1024

// filesIn lists the files of a directory by name. What is no file there is
// counted and told.
func filesIn(ctx context.Context, a *app.App, dir string) ([]string, error) {
	if err := bundles.Refuse(a, dir); err != nil {
		return nil, err
	}
	f, err := a.OpenFile(ctx, dir, os.O_RDONLY, 0)
	if err != nil {
		return nil, a.ReadError(dir, err, codes.Text{EN: "the directory cannot be read", JA: "ディレクトリを読めません"}, codes.Text{})
	}
	defer f.Close()
	var files []string
	others := 0
	for err == nil {
		var entries []os.DirEntry
		if entries, err = f.ReadDir(namesPerRead); ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		for _, e := range entries {
			name := filepath.Join(dir, e.Name())
			if regular(e, name) {
				files = append(files, name)
			} else {
				others++
			}
		}
	}
	if !errors.Is(err, io.EOF) {
		if ctx.Err() == nil {
			err = app.FileFault(err)
		}
		return nil, a.ReadError(dir, err, codes.Text{EN: "the directory cannot be read", JA: "ディレクトリを読めません"}, codes.Text{})
	}
	if len(files) == 0 {
		return nil, &codes.UserError{Place: dir, Says: codes.Say(codes.Text{EN: "the directory holds no files", JA: "ディレクトリにファイルがありません"}),
			Remedy: codes.Say(codes.Text{EN: "give a directory of bounces (.eml), or one file", JA: "エラーメール(.eml)のあるディレクトリ、またはファイルを指定してください"})}
	}
	if others > 0 {
		a.Tell(codes.Say(codes.Text{EN: "{directory}: directories and the like in it are not looked into: {n}", JA: "{directory}: 中のディレクトリなど{n}件は調べません"}, codes.Str("directory", dir), codes.Num("n", others)))
	}
	slices.Sort(files)
	return files, nil
}

// regular reports whether an entry of a directory is a file, or a link to one.
func regular(e os.DirEntry, name string) bool {
	if e.Type()&os.ModeSymlink == 0 {
		return e.Type().IsRegular()
	}
	info, err := os.Stat(name)
	return err != nil || info.Mode().IsRegular() // a link to nothing is told when it is read
}

// fileName reports whether a word is meant as the name of a file: it has an
// ending that mails and logs have or, in a text that tells no error, a directory.
func fileName(s string, unread bool) bool {
	if strings.ContainsFunc(s, unicode.IsSpace) {
		return false
	}
	return unread && strings.ContainsRune(s, filepath.Separator) ||
		slices.Contains([]string{".eml", ".msg", ".txt", ".log", ".mbox", ".json"}, strings.ToLower(filepath.Ext(s)))
}

// fromHistory makes cases of sendings.
func fromHistory(ctx context.Context, a *app.App, d *options, c *codes.Catalogue) iter.Seq2[*guide.Case, error] {
	return func(yield func(*guide.Case, error) bool) {
		store, err := sendings.Read(ctx, a, d.history)
		if err != nil {
			yield(nil, err)
			return
		}
		defer store.Close()
		if d.id != "" {
			s, err := sendings.Find(ctx, a, store, d.id, false)
			if errors.Is(err, app.ExitWrong) { // it was said; for a diagnosis it is a wrong argument
				err = app.ExitUsage
			}
			if err != nil {
				yield(nil, err)
				return
			}
			yield(caseOf(c, s), nil)
			return
		}
		some := false
		for s, err := range store.List(ctx, d.filter) {
			some = true
			k, err := caseOfRow(a, c, s, err)
			if !yield(k, err) {
				return
			}
		}
		if !some {
			yield(nil, codes.Wrong(codes.Say(codes.Text{EN: "the history has nothing that fits", JA: "該当する送信履歴はありません"}),
				codes.Say(codes.Text{EN: "{command} shows what there is", JA: "{command} で一覧を確認できます"}, codes.Typed("command", sendings.ListCommand()))))
		}
	}
}

// caseOfRow makes a case of what a list of the history yields. A row that cannot
// be read is passed over; any other error is the last of its list.
func caseOfRow(a *app.App, c *codes.Catalogue, s history.Sending, err error) (*guide.Case, error) {
	if bad := sendings.UnreadableRow(err); bad != nil {
		return nil, unreadableInput{bad}
	}
	if err != nil {
		return nil, err
	}
	return caseOf(c, s), nil
}

// caseOf makes a case of one sending.
func caseOf(c *codes.Catalogue, s history.Sending) *guide.Case {
	k := guide.Read(c, cmp.Or(s.Reply, s.Code))
	bounced := s.Code == codes.DeliveryBounced
	if k.Reply.Code == 0 && s.Code != "" && !(bounced && k.Verdict.Rule != "") { // what went wrong without a reply
		k = guide.Read(c, s.Code)
	}
	if bounced {
		k.CameBack(c)
	}
	k.Input, k.Format = cmp.Or(s.Reply, s.Code), "history"
	k.From, k.MailFrom, k.To, k.Time = s.Sender, cmp.Or(s.ErrorsTo, s.Sender), s.Recipient, s.Started
	if s.MX != "" && s.Via == "" {
		k.Context.Host = s.MX
		k.Verdict = c.Classify(k.Reply, k.Context)
	}
	if s.Result == history.Preparing {
		k.Waiting = &guide.Waiting{Since: s.Started}
	}
	return k
}
