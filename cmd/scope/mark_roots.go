package scope

import (
	"context"
	"crypto/x509"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/codes"
	"todoku/diag/check"
)

// maxRoots bounds the file of --bimi-roots, in octets.
const maxRoots = 1 << 20

// addMarkRoots adds the flag that names whom to trust with certificates of marks.
func addMarkRoots(a *app.App, c *cobra.Command, file *string) {
	c.Flags().Var(app.ValueOf(file, app.ParseNonEmpty, "FILE"), "bimi-roots", a.T(codes.Text{
		EN: "roots (PEM) that a logo's certificate must lead to", JA: "ロゴの証明書を照合するルート証明書(PEM)"}))
}

// takeMarkRoots reads the roots where there is a use for them: certificates are fetched only with visits.
func takeMarkRoots(ctx context.Context, a *app.App, o *check.DomainOptions, file string) error {
	const flag = "bimi-roots"
	switch {
	case file == "" || !o.Receiving && a.Filled(flag): // a value of the environment or the config file is for all commands
		return nil
	case !o.Receiving:
		return codes.At("--"+flag, codes.Wrong(
			codes.Say(codes.Text{EN: "without a visit no certificate is fetched", JA: "ウェブサーバーに接続しないため、証明書を取得しません"}),
			codes.Say(codes.Text{EN: "add --receiving, --all or --only bimi", JA: "--receiving、--all、--only bimi のいずれかを付けてください"})))
	}
	if o.BIMI.Roots != nil { // of another domain: they are read once
		return nil
	}
	data, err := a.Read(ctx, file, app.Want{Limit: maxRoots})
	if err != nil {
		return a.ReadError("--"+flag, err, codes.Text{EN: "the file of roots cannot be read", JA: "ルート証明書のファイルを読めません"}, codes.Text{})
	}
	o.BIMI.Roots = x509.NewCertPool()
	if !o.BIMI.Roots.AppendCertsFromPEM(data) {
		return codes.At("--"+flag, codes.Wrong(
			codes.Say(codes.Text{EN: "{file} holds no certificate in PEM", JA: "{file} にPEM形式の証明書がありません"}, codes.Str("file", file)),
			codes.Say(codes.Text{EN: "give the root certificates that you trust, one after the other", JA: "信頼するルート証明書を、PEM形式で続けて書いたファイルを指定してください"})))
	}
	return nil
}
