package scope

import (
	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/codes"
	"todoku/diag/check"
)

// AddReach adds the flags that say how far the checks of a domain go.
func AddReach(a *app.App, c *cobra.Command, o *check.DomainOptions, all *bool) {
	fs := c.Flags()
	fs.BoolVar(&o.Receiving, "receiving", false, a.T(codes.Text{
		EN: "visit its mail servers and web servers, too", JA: "受信側も検査します\n(メールサーバーとウェブサーバーに接続します)"}))
	fs.BoolVar(&o.Authoritative, "authoritative", false, a.T(codes.Text{
		EN: "ask each of its own name servers, too", JA: "ドメインの権威DNSサーバーにも1台ずつ問い合わせます"}))
	fs.BoolVar(all, "all", false, a.T(codes.Text{EN: "look at everything", JA: "すべてを検査します"}))
}

// AddSending adds the flags that tell how the domain sends.
func AddSending(a *app.App, c *cobra.Command, o *check.SPFOptions) {
	c.Flags().Var(app.ListOf(&o.IPs, app.ParseAddr, "ADDR"), "ip", a.T(codes.Text{
		EN: "address that sends the mail (repeatable)", JA: "メールを送信するIPアドレス(複数指定可)"}))
	AddRequire(a, c, o)
}

// AddRequire adds the flags that say what SPF must hold.
func AddRequire(a *app.App, c *cobra.Command, o *check.SPFOptions) {
	fs := c.Flags()
	fs.Var(app.ListOf(&o.RequireIncludes, app.ParseDomain, "DOMAIN"), "require-include", a.T(codes.Text{
		EN: "domain that SPF must include (repeatable)", JA: "SPFに含まれるべき include のドメイン(複数指定可)"}))
	fs.Var(app.ListOf(&o.RequireIPs, app.ParsePrefix, "ADDR|CIDR"), "require-ip", a.T(codes.Text{
		EN: "address that SPF must let pass (repeatable)", JA: "SPFで許可されるべきIPアドレス(複数指定可)"}))
}

// AddHELO adds the flag that names the sending server.
func AddHELO(a *app.App, c *cobra.Command, o *check.SPFOptions) {
	c.Flags().Var(app.ValueOf(&o.HELO, app.ParseAny, "NAME"), "helo", a.T(codes.Text{
		EN: "name that the server gives in HELO or EHLO", JA: "送信サーバーがHELO/EHLOで名乗る名前"}))
}

// AddTrust adds the flag that believes what a resolver says of DNSSEC.
func AddTrust(a *app.App, c *cobra.Command, trust *bool) {
	c.Flags().BoolVar(trust, "trust-ad", false, a.T(codes.Text{
		EN: "believe the DNSSEC AD bit of any --resolver", JA: "どの --resolver のDNSSEC ADビットも信用します"}))
}

// AddLists adds the flag that names lists in DNS to ask.
func AddLists(a *app.App, c *cobra.Command, o *check.DNSBLOptions) {
	c.Flags().Var(app.ListOf(&o.Lists, app.ParseBlocklist, "ZONE"), "blocklist", a.T(codes.Text{
		EN: "blocklist to ask, such as bl.spamcop.net (repeatable)", JA: "問い合わせるブロックリスト(複数指定可。\n例: bl.spamcop.net)"}))
}
