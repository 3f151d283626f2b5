package report

import (
	"iter"
	"strconv"
	"strings"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/resolve"
	"todoku/diag/watch"
)

// WatchRound is what looks at a fleet found otherwise than the looks before.
type WatchRound struct {
	Started time.Time
	Elapsed time.Duration
	Domains int                            // that were looked at
	First   int                            // of them, those that were looked at for the first time
	Silent  int                            // of them, those at which no check could look
	Failed  int                            // that could not be looked at: nothing was saved of them
	Changes iter.Seq2[watch.Change, error] // that are not told yet; it is run once for each output
}

// ErrorWords says what the error of a check means, in both languages: what was asked, how it failed, and where.
func ErrorWords(err error) codes.Text {
	return codes.Text{EN: errorSentence(err, codes.English), JA: errorSentence(err, codes.Japanese)}
}

// FindingWords says what a finding says, in both languages.
func FindingWords(f diag.Finding) codes.Text {
	return codes.Text{EN: fill(f.Rule.Says, f.Data, codes.English), JA: fill(f.Rule.Says, f.Data, codes.Japanese)}
}

// errorSentence names the first failed questions of an error, and how many more there are.
func errorSentence(err error, l codes.Lang) string {
	t := &reportPage{text: makeText(nil, Options{Lang: l}.WithWidth())}
	said := t.failed(err)
	if n := len(said) - maxUnanswered; n > 0 {
		said = append(said[:maxUnanswered], t.say(wMore, codes.Num("n", n)))
	}
	return strings.Join(said, comma(l))
}

// watchPage has the words that documents about a fleet share.
type watchPage struct{ *text }

func makeWatchPage(w *page.Out, o Options) watchPage { return watchPage{makeText(w, o.WithWidth())} }

// changedWord is what happened to a finding or a check, in one word.
func changedWord(t watch.Turn) codes.Text {
	switch t {
	case watch.New:
		return codes.Text{EN: "new", JA: "新規"}
	case watch.Changed:
		return codes.Text{EN: "changed", JA: "変化"}
	case watch.Mended:
		return codes.Text{EN: "mended", JA: "解消"}
	case watch.Unknown:
		return codes.Text{EN: "cannot look", JA: "確認できず"}
	}
	return codes.Text{EN: "looks again", JA: "確認を再開"}
}

// changeStatus is the status whose mark a change has: what is over is well.
func changeStatus(c watch.Change) diag.Status {
	if c.Turn == watch.Mended || c.Turn == watch.Known {
		return diag.OK
	}
	return statusNamed(c.Severity)
}

// statusNamed is a status by its name; a name that is none counts as unknown.
func statusNamed(name string) diag.Status {
	for s := diag.OK; s <= diag.Fail; s++ {
		if s.String() == name {
			return s
		}
	}
	return diag.Unknown
}

// what names what a change is about: a rule, or a check.
func what(c watch.Change) string {
	if c.Rule == "" {
		return c.Check
	}
	return c.Rule
}

// moment is a day and a time.
func (t watchPage) moment(at time.Time) string {
	if at.IsZero() {
		return "–"
	}
	return at.In(t.zone()).Format("2006-01-02 15:04")
}

// zone is that of the times that people read.
func (t watchPage) zone() *time.Location {
	if t.o.Now.IsZero() {
		return time.UTC
	}
	return t.o.Now.Location()
}

// between says when something happened: after the look before, and at the latest at this one.
func (t watchPage) between(before, at time.Time) string {
	if before.IsZero() {
		return t.moment(at)
	}
	end := t.moment(at)
	if b, e := t.moment(before), end; len(b) == len(e) && b[:10] == e[:10] {
		end = e[11:]
	}
	return t.moment(before) + t.tr(" – ", "~") + end
}

// lasting is a length of time in its largest unit.
func (t watchPage) lasting(d time.Duration) string {
	unit := func(of time.Duration, one, many, ja string) string {
		n := int(d / of)
		word := many
		if n == 1 {
			word = one
		}
		return strconv.Itoa(n) + t.tr(" "+word, ja)
	}
	switch {
	case d >= 48*time.Hour:
		return unit(24*time.Hour, "day", "days", "日")
	case d >= 2*time.Hour || d == time.Hour:
		return unit(time.Hour, "hour", "hours", "時間")
	case d >= 2*time.Minute || d == time.Minute:
		return unit(time.Minute, "minute", "minutes", "分")
	}
	return unit(time.Second, "second", "seconds", "秒")
}

// domainName is a domain as people write it, with its form in DNS where that differs.
func domainName(ascii string) string {
	if name := resolve.ToUnicode(ascii); name != ascii {
		return name + " (" + ascii + ")"
	}
	return ascii
}

// showDomain is the command that tells all about a domain of the fleet.
func showDomain(ascii string) codes.Command {
	return codes.Todoku("watch", "show", "DOMAIN").With(codes.PlaceDomain, ascii)
}

// checkDomain is the command that looks at a domain.
func checkDomain(ascii string) codes.Command {
	return codes.Todoku("check", "domain", "DOMAIN").With(codes.PlaceDomain, ascii)
}

// Stamp is a time in JSON; "" is none.
func Stamp(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

// stamped is the time of a stamp; zero where there is none.
func stamped(s string) time.Time {
	at, _ := time.Parse(time.RFC3339, s)
	return at
}
