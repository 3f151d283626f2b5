package event

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"todoku/codes"
	"todoku/codes/paste"
)

// isText reports whether a text tells what became of a mail: a ticket, a reply, lines of a log among words of people.
func isText(head []byte) bool {
	if bytes.IndexByte(head, 0) >= 0 {
		return false
	}
	system := isSystemLog(head)
	for _, f := range paste.All(string(head)) {
		if f.Tells() && (!system || saysMore(f)) {
			return true
		}
	}
	return len(pastedNotice(head)) > 0
}

// saysMore reports whether what was found says more than three digits do. In the log of a system that is asked of each
// finding: "Started session 512 of user root" has no reply.
func saysMore(f paste.Found) bool {
	return f.Recipient != "" || f.Sender != "" || f.Reply.Enhanced.Class != 0 || f.Context.Event != codes.EventReply
}

// isTicket reports whether a short text has lines of a log and tells more than they do: other people's words stand around
// them, or a mail program has broken them.
func isTicket(head []byte) bool {
	if len(head) >= headSize {
		return false
	}
	others, inLog := false, 0
	formats := formatsIn(head)
	for line := range bytes.Lines(head) {
		line = trimLine(line)
		if len(line) == 0 {
			continue
		}
		others = others || stampLength(line) == 0
		for _, f := range formats {
			r := record{copies: new(copies)}
			if f.scan(line, &r) {
				if r.Event != nil && r.kind != unread {
					inLog++
				}
				break
			}
		}
	}
	if !others {
		return false
	}
	told := 0
	for _, f := range paste.All(string(head)) {
		if f.Tells() {
			told++
		}
	}
	return told > inLog
}

// readText gives the events of a text. It is read in parts, each from the beginning of a line.
func (in *input) readText() error {
	in.Input.Format = "text"
	system := isSystemLog(in.head)
	buf := make([]byte, paste.MaxSize)
	kept := 0
	defer in.noteLongLines(paste.MaxSize)
	for {
		n, err := io.ReadFull(in.r, buf[kept:])
		part := buf[:kept+n]
		whole := err == nil
		end := len(part)
		i := bytes.LastIndexByte(part, '\n') + 1
		if whole && i > 0 {
			end = i
		}
		if err := in.giveText(part[:end], system); err != nil {
			return err
		}
		if !whole {
			if err == io.EOF || err == io.ErrUnexpectedEOF {
				return nil
			}
			return err
		}
		kept = copy(buf, part[end:])
		if i == 0 {
			in.long++
			if err := in.passLine(); err != nil {
				return err
			}
		}
	}
}

// passLine passes over the rest of a line.
func (in *input) passLine() error {
	for in.ctx.Err() == nil {
		_, err := in.r.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case err == nil, errors.Is(err, io.EOF):
			return nil
		default:
			return err
		}
	}
	return in.ctx.Err()
}

// noteLongLines tells of lines of which only the beginning was read.
func (in *input) noteLongLines(size int) {
	if in.long == 0 {
		return
	}
	n, kib := strconv.FormatInt(in.long, 10), strconv.Itoa(size>>10)
	in.note("lines that are longer than "+kib+" KiB, of which only the beginning was read: "+n,
		kib+"KiBを超え、先頭だけを読み込んだ行: "+n+"行")
}

// giveText gives the events of a part of a text; system says that it is the log of a system.
func (in *input) giveText(part []byte, system bool) error {
	lines := bytes.Split(part, []byte{'\n'})
	at := 0
	all := paste.All(string(part))
	if system {
		all = slices.DeleteFunc(all, func(f paste.Found) bool { return !saysMore(f) })
	}
	if in.Input.Lines == 0 {
		if list := pastedNotice(part); len(list) > 0 && len(list) >= len(all) {
			return in.givePasted(list, string(part), lines)
		}
	}
	for _, f := range all {
		e, ok := ofFound(f)
		if !ok {
			continue
		}
		if i := lineOf(lines[min(at, len(lines)):], f); i >= 0 {
			at += i
			e.Source.Line = in.Input.Lines + int64(at) + 1
			if stamp, _, ok := cutStamp(lines[at]); ok {
				e.Time, e.Clock = readStamp(stamp)
				in.setYear(&e)
				at++
			}
		}
		if err := in.give(&e); err != nil {
			return err
		}
	}
	in.countLines(lines)
	return nil
}

func (in *input) countLines(lines [][]byte) {
	in.Input.Lines += int64(len(lines))
	if len(lines[len(lines)-1]) == 0 {
		in.Input.Lines--
	}
}

// lineOf is the first line that names the recipient of a finding, else its reply code; -1 for none.
func lineOf(lines [][]byte, f paste.Found) int {
	what := f.Recipient
	if what == "" {
		if what, _, _ = strings.Cut(f.Reply.String(), " "); what == "" {
			return -1
		}
	}
	for i, line := range lines {
		if bytes.Contains(line, []byte(what)) {
			return i
		}
	}
	return -1
}

// ofFound makes an event of what was found in a text; false where it tells of no outcome.
func ofFound(f paste.Found) (Event, bool) {
	e := Event{Format: "text", Recipient: f.Recipient, From: f.Sender, Reply: f.Reply, Stage: f.Context.Stage, End: f.Context.Event,
		Diagnostic: f.Reply.String(), Action: actionFound(f)}
	if e.RemoteIP, _ = netip.ParseAddr(f.Server); f.Server != "" {
		e.RemoteMTA = f.Server
	}
	return e, e.Action != ""
}

// actionFound is what became of a mail by what was found; "" where that is not told.
func actionFound(f paste.Found) Action {
	class := f.Reply.Code / 100
	if class == 0 {
		class = f.Reply.Enhanced.Class
	}
	switch f.Context.Event {
	case codes.EventDelivered:
		return Delivered
	case codes.EventDelayed, codes.EventTimeout:
		return Delayed
	case codes.EventNoRoute, codes.EventBounced:
		return Failed
	case codes.EventDeadline:
		if low := strings.ToLower(f.Reply.Text()); class == 0 && (strings.HasPrefix(low, "connect") || strings.Contains(low, "onnection")) {
			return Failed
		}
		return Expired
	}
	switch class {
	case 4:
		return Delayed
	case 5:
		return Failed
	}
	return ""
}
