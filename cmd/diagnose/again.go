package diagnose

import (
	"context"
	"encoding/json"
	"iter"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/term"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/cmd/sendings"
	"todoku/codes"
	"todoku/diag/guide"
	"todoku/diag/world"
)

// lastCase is the last diagnosis as a file of this user keeps it.
type lastCase struct {
	Input     string     `json:"input"`
	From      string     `json:"from"`
	MailFrom  string     `json:"mail_from"`
	To        string     `json:"to"`
	IP        netip.Addr `json:"ip"`
	HELO      string     `json:"helo"`
	Selectors []string   `json:"selectors"`
	Signers   []string   `json:"signers"`
	Time      time.Time  `json:"time"`
	Size      int64      `json:"size"`
	Causes    []string   `json:"causes"` // that were confirmed
	Mail      bool       `json:"mail"`   // the mail itself was looked at
}

// maxLast bounds what is read of it, in octets.
const maxLast = 1 << 20

// lastFile is where it is kept; "" where this user has no such place.
func lastFile(a *app.App) string {
	dir := sendings.UserDir(a, "XDG_STATE_HOME", ".local", "state")
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, "diagnosis.json")
}

// saveLast keeps a diagnosis for --last. It is a convenience: where it cannot
// be kept, nothing is said.
func saveLast(a *app.App, d *options, r *guide.Diagnosis) {
	name := lastFile(a)
	if name == "" || d.last || a.IsGuest() {
		return
	}
	k := r.Case
	l := lastCase{Input: k.Input, From: k.From, MailFrom: k.MailFrom, To: k.To, IP: k.IP, HELO: k.HELO,
		Selectors: k.Selectors, Signers: k.Signers, Time: k.Time, Size: k.Size, Causes: guide.CauseIDs(r.Confirmed()),
		Mail: k.Message != nil}
	data, err := json.Marshal(l)
	if err == nil && os.MkdirAll(filepath.Dir(name), 0o700) == nil {
		app.ReplaceFile(name, data)
	}
}

// loadLast reads what saveLast wrote.
func loadLast(ctx context.Context, a *app.App, d *options, c *codes.Catalogue) (*guide.Case, error) {
	var l lastCase
	data, err := a.Read(ctx, lastFile(a), app.Want{Limit: maxLast, Text: true})
	if ctx.Err() != nil {
		return nil, a.ReadError(lastFile(a), err, codes.Text{}, codes.Text{})
	}
	if err == nil {
		err = json.Unmarshal(data, &l)
	}
	if err != nil {
		return nil, codes.Wrong(codes.Say(codes.Text{EN: "there is no last diagnosis", JA: "直前の診断がありません"}),
			codes.Say(codes.Text{EN: "diagnose something first: {command}", JA: "先に診断を実行してください: {command}"}, codes.Typed("command", codes.Todoku("diagnose", "REPLY"))))
	}
	k := guide.Read(c, l.Input)
	k.From, k.MailFrom, k.To, k.IP, k.HELO, k.Selectors, k.Signers, k.Time, k.Size = l.From, l.MailFrom, l.To, l.IP,
		l.HELO, l.Selectors, l.Signers, l.Time, l.Size
	k.Missing = l.Mail && k.Message == nil
	d.only = l.Causes
	return k, nil
}

// pollEvery is how long --wait waits between two looks.
const pollEvery = 5 * time.Second

// verify looks again at what was confirmed: 1 while it is still there.
func verify(ctx context.Context, a *app.App, d *options, catalogue *codes.Catalogue, list iter.Seq2[*guide.Case, error]) error {
	var cases []*guide.Case
	for k, err := range list {
		if reportUnreadable(a, d, err) {
			continue
		}
		if err != nil {
			return err
		}
		k.Only = d.only
		cases = append(cases, k)
	}
	if tellUnreadable(a, d, len(cases)); len(cases) == 0 {
		return app.ExitUnknown
	}
	for round := 1; ; round++ {
		status, err := verifyOnce(ctx, a, d, catalogue, cases, round)
		if err != nil {
			return err
		}
		if status == app.ExitOK || !d.wait {
			if status == app.ExitOK && d.unreadable > 0 {
				status = app.ExitUnknown // what nobody read is not mended
			}
			if status = a.Global.FailOn.Weigh(status); status == app.ExitOK {
				return nil
			}
			return status
		}
		a.Tell(codes.Say(stillThere(status), codes.Num("n", round), codes.Num("pause", int(pollEvery/time.Second))))
		select {
		case <-time.After(pollEvery):
		case <-ctx.Done():
			if context.Cause(ctx) == app.ErrInterrupted {
				return app.ErrInterrupted
			}
			return status
		}
	}
}

// stillThere is what is told between two looks.
func stillThere(status app.ExitStatus) codes.Text {
	if status == app.ExitUnknown {
		return codes.Text{EN: "not known yet (look {n}); the next look in {pause} s, Ctrl-C ends it",
			JA: "まだ分かりません({n}回目)。{pause}秒後に再確認します(Ctrl-Cで終了)"}
	}
	return codes.Text{EN: "still there (look {n}); the next look in {pause} s, Ctrl-C ends it",
		JA: "まだ残っています({n}回目)。{pause}秒後に再確認します(Ctrl-Cで終了)"}
}

// verifyOnce is one look; every look asks anew.
func verifyOnce(ctx context.Context, a *app.App, d *options, catalogue *codes.Catalogue, cases []*guide.Case,
	round int) (app.ExitStatus, error) {
	w, env, err := guideEnv(ctx, a, d, catalogue)
	if err != nil {
		return app.ExitOK, err
	}
	defer w.Close()
	status := app.ExitOK
	var results []*guide.Diagnosis
	for _, k := range cases {
		r, lags := lookAgain(ctx, a, w, env, k)
		missing := tellLags(a, lags)
		switch {
		case r.Answer() != nil || missing:
			status = app.ExitWrong
		case (r.Count(guide.Open) > 0 || len(lags) > 0) && status == app.ExitOK:
			status = app.ExitUnknown
		}
		results = append(results, r)
		if k.Only == nil { // the next look is at these, as that of --last
			k.Only = guide.CauseIDs(r.Confirmed())
		}
	}
	if status != app.ExitOK && d.wait && ctx.Err() == nil && round > 1 {
		return status, nil // it was shown once
	}
	return status, a.Write(ctx, func(w *page.Out) error {
		p := d.open(a, w, catalogue)
		for _, r := range results {
			if err := p.Put(r); err != nil {
				return err
			}
		}
		return p.Close()
	})
}

// lookAgain looks at one mail anew: about its sender's zone all name servers are asked themselves.
func lookAgain(ctx context.Context, a *app.App, w *world.World, env guide.Env, k *guide.Case) (*guide.Diagnosis, []guide.Lag) {
	defer a.ShowWaiting()()
	var own *guide.FirstHand
	if w.OwnServers() {
		own = guide.NewFirstHand(ctx, env.Env, k.Sender())
	}
	if own == nil {
		return guide.Run(ctx, env, k), nil
	}
	env.DNS = own
	return guide.Run(ctx, env, k), own.Lags()
}

// tellLags tells which name servers have not the newest records, or do not answer; missing: one has old ones.
func tellLags(a *app.App, lags []guide.Lag) (missing bool) {
	for _, l := range lags {
		if len(l.Names) == 0 {
			a.Tell(codes.Say(codes.Text{EN: "the name server {server} does not answer: whether it has the change is not known",
				JA: "ネームサーバー {server} が応答しないため、変更が反映されたかどうか分かりません"}, codes.Str("server", l.Server)))
			continue
		}
		missing = true
		a.Tell(codes.Say(codes.Text{EN: "the name server {server} still has another record of {names} than the newest zone",
			JA: "ネームサーバー {server} の {names} のレコードは、まだ最新のゾーンと異なります"}, codes.Str("server", l.Server), codes.List("names", l.Names)))
	}
	return missing
}

// askForMore asks on a terminal for what would decide an open cause, each thing once.
func askForMore(ctx context.Context, a *app.App, w *page.Out, env guide.Env, d *options, r *guide.Diagnosis) (*guide.Diagnosis, error) {
	in, isFile := a.Stdin.(*os.File)
	if a.Seam != nil { // no bundle would have the answers
		return r, nil
	}
	if _, talks := w.Terminal(); !talks || !isFile || d.form.Format != page.TextFormat || ctx.Err() != nil || r.Answer() != nil || r.Silent {
		return r, nil
	}
	if !term.IsTerminal(int(in.Fd())) {
		return r, nil
	}
	want, typed := a.LineReader()
	defer close(want)
	changed := false
	for _, n := range r.Needs() {
		put := d.setterOf(n.What)
		if put == nil {
			continue
		}
		a.Stderr.Prompt(n.Says.In(a.Lang) + " (" + a.T(codes.Text{EN: "Enter: not known", JA: "Enter: 不明"}) + "): ")
		want <- struct{}{}
		line, open := "", false
		select {
		case line, open = <-typed:
		case <-ctx.Done():
			a.Stderr.Say("")
			return r, nil
		}
		if !open {
			break
		}
		if said := strings.TrimSpace(line); said != "" {
			if err := put(said); err != nil {
				a.Complain(err)
				continue
			}
			changed = true
		}
	}
	if !changed {
		return r, nil
	}
	k := *r.Case
	d.apply(&k, nil)
	return guide.Run(ctx, env, &k), nil
}

// setterOf gives the function that takes what somebody types, nil for what cannot be typed.
func (d *options) setterOf(w guide.Wanted) func(string) error {
	switch w {
	case guide.NeedFrom:
		return func(s string) error { d.from = s; return nil }
	case guide.NeedTo:
		return func(s string) error { d.to = s; return nil }
	case guide.NeedIP:
		return func(s string) (err error) { d.ip, err = app.ParseAddr(s); return err }
	case guide.NeedSelector:
		return func(s string) error { d.selectors = []string{s}; return nil }
	}
	return nil
}
