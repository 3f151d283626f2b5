package check

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/resolve"
	"todoku/diag/scan"
)

// FilterOptions names the spam filters that are asked about a mail.
type FilterOptions struct {
	Mail   *Mail
	Spamd  string       // host:port or the path of a socket of SpamAssassin's spamd; "": it is not asked
	Rspamd string       // URL of Rspamd; "": it is not asked
	Dial   scan.Dial    // of the world
	Client *http.Client // of the world
}

// Filter asks spam filters of the reader about a mail. What they say is theirs: todoku has no score of its own.
func Filter(o FilterOptions) *diag.Check {
	return &diag.Check{
		Name:  "filter",
		Title: codes.Text{EN: "Filter", JA: "フィルター"},
		Rules: []*diag.Rule{FilterSpam},
		Run:   func(ctx context.Context, p *diag.Pass) error { return runFilter(ctx, p, o) },
	}
}

// FilterSpam tells of a filter that takes the mail for junk.
var FilterSpam = &diag.Rule{
	ID: "filter-spam", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 5321 §7.9",
	Codes: []string{"42550", "42554", "90000", "5.7.1"},
	Says: codes.Text{
		EN: "{scanner} takes the mail for junk: {score} of {limit} points",
		JA: "{scanner} は迷惑メールと判定しました({score}点、しきい値{limit}点)"},
	Why: codes.Text{
		EN: "many receivers run this filter with rules of their own: they may refuse the mail (550, 554 5.7.1) or file it as junk",
		JA: "このフィルターは多くの受信側で使われており(ルールは受信側ごとに異なります)、受信拒否(550・554 5.7.1)や迷惑メール判定の原因になります"},
	Fix: codes.Text{
		EN: "change what the heaviest rules name, and ask again; a point for the sending address or the network of this machine is no fault of the mail",
		JA: "点数の高いルールが示す箇所を修正し、もう一度確認してください。検査した環境のIPアドレスやネットワークに対する点数は、メールの問題ではありません"},
}

func runFilter(ctx context.Context, p *diag.Pass, o FilterOptions) error {
	facts := &FilterFacts{Filters: []*scan.Result{}}
	p.Facts(facts)
	var err error
	take := func(server string, r *scan.Result, failed error) {
		if failed != nil {
			err = errors.Join(err, unreached(server, failed, codes.Text{EN: "the spam filter gives no answer", JA: "迷惑メールフィルターから応答が得られません"}))
			return
		}
		facts.Filters = append(facts.Filters, r)
		if r.Spam {
			p.Report(FilterSpam, r.Scanner, codes.Str("scanner", r.Scanner), codes.Str("score", points(r.Score)),
				codes.Str("limit", points(r.Threshold)))
		}
	}
	if o.Spamd != "" {
		r, failed := scan.Spamd(ctx, o.Dial, o.Spamd, o.Mail.Data)
		take(o.Spamd, r, failed)
	}
	if o.Rspamd != "" {
		e := o.Mail.Envelope
		session := scan.Envelope{From: e.MailFrom, HELO: e.HELO}
		if e.IP.IsValid() {
			session.IP = e.IP.String()
		}
		r, failed := scan.Rspamd(ctx, o.Client, o.Rspamd, session, o.Mail.Data)
		take(o.Rspamd, r, failed)
	}
	return err
}

// unreached is a server, beside those of DNS and mail, that gave no answer.
func unreached(server string, err error, says codes.Text) error {
	return &resolve.Error{Kind: KindUnreachable, Server: server, Message: bareError(err), Says: says}
}

func points(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

// FilterFacts is what the filters said.
type FilterFacts struct {
	Filters []*scan.Result `json:"filters"`
}

// maxSymbols is how many rules of a filter are shown.
const maxSymbols = 8

// Looked reports whether a filter gave an answer.
func (f *FilterFacts) Looked() bool { return len(f.Filters) > 0 }

// Lines shows the score of each filter, with its heaviest rules.
func (f *FilterFacts) Lines() []diag.Line {
	var out []diag.Line
	for _, r := range f.Filters {
		l := diag.Say(codes.Text{EN: "{scanner}: {score} of {limit} points", JA: "{scanner}: {score}点(しきい値{limit}点)"}, codes.Str("scanner", r.Scanner),
			codes.Str("score", points(r.Score)), codes.Str("limit", points(r.Threshold)))
		if r.Action != "" {
			l = l.AndShow("  {action}", codes.Str("action", r.Action))
		}
		out = append(out, l)
		for i, s := range r.Symbols {
			if i == maxSymbols {
				out = append(out, diag.More(len(r.Symbols)-i+r.More).By(2))
				break
			}
			out = append(out, diag.Show("{score}  {name}  {says}", codes.Str("score", points(s.Score)), codes.Str("name", s.Name),
				codes.Str("says", strings.TrimSpace(s.Says+" "+s.Detail))).By(2))
		}
	}
	return out
}
