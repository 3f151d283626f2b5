package cmd

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"todoku/codes"
	"todoku/diag/guide"
	"todoku/sender/history"
)

// maxInput bounds an input, in octets.
const maxInput = 16 << 20

func parseSize(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return 0, misuse(say(codes.Text{EN: "%q is not a size in bytes", JA: "%q はバイト数ではありません"}, s),
			say(codes.Text{EN: "give the number of octets, such as 2500000", JA: "2500000 のように数字で指定してください"}))
	}
	return n, nil
}

// consistent refuses flags that mean nothing together.
func (d *diagnosis) consistent() error {
	if strings.ContainsAny(d.id, "./\\") { // TODOKU_HISTORY names the file
		d.place.file, d.id = cmp.Or(d.place.file, d.id), ""
	}
	switch {
	case d.wait && !d.verify:
		return misuse(say(codes.Text{EN: "--wait needs --verify", JA: "--wait には --verify が必要です"}),
			say(codes.Text{EN: "%s", JA: "%s"}, codes.Todoku("diagnose", "--last", "--verify", "--wait")))
	case !d.filter.Since.IsZero() && d.filter.Result == "":
		return misuse(say(codes.Text{EN: "--since needs --result", JA: "--since には --result が必要です"}), say(codes.Text{EN: "give --result error", JA: "--result error を指定してください"}))
	}
	for _, f := range [...]struct{ flag, value string }{{"--from", d.from}, {"--mail-from", d.mailFrom}, {"--to", d.to}} {
		if !strings.Contains(f.value, "<") && strings.ContainsFunc(strings.TrimSpace(f.value), unicode.IsSpace) && !hasControl(f.value) {
			return at(f.flag, misuse(say(codes.Text{EN: "%.80q is no mail address", JA: "%.80q はメールアドレスではありません"}, f.value),
				say(codes.Text{EN: "give an address such as user@example.jp, or a domain", JA: "user@example.jp のようなアドレス、またはドメインを指定してください"})))
		}
		if hasControl(f.value) {
			return misuse(say(codes.Text{EN: "%s: a line break or control character is not allowed here", JA: "%s: 改行や制御文字は使用できません"}, f.flag), phrase{})
		}
	}
	return nil
}

// cases are the mails to look at: from the arguments, the history, or the last
// diagnosis.
func (a *app) cases(ctx context.Context, d *diagnosis, c *codes.Catalogue, args []string) ([]*guide.Case, error) {
	var message *guide.Message
	if d.message != "" {
		data, err := a.read(ctx, d.message, want{limit: guide.MaxMessage})
		if err == nil {
			message, err = guide.ReadMessage(data)
		}
		if err != nil {
			return nil, a.unread("--message "+d.message, err, codes.Text{EN: "this mail cannot be read", JA: "このメールを読めません"},
				codes.Text{EN: "give the mail as it was sent: header, empty line, body", JA: "送信したままの形(ヘッダー、空行、本文)のファイルを指定してください"})
		}
	}
	var list []*guide.Case
	var err error
	switch {
	case d.last:
		list, err = a.recall(ctx, d, c)
	case d.id != "" || d.filter.Result != "":
		list, err = a.fromHistory(ctx, d, c)
	case len(args) == 0:
		return nil, misuse(say(codes.Text{EN: "there is nothing to diagnose", JA: "診断の対象がありません"}),
			say(codes.Text{EN: "give a delivery code, a reply, a log line or a bounce; - reads standard input", JA: "メール配信コード、SMTP応答、ログ、エラーメールのいずれかを指定してください(- は標準入力)"}))
	default:
		list, err = a.fromArgs(ctx, d, c, args)
	}
	for _, k := range list {
		d.fill(k, message)
	}
	return list, err
}

// fill puts in what the flags say; they know better than the text.
func (d *diagnosis) fill(k *guide.Case, m *guide.Message) {
	if m != nil {
		k.Take(m)
	}
	set := func(into *string, value string) {
		if value != "" {
			*into = value
		}
	}
	set(&k.From, d.from)
	set(&k.To, d.to)
	set(&k.HELO, d.helo)
	switch {
	case d.mailFrom != "":
		k.MailFrom = d.mailFrom
	case d.from != "" && m == nil && k.Format != "history": // what the text tells may be the receiver's own words for it
		k.MailFrom = d.from
	}
	if d.ip.IsValid() {
		k.IP = d.ip
	}
	if len(d.selectors) > 0 {
		k.Selectors = d.selectors
	}
	if len(d.signers) > 0 {
		k.Signers = d.signers
	}
	if !d.when.IsZero() {
		k.Time = d.when
	}
	k.Size = max(k.Size, d.size)
	k.Settle()
}

// fromArgs takes files and directories as what they hold, and anything else as
// the text itself.
func (a *app) fromArgs(ctx context.Context, d *diagnosis, c *codes.Catalogue, args []string) ([]*guide.Case, error) {
	var list []*guide.Case
	named := slices.ContainsFunc(args, func(arg string) bool { _, err := os.Stat(arg); return err == nil || arg == "-" })
	if !named {
		k := guide.Read(c, strings.Join(args, " "))
		if len(args) == 1 && k.Unread() && fileName(args[0]) {
			return nil, &usageError{place: args[0], says: say(codes.Text{EN: "there is no such file", JA: "ファイルがありません"}),
				fix: say(codes.Text{EN: "give a file that exists, or the text of the error itself in quotes", JA: "存在するファイル、またはエラーの文言そのものを引用符で囲んで指定してください"})}
		}
		return []*guide.Case{k}, nil
	}
	for _, arg := range args {
		files, err := inDirectory(arg)
		if err != nil {
			return nil, err
		}
		d.many = d.many || len(args) > 1 || len(files) > 1 || files[0] != arg
		for _, name := range files {
			data, err := a.read(ctx, name, want{limit: maxInput, text: true, less: codes.Text{
				EN: "give the lines about the error only: grep ADDR FILE | todoku diagnose -", JA: "エラーに関する行だけを渡してください: grep ADDR FILE | todoku diagnose -"}})
			if err != nil && d.many && ctx.Err() == nil { // the others are looked at
				d.passed++
				if d.passed <= maxComplaints {
					a.complain(a.unread(name, err, codes.Text{EN: "passed over: it cannot be read", JA: "読めないため、とばします"}, codes.Text{}))
				}
				continue
			}
			if err != nil {
				return nil, a.unread(name, err, codes.Text{EN: "the input cannot be read", JA: "入力を読めません"},
					codes.Text{EN: "put a text that is no file into quotes", JA: "ファイルではない文字列は引用符で囲んでください"})
			}
			list = append(list, guide.Read(c, string(data)))
		}
	}
	if d.passed > 0 {
		a.tell(say(codes.Text{EN: "inputs that could not be read and were passed over: %d; read: %d", JA: "読めずにとばした入力: %d件、読み取った入力: %d件"}, d.passed, len(list)))
	}
	if len(list) == 0 {
		return nil, exitBlind
	}
	return list, nil
}

// inDirectory lists the files of a directory, or the name itself.
func inDirectory(name string) ([]string, error) {
	info, err := os.Stat(name)
	if err != nil || !info.IsDir() {
		return []string{name}, nil
	}
	entries, err := os.ReadDir(name)
	if err != nil {
		return nil, &usageError{place: name, cause: bare(err), says: say(codes.Text{EN: "the directory cannot be read", JA: "ディレクトリを読めません"})}
	}
	var files []string
	for _, e := range entries {
		if e.Type().IsRegular() {
			files = append(files, filepath.Join(name, e.Name()))
		}
	}
	if len(files) == 0 {
		return nil, &usageError{place: name, says: say(codes.Text{EN: "the directory holds no files", JA: "ディレクトリにファイルがありません"}),
			fix: say(codes.Text{EN: "give a directory of bounces (.eml), or one file", JA: "エラーメール(.eml)のあるディレクトリ、またはファイルを指定してください"})}
	}
	return files, nil
}

// fileName reports whether a word is meant as the name of a file: it has a
// directory, or an ending that mails and logs have.
func fileName(s string) bool {
	if strings.ContainsFunc(s, unicode.IsSpace) {
		return false
	}
	return strings.ContainsRune(s, filepath.Separator) || slices.Contains([]string{".eml", ".msg", ".txt", ".log", ".mbox", ".json"}, strings.ToLower(filepath.Ext(s)))
}

// fromHistory makes cases of sendings.
func (a *app) fromHistory(ctx context.Context, d *diagnosis, c *codes.Catalogue) ([]*guide.Case, error) {
	store, none, err := a.readHistory(ctx, d.place)
	if err != nil {
		return nil, err
	}
	if none {
		store = emptyHistory{}
	}
	defer store.Close()
	if d.id != "" {
		s, err := a.find(ctx, store, d.id, false)
		if errors.Is(err, exitWrong) { // it was said; for a diagnosis it is a wrong argument
			return nil, exitUsage
		}
		if err != nil {
			return nil, err
		}
		return []*guide.Case{caseOf(c, s)}, nil
	}
	d.many = true
	var list []*guide.Case
	for s, err := range store.List(ctx, d.filter) {
		if err != nil {
			return nil, a.historyFault(err)
		}
		list = append(list, caseOf(c, s))
	}
	if len(list) == 0 {
		return nil, misuse(say(codes.Text{EN: "the history has nothing that fits", JA: "該当する送信履歴はありません"}),
			say(codes.Text{EN: "%s shows what there is", JA: "%s で一覧を確認できます"}, historyList()))
	}
	return list, nil
}

// caseOf makes a case of one sending.
func caseOf(c *codes.Catalogue, s history.Sending) *guide.Case {
	k := guide.Read(c, cmp.Or(s.Reply, s.Code))
	if k.Reply.Code == 0 && s.Code != "" { // what went wrong without a reply
		k = guide.Read(c, s.Code)
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

// traffic counts what the history has of the day that ends at a time.
func (a *app) traffic(d *diagnosis) func(context.Context, string, time.Time) (guide.Traffic, error) {
	return func(ctx context.Context, domain string, end time.Time) (guide.Traffic, error) {
		var t guide.Traffic
		if a.global.lab && d.place.file == "" {
			return t, nil
		}
		store, none, err := a.readHistory(ctx, d.place)
		if err != nil || none {
			return t, err
		}
		defer store.Close()
		var times []time.Time
		for s, err := range store.List(ctx, history.Filter{Domain: domain, Since: end.Add(-24 * time.Hour), Until: end.Add(time.Second)}) {
			if err != nil {
				return t, err
			}
			times = append(times, s.Started)
			if s.Permanent == codes.No {
				t.PutOff++
			}
		}
		t.Day, t.Hour = len(times), busiest(times, time.Hour)
		return t, nil
	}
}

// busiest is the most of times that lie within a span.
func busiest(times []time.Time, span time.Duration) int {
	slices.SortFunc(times, time.Time.Compare)
	most, first := 0, 0
	for last := range times {
		for times[last].Sub(times[first]) >= span {
			first++
		}
		most = max(most, last-first+1)
	}
	return most
}
