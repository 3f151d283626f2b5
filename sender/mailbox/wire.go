package mailbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"todoku/codes"
)

// stepTime is how long a server may be silent in a step, where nothing else is said.
const stepTime = 30 * time.Second

// What one step may cost.
const (
	stepOctets = 4 << 20 // that a server says beside the mails that were asked for; also between two steps
	stepTimes  = 20      // times the time of silence, for a server that says a little again and again
	slowest    = 1 << 10 // octets in a second that come beyond that time
	maxFrames  = 1000    // of the stack of whoever reads: imapclient reads nested answers by recursion, without a bound
)

// wire is a connection whose steps end: by the context, by silence, by an answer that is longer or slower than anybody wants.
// Outside of a step it may be silent for as long as it likes.
type wire struct {
	net.Conn
	patience time.Duration

	mu    sync.Mutex
	last  time.Time // when the server said something
	left  int64     // octets of this step
	cause error     // why the connection was cut
}

var (
	errSilent  = errors.New("no answer in time")
	errEndless = errors.New("the answer has no end")
	errNested  = errors.New("the answer is nested too deeply")
)

// Read counts what comes.
func (w *wire) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = time.Now()
	if w.left -= int64(n); w.left < 0 {
		w.cut(errEndless)
	}
	if runtime.Callers(maxFrames, make([]uintptr, 1)) > 0 {
		w.cut(errNested)
	}
	if w.cause != nil {
		return 0, w.cause
	}
	return n, err
}

// Deadlines are those of the steps, whatever a library thinks.

// SetDeadline does nothing.
func (w *wire) SetDeadline(time.Time) error { return nil }

// SetReadDeadline does nothing.
func (w *wire) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing.
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

// cut ends the connection; w.mu is held.
func (w *wire) cut(cause error) {
	if w.cause == nil {
		w.cause = cause
		_ = w.Conn.Close()
	}
}

// step does something with the server. octets are expected beside what goes without saying.
func (w *wire) step(ctx context.Context, octets int64, do func() error) error {
	w.mu.Lock()
	w.last, w.left = time.Now(), octets+stepOctets
	w.mu.Unlock()
	stop := context.AfterFunc(ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.cut(context.Cause(ctx))
	})
	done := make(chan struct{})
	go w.watch(done, time.Now().Add(w.most(octets)))
	err := do()
	close(done)
	stop()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.left = stepOctets
	if err != nil && w.cause != nil {
		err = w.cause
	}
	return err
}

// most is how long a server may take to tell so many octets.
func (w *wire) most(octets int64) time.Duration {
	return stepTimes*w.patience + time.Duration(octets/slowest)*time.Second
}

// watch cuts the connection when the server has been silent for too long, or the step has not ended by then.
func (w *wire) watch(done <-chan struct{}, end time.Time) {
	t := time.NewTimer(w.patience)
	defer t.Stop()
	for {
		select {
		case <-done:
			return
		case <-t.C:
		}
		w.mu.Lock()
		rest := min(w.patience-time.Since(w.last), time.Until(end))
		if rest <= 0 {
			w.cut(errSilent)
		}
		w.mu.Unlock()
		if rest <= 0 {
			return
		}
		t.Reset(rest)
	}
}

// dialWire connects to the server, with TLS where the URL says so.
func dialWire(ctx context.Context, a address, o Options) (*wire, net.Conn, error) {
	dial := o.Dial
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	patience := o.Timeout
	if patience == 0 {
		patience = stepTime
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c, err := dial(limited, "tcp", a.dial())
	if err != nil {
		if context.Cause(ctx) != nil {
			err = context.Cause(ctx)
		}
		return nil, nil, err
	}
	w := &wire{Conn: c, patience: patience}
	if !a.implicit {
		return w, w, nil
	}
	secure := tls.Client(w, tlsConfig(a, o))
	if err := w.step(ctx, 0, func() error { return secure.HandshakeContext(ctx) }); err != nil {
		_ = c.Close()
		return nil, nil, err
	}
	return w, secure, nil
}

func tlsConfig(a address, o Options) *tls.Config {
	return &tls.Config{ServerName: a.host, RootCAs: o.Roots, MinVersion: tls.VersionTLS12}
}

// unable is the error of a server that could not be read, without the secret: a server may repeat it anywhere.
func unable(a address, secret string, err error) error {
	var said *codes.UserError
	if errors.As(err, &said) {
		return err
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	out := &codes.UserError{Place: a.String(), Unable: true, Cause: shown(err.Error(), a.user, secret),
		Says:   codes.Say(codes.Text{EN: "the mailbox cannot be read", JA: "メールボックスを読めません"}),
		Remedy: codes.Say(codes.Text{EN: "check the name and the port, and try again", JA: "サーバー名とポートを確認して、もう一度実行してください"})}
	var certificate *tls.CertificateVerificationError
	var dns *net.DNSError
	switch {
	case errors.Is(err, errSilent), errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		out.Cause, out.Says = nil, codes.Say(codes.Text{EN: "the server does not answer", JA: "サーバーが応答しません"})
	case errors.Is(err, errEndless):
		out.Cause, out.Says = nil, codes.Say(codes.Text{EN: "the server's answer has no end", JA: "サーバーの応答が終わりません"})
	case errors.Is(err, net.ErrClosed): // by imapclient, which asks for capabilities meanwhile: that error can hide the first one
		out.Cause, out.Says = nil, codes.Say(codes.Text{EN: "the server ended the connection, or its answer cannot be read",
			JA: "サーバーが接続を終了したか、応答を解釈できません"})
	case errors.As(err, &dns) && dns.IsNotFound:
		out.Cause, out.Says = nil, codes.Say(codes.Text{EN: "there is no such server", JA: "この名前のサーバーはありません"})
	case errors.As(err, &certificate):
		out.Says = codes.Say(codes.Text{EN: "the certificate of the server does not verify", JA: "サーバーの証明書を検証できません"})
		out.Remedy = codes.Say(codes.Text{EN: "use the name that stands in the certificate", JA: "証明書に記載された名前でサーバーを指定してください"})
	}
	return out
}

// noTLS is the error of a server to which a password would go in plain text.
func noTLS(a address) error {
	return &codes.UserError{Place: a.String(), Kind: ErrNoTLS, Unable: true,
		Says:   codes.Say(codes.Text{EN: "the server offers no TLS, and the password would go over the network as it is", JA: "サーバーがTLSに対応していないため、パスワードが暗号化されずに送信されます"}),
		Remedy: codes.Say(codes.Text{EN: "use {secure}:// if the server has it, or --tls off in a network that you trust", JA: "サーバーが対応していれば {secure}:// を使用し、信頼できるネットワークでは --tls off を指定してください"}, codes.Str("secure", a.scheme+"s"))}
}

// tooLarge is the error of one mail.
func tooLarge(place string) error {
	return &codes.UserError{Place: place, Kind: ErrTooLong, Unable: true,
		Says: codes.Say(codes.Text{EN: "the mail is larger than {most}", JA: "メールが{most}を超えています"}, codes.Str("most", "1 GiB"))}
}

// loginRefused is the error of a server that refused the login, with what it said.
func loginRefused(a address, said string) error {
	return &codes.UserError{Place: a.String(), Kind: ErrLogin, Unable: true,
		Says: codes.Say(codes.Text{EN: "the server refused the login: {said}", JA: "サーバーがログインを拒否しました: {said}"}, codes.Start("said", said, 200)),
		Remedy: codes.Say(codes.Text{EN: "check the user and the password; some services want an app password, or a token (--xoauth2)",
			JA: "ユーザー名とパスワードを確認してください。アプリパスワードやトークン(--xoauth2)が必要なサービスもあります"})}
}

// needSecret asks for the password of the user.
func needSecret(ctx context.Context, a address, o Options) (string, error) {
	if a.user == "" {
		return "", &codes.UserError{Place: a.String(),
			Says:   codes.Say(codes.Text{EN: "there is no user name", JA: "ユーザー名がありません"}),
			Remedy: codes.Say(codes.Text{EN: "write {scheme}://USER@{host}, or give --user", JA: "{scheme}://ユーザー名@{host} と書くか、--user で指定してください"}, codes.Str("scheme", a.scheme), codes.Str("host", a.host))}
	}
	if o.Secret == nil {
		return "", nil
	}
	return o.Secret(ctx, a.host, a.user)
}

// hidden is a text of the server without the secret, which it may have repeated.
func hidden(text, user, secret string) string {
	if secret == "" {
		return text
	}
	plain := []string{secret, "\x00" + user + "\x00" + secret, "user=" + user + "\x01auth=Bearer " + secret + "\x01\x01"}
	for _, s := range plain {
		quoted := strconv.Quote(s)
		for _, form := range []string{s, base64.StdEncoding.EncodeToString([]byte(s)), quoted[1 : len(quoted)-1], quotedIMAP.Replace(s)} {
			text = strings.ReplaceAll(text, form, "***")
		}
	}
	return text
}

// shown is the beginning of a text of the server, or of a library about it, as it may be told.
func shown(text, user, secret string) error {
	first, _, _ := strings.Cut(text, "\n") // a library may add where it was
	return errors.New(codes.Start("", hidden(first, user, secret), 300).String())
}

// quotedIMAP writes a text as IMAP has it between quotes.
var quotedIMAP = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// xoauth2 is Google's and Microsoft's mechanism for bearer tokens.
type xoauth2 struct{ user, token string }

// Start gives the token.
func (x xoauth2) Start() (string, []byte, error) {
	return "XOAUTH2", []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

// Next answers the details of a refusal with nothing, as the protocol wants.
func (x xoauth2) Next([]byte) ([]byte, error) { return []byte{}, nil }

// block is a mail in memory.
type block struct{ *bytes.Reader }

// Close has nothing to close.
func (block) Close() error { return nil }
