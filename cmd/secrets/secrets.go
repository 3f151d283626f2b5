// Package secrets finds the password of a user at a server: in a file, in the environment, in netrc, or by asking. Passwords
// are never arguments, and what is wrong with one is told without showing it.
package secrets

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/term"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
)

// Variable is where the environment holds a password.
const Variable = "TODOKU_PASSWORD"

// Wanted says whose password is wanted, and where it may be.
type Wanted struct {
	Host, User string
	File       string // the file whose first line it is, where one was named
	FileFlag   string // that named it; "" is --password-file
	Variable   string // of the environment; "" is Variable
	NoPrompt   bool   // nobody is asked
}

// Nobody has a longer password, or a longer list of them.
const (
	maxSecret = 64 << 10
	maxNetrc  = 1 << 20
)

// Find finds a password: in the file, the environment, netrc, or by asking on a terminal. The error is a *codes.UserError,
// or the end of ctx.
func Find(ctx context.Context, a *app.App, w Wanted) (string, error) {
	w.FileFlag, w.Variable = cmp.Or(w.FileFlag, "--password-file"), cmp.Or(w.Variable, Variable)
	if w.File != "" {
		return secretFile(ctx, a, w.FileFlag, w.File)
	}
	if s := a.Env(w.Variable); s != "" {
		return checkSecret(w.Variable, s)
	}
	if s, ok, err := netrc(ctx, a, w.Host, w.User); ok || err != nil {
		return s, err
	}
	if f, ok := a.Stdin.(*os.File); ok && !w.NoPrompt && term.IsTerminal(int(f.Fd())) {
		return askSecret(ctx, a, int(f.Fd()), codes.Say(codes.Text{EN: "password of {user} at {host}: ", JA: "{host} の {user} のパスワード: "}, codes.Str("user", w.User), codes.Str("host", w.Host)))
	}
	return "", &codes.UserError{Kind: ErrNone,
		Says:   codes.Say(codes.Text{EN: "--user {user}: there is no password", JA: "--user {user}: パスワードがありません"}, codes.Str("user", w.User)),
		Remedy: codes.Say(codes.Text{EN: "give {flag} FILE, or set {variable}, or write it into ~/.netrc", JA: "{flag} FILE、環境変数 {variable}、~/.netrc のいずれかで指定してください"}, codes.Str("flag", w.FileFlag), codes.Str("variable", w.Variable))}
}

// ErrNone is the kind of the error of a password that is nowhere.
var ErrNone = errors.New("there is no password")

// askSecret reads a password from a terminal that does not show it. However it
// ends, the terminal shows again what is typed.
func askSecret(ctx context.Context, a *app.App, terminal int, prompt codes.Message) (string, error) {
	before, err := term.GetState(terminal)
	if err != nil {
		return "", err
	}
	type typed struct {
		secret []byte
		err    error
	}
	done := make(chan typed, 1)
	go func() {
		raw, err := term.ReadPassword(terminal)
		done <- typed{raw, err}
	}()
	// Only now that nothing is shown may anybody type, or end this: what puts the
	// terminal back must come after what hid the typing.
	for n := 0; n < 100 && len(done) == 0; n++ {
		if now, err := term.GetState(terminal); err != nil || *now != *before {
			break
		}
		time.Sleep(time.Millisecond)
	}
	a.Stderr.Prompt(page.Message(prompt, a.Lang))
	select {
	case <-ctx.Done():
		err = errors.Join(context.Cause(ctx), term.Restore(terminal, before))
		a.Stderr.Say("")
		return "", a.ReadError("password", err, codes.Text{}, codes.Text{})
	case t := <-done:
		a.Stderr.Say("")
		if t.err != nil {
			return "", a.ReadError("password", t.err, codes.Text{EN: "the password cannot be read", JA: "パスワードを読み取れません"}, codes.Text{})
		}
		return checkSecret("password", string(t.secret))
	}
}

func secretFile(ctx context.Context, a *app.App, flag, name string) (string, error) {
	place := flag + " " + name
	raw, err := a.Read(ctx, name, app.Want{Limit: maxSecret, Text: true})
	if err != nil {
		return "", a.ReadError(place, err, codes.Text{EN: "the password file cannot be read", JA: "パスワードのファイルを読めません"}, codes.Text{})
	}
	line, _, _ := strings.Cut(string(raw), "\n")
	return checkSecret(place, strings.TrimRight(line, "\r"))
}

func checkSecret(place, s string) (string, error) {
	if app.HasControl(s) {
		return "", &codes.UserError{Place: place, Says: codes.Say(codes.Text{EN: "the password holds a control character", JA: "パスワードに制御文字が含まれています"})}
	}
	return s, nil
}

// netrc looks the password up in the file of that name.
func netrc(ctx context.Context, a *app.App, host, user string) (secret string, found bool, err error) {
	name := a.Env("NETRC")
	if name == "" {
		home := a.Env("HOME")
		if home == "" {
			return "", false, nil
		}
		name = filepath.Join(home, ".netrc")
	}
	raw, err := a.Read(ctx, name, app.Want{Limit: maxNetrc, Text: true})
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	if err != nil {
		return "", false, a.ReadError(name, err, codes.Text{EN: "the file with passwords cannot be read", JA: "パスワードのファイルを読めません"}, codes.Text{})
	}
	if secret, found = netrcPassword(string(raw), host, user); !found {
		return "", false, nil
	}
	secret, err = checkSecret(name, secret)
	return secret, true, err
}

// netrcPassword finds the password of a user at a host. The first entry that
// fits counts; "default" fits every host, an entry without login every user.
func netrcPassword(text, host, user string) (string, bool) {
	type entry struct {
		fits, has       bool
		login, password string
	}
	var e entry
	done := func() bool { return e.fits && e.has && (e.login == "" || e.login == user) }
	words := netrcWords(text)
	for i := 0; i < len(words); i++ {
		next := func() string {
			if i+1 < len(words) {
				i++
				return words[i]
			}
			return ""
		}
		switch words[i] {
		case "machine", "default":
			if done() {
				return e.password, true
			}
			e = entry{fits: words[i] == "default"}
			if !e.fits {
				e.fits = strings.EqualFold(next(), host)
			}
		case "login":
			e.login = next()
		case "password":
			e.password, e.has = next(), true
		case "account":
			next()
		}
	}
	return e.password, done()
}

// netrcWords splits the file into words; comments and macros, which end at an
// empty line, are left out.
func netrcWords(text string) []string {
	var out []string
	macro := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if macro {
			macro = line != ""
			continue
		}
		for _, w := range strings.Fields(line) {
			if strings.HasPrefix(w, "#") && (len(out) == 0 || out[len(out)-1] != "password") {
				break
			}
			if w == "macdef" {
				macro = true
				break
			}
			out = append(out, w)
		}
	}
	return out
}
