package scope

import (
	"maps"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/settings"
	"todoku/diag"
)

// Fill sets the flags that neither the command line nor the environment sets to what the config file says of a domain: those
// of the domain, and --only, --skip and --fail-on of the app. A nil entry says nothing.
func (d *Domain) Fill(a *app.App, e *settings.Domain) error {
	if e == nil {
		return nil
	}
	for _, v := range e.Values {
		if !Open(a, v.Flag) {
			continue
		}
		if err := d.take(a, v); err != nil {
			return err
		}
		a.Origins[v.Flag] = app.Origin{Kind: app.FromDomain, Place: v.Place}
	}
	return nil
}

// Open reports whether the entry of a domain may set a flag: the command line and the environment leave it open.
func Open(a *app.App, flag string) bool {
	kind := a.Origins.Of(flag).Kind
	return kind == app.FromDomain || kind == app.FromFile || kind == app.FromDefault
}

// take sets one flag. The reader of the file has parsed the values already.
func (d *Domain) take(a *app.App, v settings.Value) (err error) {
	switch v.Flag {
	case "selector":
		d.DKIM.Selectors, err = each(v.Texts, parseSelector)
	case "ip":
		d.sending, err = each(v.Texts, app.ParseSending)
	case "require-include":
		d.SPF.RequireIncludes, err = each(v.Texts, app.ParseDomain)
	case "helo":
		d.SPF.HELO = v.Texts[0]
	case "only":
		a.Global.Only = v.Texts
	case "skip":
		a.Global.Skip = v.Texts
	case "fail-on":
		a.Global.FailOn, err = app.ParseThreshold(v.Texts[0])
	}
	return err
}

func each[T any](texts []string, parse func(string) (T, error)) (out []T, err error) {
	for _, text := range texts {
		v, err := parse(text)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// CompleteDomains offers the domains of the config file.
func CompleteDomains(a *app.App) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		var names []cobra.Completion
		if a.Settings != nil {
			for _, d := range a.Settings.Domains {
				names = append(names, d.Target.Name)
			}
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
}

// Exceptions are those of the config file, for one run.
func Exceptions(a *app.App) *diag.Exceptions {
	var list []diag.Exception
	if a.Settings != nil {
		list = a.Settings.Exceptions
	}
	return diag.NewExceptions(list, a.Now().In(a.Zone()))
}

// Apart is an app whose flags can be filled without a change to those of a.
func Apart(a *app.App) *app.App {
	apart := *a
	apart.Origins = maps.Clone(a.Origins)
	if apart.Origins == nil {
		apart.Origins = app.Origins{}
	}
	return &apart
}
