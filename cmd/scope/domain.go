// Package scope holds the flags that say what the checks of a domain look at, for the groups of commands that run them.
package scope

import (
	"context"
	"net/netip"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
)

// Domain is what the flags say.
type Domain struct {
	check.DomainOptions
	Everything bool   // --all
	MarkRoots  string // the file of --bimi-roots
	TrustAD    bool
	sending    []netip.Prefix
}

// AddFlags adds the flags to a command.
func (d *Domain) AddFlags(a *app.App, c *cobra.Command) {
	AddReach(a, c, &d.DomainOptions, &d.Everything)
	addMarkRoots(a, c, &d.MarkRoots)
	fs := c.Flags()
	fs.Var(app.ListOf(&d.sending, app.ParseSending, "ADDR|CIDR"), "ip", a.T(codes.Text{
		EN: "address that sends the mail (repeatable)", JA: "メールを送信するIPアドレス(複数指定可)"}))
	AddLists(a, c, &d.DNSBL)
	AddRequire(a, c, &d.SPF)
	AddTrust(a, c, &d.TrustAD)
	AddHELO(a, c, &d.SPF)
	fs.Var(app.ListOf(&d.DKIM.Selectors, parseSelector, "NAME"), "selector", a.T(codes.Text{
		EN: "DKIM selector to look at (repeatable; default: find)", JA: "調べるDKIMセレクター(複数指定可。省略時は探索します)"}))
	fs.BoolVar(&d.DKIM.AllSelectors, "all-selectors", false, a.T(codes.Text{
		EN: "probe every selector known, not only the usual ones", JA: "既知のセレクターをすべて試します"}))
}

// Checks lists the checks that the flags and --only ask for. It completes the options.
func (d *Domain) Checks(ctx context.Context, a *app.App) ([]*diag.Check, error) {
	if meant(a, "only") {
		d.Named(a.Global.Only)
	}
	if d.Everything {
		d.All()
	}
	if err := takeSending(a, &d.DomainOptions, d.sending); err != nil {
		return nil, err
	}
	if err := takeMarkRoots(ctx, a, &d.DomainOptions, d.MarkRoots); err != nil {
		return nil, err
	}
	return check.Domain(d.DomainOptions), nil
}

// TakeSelectors returns an error for a selector that is one of another domain than the one that is looked at.
func (d *Domain) TakeSelectors(domain string) error {
	for _, selector := range d.DKIM.Selectors {
		if _, err := check.SelectorOf(selector, domain); err != nil {
			return codes.At("--selector", err)
		}
	}
	return nil
}
