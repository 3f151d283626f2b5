package check

import (
	"context"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/scope"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
)

func NewDomain(a *app.App, f *app.Findings) *cobra.Command {
	s := checkRun{workers: diag.Workers, found: f, known: &baselineRun{}, sent: &sentMail{}}
	var d scope.Domain
	var profiles []string
	var c *cobra.Command
	c = a.Command(app.About{
		Use:     "domain [NAME…]",
		Uses:    []string{usage.World, usage.Bundle, usage.Checks, usage.FailOn},
		Formats: report.Reports.Formats(),
		Short:   codes.Text{EN: "everything that a domain's DNS says about its mail", JA: "ドメインのメールについてDNSが示すすべてを検査します"},
		Long: codes.Text{
			EN: looksUp(codes.English) + "\n\nNAME may be written in any script. @FILE reads one domain a line and - reads\nstandard input; empty lines and # comments are passed over. A line that names no\ndomain is reported with its number, the others are checked, and the exit status\nis 2 unless something is wrong with a domain (1).\n\nWithout NAME the domains of the config file, todoku.yaml, are checked. What it says\nof a domain holds with NAME, too.",
			JA: looksUp(codes.Japanese) + "\n\nNAME は日本語ドメイン名でもかまいません。\n@FILE は1行に1ドメインを書いたファイル、- は標準入力を読みます。\n空行と # 以降は読み飛ばします。ドメイン名ではない行は行番号とともに報告して\n検査を続け、終了ステータスは2になります(ドメインに問題があれば1)。\n\nNAME を省くと、設定ファイル(todoku.yaml)のドメインを検査します。ドメインごとの\n設定は、NAME を指定した場合にも使います。"},
		Example: codes.Text{
			EN: "  todoku check domain example.jp --ip 192.0.2.7 --selector s1\n  todoku check domain @domains.txt --format ndjson\n  todoku check domain example.jp --zone new.zone --fail-on warn\n  todoku check domain example.jp --set 'example.jp TXT v=spf1 mx -all'\n  todoku check domain example.jp --ip 192.0.2.7 --profile gmail,docomo",
			JA: "  todoku check domain example.jp --ip 192.0.2.7 --selector s1\n  todoku check domain @domains.txt --format ndjson\n  todoku check domain example.jp --zone new.zone --fail-on warn\n  todoku check domain example.jp --set 'example.jp TXT v=spf1 mx -all'\n  todoku check domain example.jp --ip 192.0.2.7 --profile gmail,docomo"},
		MaxArgs: -1,
	}, func(ctx context.Context, args []string) (err error) {
		if len(args) == 0 && len(s.planFiles) == 0 && fileTargets(a) == nil {
			return usage.CountArgs(c, args, 1, -1)
		}
		if s, err = prepared(ctx, a, s, &d, args); err != nil {
			return err
		}
		if err := checkSelectors(s.targets, &d); err != nil {
			s.targets.close()
			return err
		}
		if !s.targets.isList() && s.workers != diag.Workers && !a.Filled("workers") {
			s.targets.close()
			return codes.At("--workers", codes.Wrong(codes.Say(codes.Text{EN: "one domain needs no workers", JA: "ドメインが1つのときは何の働きもしません"}),
				codes.Say(codes.Text{EN: "leave it out, or give several domains", JA: "このフラグを外すか、複数のドメインを指定してください"})))
		}
		if profiles, err = profilesOf(a, s.targets, profiles); err != nil {
			return err
		}
		if len(profiles) > 0 {
			return profile(ctx, a, s, &d, profiles)
		}
		return runChecks(ctx, a, s)
	})
	c.ValidArgsFunction = scope.CompleteDomains(a)
	addProfileFlag(a, c, &profiles)
	addSetFlags(a, c, &s)
	addTrafficFlag(a, c, s.sent)
	addBaselineFlags(a, c, s.known)
	d.AddFlags(a, c)
	c.Flags().Var(app.ValueOf(&s.workers, parseWorkers, "N"), "workers", a.T(codes.Text{
		EN: "most domains under way at once (default 256)", JA: "同時に調べるドメインの数の上限(既定は256)"}))
	return c
}

// prepared is the run with its targets and its checks: those that the flags, the config file and --only ask for. Its targets
// are closed where there is an error.
func prepared(ctx context.Context, a *app.App, s checkRun, d *scope.Domain, args []string) (_ checkRun, err error) {
	if err := s.readPlans(ctx, a); err != nil {
		return s, err
	}
	if args, err = s.planned(a, args); err != nil {
		return s, err
	}
	if len(args) == 0 {
		s.targets = fileTargets(a)
	} else if s.targets, err = parseTargets(ctx, a, args); err != nil {
		return s, err
	}
	defer func() {
		if err != nil {
			s.targets.close()
		}
	}()
	if s.targets.isList() {
		s.plans, err = s.plansOf(ctx, a, d)
	} else {
		err = d.Fill(a, a.Settings.Domain(s.targets.sources[0].target.ASCII))
	}
	if err != nil {
		return s, err
	}
	if s.checks, err = d.Checks(ctx, a); err != nil {
		return s, err
	}
	s.again, s.world.TrustAD = domainAgain(d.DomainOptions).And(markRootsAgain(d.MarkRoots)), d.TrustAD
	all := d.DomainOptions
	for _, p := range s.plans {
		all.Receiving, all.Authoritative = all.Receiving || p.of.Receiving, all.Authoritative || p.of.Authoritative
	}
	if all.Receiving {
		if s.world.Replies, err = a.Load(); err != nil {
			return s, err
		}
	}
	if s, err = s.withSets(a, all); err != nil {
		return s, err
	}
	s.sent.of = d.DomainOptions
	return s, s.sent.read(ctx, a)
}

// looksUp says what the checks of a domain are, for the help, in lines of at most 79 columns. It is made at each start of
// the program, so it counts columns in the cheapest way: two for what is not ASCII.
func looksUp(lang codes.Lang) string {
	says := codes.Text{EN: "Looks up and judges: ", JA: "次の項目を調べて検査します: "}.In(lang)
	comma, end := codes.Text{EN: ",", JA: "、"}.In(lang), codes.Text{EN: ".", JA: "。"}.In(lang)
	blank := codes.Text{EN: " "}.In(lang)
	width := columns(says)
	checks := check.Domain(check.DomainOptions{})
	for i, c := range checks {
		word := c.Title.In(lang) + comma
		if i == len(checks)-1 {
			word = c.Title.In(lang) + end
		}
		switch {
		case width+columns(blank+word) > 79:
			says, width = says+"\n", 0
		case i > 0:
			word = blank + word
		}
		says, width = says+word, width+columns(word)
	}
	return says
}

// columns is the width of a text on a terminal, at most.
func columns(s string) int {
	n := 0
	for _, r := range s {
		if n++; r > 0x7f {
			n++
		}
	}
	return n
}

// checkSelectors returns an error for a selector that is one of another domain than those typed. For the domains of a list
// the check itself says so.
func checkSelectors(ts *targets, d *scope.Domain) error {
	for _, s := range ts.sources {
		if s.list != nil {
			continue
		}
		if err := d.TakeSelectors(s.target.ASCII); err != nil {
			return err
		}
	}
	return nil
}
