package mailbox

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"todoku/codes"
)

// What a mailbox lists, at most.
const (
	maxPOP     = 1_000_000 // mails
	maxUIDL    = 255       // octets of the name of a mail; 70 may be (RFC 1939 §7)
	listLine   = 32        // octets of one mail, of an ordinary server
	uniqueLine = 128
)

// look lists what is there.
func (b *popBox) look() error {
	b.list = nil
	at := map[int]int{}
	err := b.lines("LIST", maxPOP*listLine, func(line string) error {
		n, size, ok := popLine(line)
		octets, err := strconv.ParseInt(size, 10, 64)
		if !ok || err != nil {
			return b.odd("this is no answer to LIST", line)
		}
		if _, twice := at[n]; twice || len(b.list) >= maxPOP {
			return errEndless
		}
		at[n] = len(b.list)
		b.list = append(b.list, popMail{n: n, size: octets})
		return nil
	})
	if err != nil {
		return err
	}
	err = b.lines("UIDL", int64(len(b.list))*uniqueLine, func(line string) error {
		if n, id, ok := popLine(line); ok && len(id) <= maxUIDL {
			if i, there := at[n]; there {
				b.list[i].id = strings.Clone(id) // the line may be long
			}
		}
		return nil
	})
	if errors.As(err, &refusal{}) {
		return nil // it has no names for mails
	}
	return err
}

// popLine reads "1 value" (RFC 1939 §5).
func popLine(line string) (n int, value string, ok bool) {
	number, rest, _ := strings.Cut(line, " ")
	value, _, _ = strings.Cut(strings.TrimLeft(rest, " "), " ")
	n, err := strconv.Atoi(number)
	return n, value, err == nil && n > 0 && value != ""
}

// Items streams the mails in the order of the server, which is that in which they came.
func (b *popBox) Items(ctx context.Context) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		b.ctx = ctx
		if err := b.connect(ctx); err != nil {
			yield(Item{}, b.unable(ctx, err))
			return
		}
		for _, m := range b.list {
			if m.id != "" && b.options.Passed(m.id) {
				continue
			}
			name := b.String() + "/" + m.id
			if m.id == "" {
				name = fmt.Sprintf("%s#%d", b.address, m.n)
			}
			open := func(ctx context.Context) (io.ReadCloser, error) { return b.retrieve(ctx, m, name) }
			if !yield(Item{Name: name, ID: m.id, Mail: true, Open: open}, nil) {
				return
			}
			if b.wire == nil { // the connection broke while it was read
				return
			}
		}
		b.quit() // the next look is a new session
	}
}

// retrieve begins to read a mail.
func (b *popBox) retrieve(ctx context.Context, m popMail, name string) (io.ReadCloser, error) {
	b.ctx = ctx
	if m.size > maxMail {
		return nil, tooLarge(name)
	}
	if b.wire == nil {
		return nil, unable(b.address, b.secret, io.ErrUnexpectedEOF)
	}
	_, err := b.say("RETR " + strconv.Itoa(m.n))
	var no refusal
	if errors.As(err, &no) {
		return nil, &codes.UserError{Place: b.String(), Unable: true,
			Says: codes.Say(codes.Text{EN: "the server does not give mail {n}: {said}", JA: "サーバーがメール {n} を返しません: {said}"}, codes.Num("n", m.n), codes.Start("said", no.text, 200))}
	}
	if err != nil {
		return nil, b.unable(ctx, err)
	}
	b.waited = 0
	return &popReader{box: b, name: name, start: true, left: maxMail}, nil
}

// popReader reads a mail to the line with a dot, and takes the dots away that were put before others (RFC 1939 §3).
type popReader struct {
	box   *popBox
	name  string
	start bool   // of a line
	rest  []byte // of what was read, valid until the next read
	left  int64  // octets that may come
	err   error
}

// Read reads what is there.
func (p *popReader) Read(into []byte) (int, error) {
	for len(p.rest) == 0 && p.err == nil {
		p.next()
	}
	if len(p.rest) == 0 {
		return 0, p.err
	}
	n := copy(into, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

func (p *popReader) next() {
	raw, err := p.box.r.ReadSlice('\n')
	if p.left -= int64(len(raw)); p.left < 0 {
		err = tooLarge(p.name)
	} else if p.box.waited > p.box.wire.most(maxMail-p.left) {
		err = errSilent
	}
	full := errors.Is(err, bufio.ErrBufferFull)
	if err != nil && !full {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		p.err = p.box.unable(p.box.ctx, err)
		return
	}
	if p.start && raw[0] == '.' {
		if raw = raw[1:]; string(raw) == "\r\n" || string(raw) == "\n" {
			p.err = io.EOF
			return
		}
	}
	p.start, p.rest = !full, raw
}

// Close passes over the rest of the mail.
func (p *popReader) Close() error {
	for p.err == nil {
		p.next()
	}
	if errors.Is(p.err, io.EOF) {
		return nil
	}
	return p.err
}

// Move is not to be had.
func (b *popBox) Move(context.Context, []string, string) error { return cannot(b.String()) }

// Delete deletes mails and ends the session, without which nothing is deleted (RFC 1939 §6).
func (b *popBox) Delete(ctx context.Context, ids []string) error {
	b.ctx = ctx
	if err := b.connect(ctx); err != nil {
		return b.unable(ctx, err)
	}
	wanted := map[string]bool{}
	for _, id := range ids {
		wanted[id] = id != ""
	}
	for _, m := range b.list {
		if !wanted[m.id] {
			continue
		}
		if _, err := b.say("DELE " + strconv.Itoa(m.n)); err != nil && !errors.As(err, &refusal{}) {
			return b.unable(ctx, err)
		}
	}
	if err := b.quit(); err != nil {
		return b.unable(ctx, err)
	}
	return nil
}

// quit ends the session: now the server deletes what was to be deleted.
func (b *popBox) quit() error {
	if b.wire == nil {
		return nil
	}
	_, err := b.say("QUIT")
	b.drop()
	return err
}

// Wait waits: POP3 tells of nothing.
func (b *popBox) Wait(ctx context.Context, atMost time.Duration) error {
	return (&files{}).Wait(ctx, atMost)
}

// Close ends the session.
func (b *popBox) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	b.ctx = ctx
	_ = b.quit() // nothing was to be deleted that Delete has not told
	return nil
}
