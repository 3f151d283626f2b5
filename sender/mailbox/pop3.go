package mailbox

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"net"
	"slices"
	"strings"
	"time"
)

// popBox is a mailbox of a POP3 server (RFC 1939). A session shows the mailbox as it was at its beginning.
type popBox struct {
	address
	options Options
	secret  string

	wire *wire
	conn net.Conn // with TLS, or the wire itself
	r    *bufio.Reader
	ctx  context.Context // of what is under way
	in   bool            // a step is under way

	waited time.Duration // for a mail that is read, in steps
	list   []popMail
}

// popMail is a mail of a session.
type popMail struct {
	n    int
	size int64
	id   string
}

func openPOP(ctx context.Context, a address, o Options) (Box, error) {
	b := &popBox{address: a, options: o}
	var err error
	if b.secret, err = needSecret(ctx, a, o); err != nil {
		return nil, err
	}
	if err := b.connect(ctx); err != nil {
		return nil, b.unable(ctx, err)
	}
	return b, nil
}

func (b *popBox) unable(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	b.drop()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return unable(b.address, b.secret, err)
}

// drop ends the connection without a word: nothing that was to be deleted is.
func (b *popBox) drop() {
	if b.wire != nil {
		_ = b.wire.Conn.Close()
		b.wire = nil
	}
}

// connect makes sure that there is a session.
func (b *popBox) connect(ctx context.Context) error {
	if b.wire != nil {
		return nil
	}
	w, c, err := dialWire(ctx, b.address, b.options)
	if err != nil {
		return err
	}
	b.wire = w
	b.over(c)
	b.ctx = ctx
	if err = b.step(0, func() error { _, err := b.answer(); return err }); err == nil {
		err = b.secure(ctx)
	}
	if err == nil {
		err = b.login()
	}
	if err == nil {
		err = b.look()
	}
	if err != nil {
		b.drop()
	}
	return err
}

// capabilities are what the server offers (RFC 2449); none where it does not tell.
func (b *popBox) capabilities() (out []string, err error) {
	err = b.lines("CAPA", 0, func(line string) error {
		if len(out) > 200 {
			return errEndless
		}
		out = append(out, strings.ToUpper(line))
		return nil
	})
	if errors.As(err, &refusal{}) {
		return nil, nil
	}
	return out, err
}

// secure begins TLS (RFC 2595) where it is not there yet.
func (b *popBox) secure(ctx context.Context) error {
	if b.implicit || b.options.Plain {
		return nil
	}
	offered, err := b.capabilities()
	switch {
	case err != nil:
		return err
	case slices.Contains(offered, "STLS"):
	case b.local():
		return nil
	default:
		return noTLS(b.address)
	}
	if _, err := b.say("STLS"); err != nil {
		return err
	}
	if b.r.Buffered() > 0 { // somebody in between spoke for the server
		return errors.New("the server said something between STLS and TLS")
	}
	c := tls.Client(b.wire, tlsConfig(b.address, b.options))
	if err := b.wire.step(ctx, 0, func() error { return c.HandshakeContext(ctx) }); err != nil {
		return err
	}
	b.over(c)
	return nil
}

func (b *popBox) login() error {
	err := b.loginBy()
	var no refusal
	if errors.As(err, &no) {
		return loginRefused(b.address, no.text)
	}
	return err
}

func (b *popBox) loginBy() error {
	offered, err := b.capabilities()
	if err != nil {
		return err
	}
	sasl := slices.IndexFunc(offered, func(s string) bool { return strings.HasPrefix(s, "SASL ") })
	switch {
	case b.options.Bearer:
		_, first, _ := xoauth2{b.user, b.secret}.Start()
		return b.auth("XOAUTH2", first)
	case len(offered) > 0 && !slices.Contains(offered, "USER") && sasl >= 0 && slices.Contains(strings.Fields(offered[sasl]), "PLAIN"):
		return b.auth("PLAIN", []byte("\x00"+b.user+"\x00"+b.secret))
	}
	if _, err := b.say("USER " + b.user); err != nil {
		return err
	}
	_, err = b.say("PASS " + b.secret)
	return err
}

// auth logs in by SASL (RFC 5034): the first answer comes with the command, or after a question without words.
func (b *popBox) auth(mechanism string, first []byte) error {
	encoded := base64.StdEncoding.EncodeToString(first)
	_, err := b.say("AUTH " + mechanism + " " + encoded)
	if errors.Is(err, errQuestion) { // the details of a refusal
		_, err = b.say("")
	}
	return err
}
