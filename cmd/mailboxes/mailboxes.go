// Package mailboxes opens what commands read events from: files, directories, Maildirs and mailboxes on servers. It serves
// the groups that read them, and knows the flags of the login.
package mailboxes

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/bundles"
	"todoku/cmd/secrets"
	"todoku/codes"
	"todoku/diag/world"
	"todoku/sender/mailbox"
)

// Flags are the flags of the login to mailboxes on servers.
type Flags struct {
	user, passwordFile string
	bearer             bool
	tls                string
}

// Add defines the flags on a command.
func (f *Flags) Add(a *app.App, c *cobra.Command) {
	fs, t := c.Flags(), func(en, ja string) string { return a.T(codes.Text{EN: en, JA: ja}) }
	fs.Var(app.ValueOf(&f.user, app.ParseNonEmpty, "NAME"), "user", t(
		"user of a mailbox whose URL names none",
		"URLにユーザー名がないメールボックスのユーザー名"))
	fs.Var(app.ValueOf(&f.passwordFile, app.ParseNonEmpty, "FILE"), "password-file",
		t("file whose first line is the password", "1行目にパスワードを書いたファイル"))
	fs.BoolVar(&f.bearer, "xoauth2", false, t("the password is a token for XOAUTH2",
		"パスワードをXOAUTH2のトークンとして使います"))
	fs.Var(app.ValueOf(&f.tls, app.OneOf(tlsWords...), "MODE"), "tls", t(
		"require (default), or off: the password of a mailbox\ngoes as it is",
		"require(既定)、off(パスワードは暗号化されません)"))
	_ = app.CompleteFlag(a, c, "tls", cobra.FixedCompletions(tlsWords, cobra.ShellCompDirectiveNoFileComp))
}

var tlsWords = []string{"require", "off"}

// LabPassword is that of all mailboxes of the lab.
const LabPassword = "lab"

// Open opens what a user named. Mailboxes on servers are reached in the world w, or where it is nil in the real one. The
// error is a *codes.UserError, or the end of ctx.
func (f *Flags) Open(ctx context.Context, a *app.App, w *world.World, name string, o mailbox.Options) (mailbox.Box, error) {
	isServer := strings.Contains(name, "://")
	if a.IsGuest() && name != "-" && (isServer || a.Seam == nil) { // no file, no directory, no mailbox on a server
		return nil, codes.At(name, app.NoFiles())
	}
	if info, err := app.Stat(a, name); isServer || err == nil && info.IsDir() {
		if err := bundles.Refuse(a, name); err != nil {
			return nil, err
		}
	}
	o.Stat = func(name string) (fs.FileInfo, error) { return app.Stat(a, name) }
	if o.Tell == nil {
		o.Tell = a.Tell
	}
	o.OpenFile = func(ctx context.Context, name string) (io.ReadCloser, error) {
		in, err := a.Open(ctx, name, app.Want{})
		if err != nil {
			return nil, err
		}
		return in, nil
	}
	if w != nil {
		o.Dial, o.Roots = w.Dial, w.Roots
	}
	o.Timeout, o.User, o.Bearer, o.Plain = a.Global.Timeout, f.user, f.bearer, f.tls == "off"
	if o.Secret == nil {
		o.Secret = func(ctx context.Context, host, user string) (string, error) {
			return f.secret(ctx, a, host, user)
		}
	}
	return mailbox.Open(ctx, name, o)
}

// secret finds the password of a mailbox that the flags mean.
func (f *Flags) secret(ctx context.Context, a *app.App, host, user string) (string, error) {
	return Secret(ctx, a, secrets.Wanted{Host: host, User: user, File: f.passwordFile})
}

// Secret finds the password of a mailbox. In the lab everybody knows it.
func Secret(ctx context.Context, a *app.App, w secrets.Wanted) (string, error) {
	if !a.Global.Lab {
		return secrets.Find(ctx, a, w)
	}
	w.NoPrompt = true
	s, err := secrets.Find(ctx, a, w)
	if errors.Is(err, secrets.ErrNone) {
		return LabPassword, nil
	}
	return s, err
}
