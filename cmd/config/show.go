package config

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/settings"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dnsbl"
	"todoku/diag/resolve"
	"todoku/diag/watch/alert"
	"todoku/diag/watch/store"
)

func newShow(a *app.App) *cobra.Command {
	var domain diag.Target
	var c *cobra.Command
	c = a.Command(app.About{
		Use:     "show",
		Uses:    []string{usage.World, usage.Checks, usage.FailOn},
		Formats: report.AllSettings.Formats(),
		Short:   codes.Text{EN: "show each value that is in force, and where it is from", JA: "有効な設定値と、その指定元を表示します"},
		Long: codes.Text{
			EN: "Shows the value of each flag and where it is from: a flag, the environment, a line\nof the config file, or the default. With --domain it shows what is in force when\nthat domain is checked: flags come before the environment, that before the\ndomain's own entry, and that before the top of the file. Secrets are not shown.",
			JA: "各フラグの値と、その指定元(フラグ、環境変数、設定ファイルの行、既定値)を表示します。\n--domain を付けると、そのドメインを検査するときに有効な値を表示します。優先順位は、\nフラグ、環境変数、ドメインごとの設定、ファイル先頭の設定の順です。\n秘密の値は表示しません。"},
		Example: codes.Text{EN: "  todoku config show\n  todoku config show --domain example.jp --format json", JA: "  todoku config show\n  todoku config show --domain example.jp --format json"},
	}, func(ctx context.Context, _ []string) error {
		return app.PrintDocument(ctx, a, report.AllSettings, inForce(a, c, domain))
	})
	c.Flags().Var(app.ValueOf(&domain, app.DomainTarget, "NAME"), "domain", a.T(codes.Text{
		EN: "what is in force for this domain", JA: "このドメインで有効な値を表示します"}))
	return c
}

// inForce gathers the settings. domain may be none.
func inForce(a *app.App, c *cobra.Command, domain diag.Target) report.Settings {
	s := report.Settings{Schema: report.SettingsSchemaName, Domain: domain.Name, Values: []report.Setting{}, Domains: []string{},
		Exceptions: []report.SettingException{}}
	entry := a.Settings.Domain(domain.ASCII)
	for _, name := range names(c.Root()) {
		if c.LocalNonPersistentFlags().Lookup(name) != nil && a.Origins.Of(name).Kind == app.FromFlag { // it says what is shown
			continue
		}
		v := valueOf(a, c, entry, name)
		if v.Origin != string(app.FromDefault) || c.Root().PersistentFlags().Lookup(name) != nil {
			s.Values = append(s.Values, v)
		}
	}
	if a.Settings == nil {
		return s
	}
	s.File = a.Settings.Name
	if domain.ASCII == "" {
		for _, d := range a.Settings.Domains {
			s.Domains = append(s.Domains, d.Target.Name)
		}
	}
	now := a.Now().In(a.Zone())
	for _, e := range a.Settings.Exceptions {
		if domain.ASCII == "" || len(e.Domains) == 0 || slices.Contains(e.Domains, domain.ASCII) {
			s.Exceptions = append(s.Exceptions, report.SettingException{Rule: e.Rule, Subject: e.Subject, Domains: append([]string{}, e.Domains...),
				Reason: e.Reason, Until: e.Until, Ended: e.Ended(now), Place: e.Place})
		}
	}
	return s
}

// names are the flags, the global ones first.
func names(root *cobra.Command) []string {
	all := usage.SettableFlags(root)
	global := func(name string) int {
		if root.PersistentFlags().Lookup(name) != nil {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(all, func(x, y string) int { return cmp.Compare(global(x), global(y)) })
	return all
}

// valueOf is the value of a flag: of the command line, the environment, the domain, the top of the file, or none.
func valueOf(a *app.App, c *cobra.Command, entry *settings.Domain, name string) report.Setting {
	at := func(kind app.OriginKind, place string, texts []string) report.Setting {
		s := report.Setting{Flag: name, Origin: string(kind), Place: place, Values: []string{}}
		for _, text := range texts {
			s.Values = append(s.Values, shown(name, text))
		}
		return s
	}
	if o := a.Origins.Of(name); o.Kind == app.FromFlag {
		return at(o.Kind, o.Place, typed(c.Flags().Lookup(name)))
	}
	if v := a.Env(app.Variable(name)); v != "" {
		return at(app.FromEnvironment, app.Variable(name), []string{v})
	}
	v, ok := entry.Value(name)
	if !ok {
		v, ok = a.Settings.Flag(name)
	}
	if ok {
		return at(app.FromFile, v.Place, v.Texts)
	}
	return at(app.FromDefault, "", nil)
}

// typed is the value of a flag that stands on the command line.
func typed(f *pflag.Flag) []string {
	if f == nil || f.Value.String() == "" {
		return nil
	}
	return []string{f.Value.String()}
}

// shown is a value without what may be secret in it: a key before the zone of a list, a token in the address of a server.
func shown(flag, text string) string {
	switch flag {
	case "store":
		return store.Redacted(text)
	case "alert":
		return channels(text)
	}
	if flag != "resolver" && flag != "blocklist" && strings.Contains(text, "://") { // a comma may be a part of the password
		return withoutLogin(text)
	}
	parts := strings.Split(text, ",")
	for i, part := range parts {
		part = strings.TrimSpace(part)
		switch flag {
		case "resolver":
			parts[i] = cmp.Or(resolve.ShownServer(part), "…")
		case "blocklist":
			if source := dnsbl.Find(strings.ToLower(app.Narrow(part))); source.HasKey() {
				parts[i] = source.Shown
			}
		default:
			parts[i] = withoutLogin(part)
		}
	}
	return strings.Join(parts, ", ")
}

// withoutLogin leaves out a password in an address: scheme://user:password@host.
func withoutLogin(text string) string {
	scheme, rest, ok := strings.Cut(text, "://")
	at := strings.LastIndexByte(rest, '@')
	if !ok || at < 0 {
		return text
	}
	return scheme + "://…" + rest[at:]
}

// channels are the names of channels for alerts, whose addresses hold secrets.
func channels(text string) string {
	parts := strings.Split(text, ",")
	for i, part := range parts {
		if c, err := alert.Parse(part); err == nil {
			parts[i] = c.Name()
		} else {
			parts[i] = "…"
		}
	}
	return strings.Join(parts, ", ")
}
