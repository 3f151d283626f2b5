package diagnose

import (
	"cmp"
	"context"
	"iter"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"todoku/cmd/app"
	"todoku/cmd/bundles"
	"todoku/cmd/sendings"
	"todoku/codes"
	"todoku/diag/guide"
	"todoku/diag/lab"
	"todoku/sender/event"
	"todoku/sender/history"
)

func parseSize(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return 0, codes.Wrong(codes.Say(codes.Text{EN: "{value} is not a size in bytes", JA: "{value} はバイト数ではありません"}, codes.Quoted("value", s)),
			codes.Say(codes.Text{EN: "give the number of octets, such as 2500000", JA: "2500000 のように数字で指定してください"}))
	}
	return n, nil
}

// check refuses flags that mean nothing together.
func (d *options) check(a *app.App) error {
	if typed := !a.Filled("history"); typed && d.id == "" && wasID(d.history.File) {
		d.history.File, d.id = "", d.history.File
	}
	d.history.File = cmp.Or(d.historyFile, d.history.File)
	switch {
	case d.wait && !d.verify:
		return codes.Wrong(codes.Say(codes.Text{EN: "--wait needs --verify", JA: "--wait には --verify が必要です"}),
			codes.Say(codes.Text{EN: "{command}", JA: "{command}"}, codes.Typed("command", codes.Todoku("diagnose", "--last", "--verify", "--wait"))))
	case !d.filter.Since.IsZero() && d.filter.Result == "":
		return codes.Wrong(codes.Say(codes.Text{EN: "--since needs --result", JA: "--since には --result が必要です"}), codes.Say(codes.Text{EN: "give --result error", JA: "--result error を指定してください"}))
	}
	for _, f := range [...]struct{ flag, value string }{{"--from", d.from}, {"--mail-from", d.mailFrom}, {"--to", d.to}} {
		if err := app.CheckLine(f.value); err != nil {
			return codes.At(f.flag, err)
		}
		if !strings.Contains(f.value, "<") && strings.ContainsFunc(strings.TrimSpace(f.value), unicode.IsSpace) {
			return codes.At(f.flag, codes.Wrong(codes.Say(codes.Text{EN: "{value} is no mail address", JA: "{value} はメールアドレスではありません"}, codes.QuotedStart("value", f.value, 80)),
				codes.Say(codes.Text{EN: "give an address such as user@example.jp, or a domain", JA: "user@example.jp のようなアドレス、またはドメインを指定してください"})))
		}
	}
	return nil
}

// wasID reports whether a value of --history is an id, or the beginning of one: earlier the flag took one.
func wasID(value string) bool {
	_, err := os.Stat(value)
	return err != nil && regexp.MustCompile(`^[0-9][0-9a-z]{2,13}$`).MatchString(value)
}

// cases are the mails to look at: from the arguments, the history, or the last
// diagnosis. They are read one after the other, as they are asked for.
func cases(ctx context.Context, a *app.App, d *options, c *codes.Catalogue, args []string) (iter.Seq2[*guide.Case, error], error) {
	var message *guide.Message
	if d.message != "" {
		data, err := readMail(ctx, a, d.message)
		if err == nil {
			message, err = guide.ReadMessage(data)
		}
		if err != nil {
			return nil, a.ReadError("--message "+d.message, err, codes.Text{EN: "this mail cannot be read", JA: "このメールを読めません"},
				codes.Text{EN: "give the mail as it was sent: header, empty line, body", JA: "送信したままの形(ヘッダー、空行、本文)のファイルを指定してください"})
		}
	}
	list, err := sources(ctx, a, d, c, args)
	if err != nil {
		return nil, err
	}
	return func(yield func(*guide.Case, error) bool) {
		for k, err := range list {
			if err == nil {
				d.apply(k, message)
			}
			if !yield(k, err) {
				return
			}
		}
	}, nil
}

// readMail reads a mail; in the lab, "lab:NAME" is one of its own.
func readMail(ctx context.Context, a *app.App, name string) ([]byte, error) {
	sample, is := strings.CutPrefix(name, "lab:")
	if !is || !a.Global.Lab {
		return a.Read(ctx, name, app.Want{Limit: guide.MaxMessage})
	}
	data, known, err := lab.SampleNamed(sample)
	if err == nil && !known {
		err = codes.Wrong(codes.Say(codes.Text{EN: "the lab has no such mail", JA: "ラボにこの名前のメールはありません"}),
			codes.Say(codes.Text{EN: "{command} names them", JA: "{command} で一覧を確認できます"}, codes.Typed("command", codes.Todoku("lab", "list", "message"))))
	}
	return data, err
}

// apply puts in what the flags say; they know better than the text.
func (d *options) apply(k *guide.Case, m *guide.Message) {
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
		k.Time, k.At, k.Clock = d.when, d.when, event.Exact
	}
	k.Size = max(k.Size, d.size)
	k.Settle()
}

// traffic counts what the history has of the day that ends at a time.
func traffic(a *app.App, d *options) func(context.Context, string, time.Time) (guide.Traffic, error) {
	return func(ctx context.Context, domain string, end time.Time) (guide.Traffic, error) {
		return bundles.Noted(a, "traffic "+domain, func() (guide.Traffic, error) { return trafficOf(ctx, a, d, domain, end) })
	}
}

// trafficOf reads the history.
func trafficOf(ctx context.Context, a *app.App, d *options, domain string, end time.Time) (t guide.Traffic, err error) {
	if sendings.IsTemporary(a, d.history) { // and holds nothing
		return t, nil
	}
	store, err := sendings.Read(ctx, a, d.history)
	if err != nil {
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
	t.Day, t.Hour = len(times), maxWithin(times, time.Hour)
	return t, nil
}

// maxWithin is the most of times that lie within a span.
func maxWithin(times []time.Time, span time.Duration) int {
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
