package smtp

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"todoku/codes"
)

// finalDot ends a message (RFC 5321 §4.1.1.4).
const finalDot = ".\r\n"

// chunk is how much of a message is written at once, in octets.
const chunk = 64 << 10

// Body sends a message, which comes in pieces, calls end, sends the final dot and
// reads the reply. An error of end ends the session before the dot: the server
// has no message then.
//
// A reply that is there before the dot ends the session too. A 4xx or 5xx says
// that the message is not taken; before the first octet of the message, any other
// reply is ErrUnasked.
func (s *Session) Body(ctx context.Context, message [][]byte, end func() error) (codes.Reply, error) {
	size := 0
	for _, piece := range message {
		size += len(piece)
	}
	return s.record(ctx, codes.StageBody, fmt.Sprintf("(message, %d bytes)", size), func() (codes.Reply, error) {
		b := &body{s: s, ctx: ctx, replied: s.in.Buffered() > 0}
		b.readReply()
		if b.replied {
			return b.replyBeforeData()
		}
		return b.send(message, end)
	})
}

// body is a message that is being sent. A goroutine reads what the server says meanwhile.
type body struct {
	s       *Session
	ctx     context.Context
	replied bool // a reply is there before the dot
	replies chan answer
}

// answer is a reply, or why there is none.
type answer struct {
	codes.Reply
	err error
}

// readReply reads one reply in a goroutine. Nobody else may read from the connection until it is there.
func (b *body) readReply() {
	b.replies = make(chan answer, 1)
	go func() {
		reply, err := readReply(b.s.in)
		b.replies <- answer{reply, err}
	}()
}

// replyBeforeData is a reply before anything of the message was sent.
func (b *body) replyBeforeData() (codes.Reply, error) {
	a := <-b.replies
	if a.err != nil || a.Code < 400 {
		return codes.Reply{}, cmp.Or(a.err, ErrUnasked)
	}
	return b.earlyReply(a)
}

// earlyReply is a reply before the dot, after which nothing can be said any more: the
// server would take it for the message.
func (b *body) earlyReply(a answer) (codes.Reply, error) {
	b.s.broken = &Error{codes.StageBody, KindGarbage, ErrUnasked}
	return a.Reply, nil
}

func (b *body) send(message [][]byte, end func() error) (codes.Reply, error) {
	out := &stuffer{w: bufio.NewWriterSize(b, chunk), start: true}
	for _, piece := range message {
		out.write(piece)
	}
	if err := out.close(); err != nil { // a refusal may be the cause
		switch a := <-b.replies; {
		case a.err == nil:
			return b.earlyReply(a)
		case errors.Is(err, ErrUnasked):
			return codes.Reply{}, a.err
		}
		return codes.Reply{}, err
	}
	if end != nil {
		if err := end(); err != nil {
			return codes.Reply{}, err
		}
	}
	n, err := b.s.conn.Write([]byte(finalDot))
	a := <-b.replies // the write may have failed because the server refused and closed: its reply counts
	switch {
	case a.err == nil:
		return a.Reply, nil
	case n == 0 && err != nil:
		return codes.Reply{}, fmt.Errorf("%w: %w", ErrDotNotSent, err)
	}
	return codes.Reply{}, cmp.Or(err, a.err)
}

// Write sends a chunk, unless there is a reply.
func (b *body) Write(p []byte) (int, error) {
	if len(b.replies) > 0 {
		return 0, ErrUnasked
	}
	if b.s.o.Timeout == 0 && b.ctx.Err() == nil { // RFC 5321 §4.5.3.2.5: three minutes for each
		if err := b.s.conn.SetDeadline(time.Now().Add(b.s.o.limit(codes.StageBody))); err != nil {
			return 0, err
		}
	}
	return b.s.conn.Write(p)
}

// stuffer writes a message as DATA takes it, without the final dot: every line
// ends in CRLF, whatever it ended in before, a dot in front is doubled
// (RFC 5321 §4.5.2), and nothing in it can be taken for the end. The first error
// comes at close.
type stuffer struct {
	w     *bufio.Writer
	start bool // of a line
	cr    bool // the last octet was a CR, and CRLF was written for it
}

func (s *stuffer) write(p []byte) {
	for len(p) > 0 {
		if s.cr && p[0] == '\n' {
			s.cr, p = false, p[1:]
			continue
		}
		s.cr = false
		line, rest := p, []byte(nil)
		at := bytes.IndexAny(p, "\r\n")
		if at >= 0 {
			line, rest = p[:at], p[at+1:]
		}
		if s.start && len(line) > 0 && line[0] == '.' {
			_ = s.w.WriteByte('.')
		}
		_, _ = s.w.Write(line)
		if s.start = at >= 0; s.start {
			s.cr = p[at] == '\r'
			_, _ = s.w.WriteString("\r\n")
		}
		p = rest
	}
}

// close ends the last line and gives the first error of all writes.
func (s *stuffer) close() error {
	if !s.start {
		_, _ = s.w.WriteString("\r\n")
	}
	return s.w.Flush()
}
