package event

import "bytes"

// readEximAddresses reads whom a line is about: "a@b", "local <a@b>", "/var/mail/x (child@b) <a@b>", ":blackhole: <a@b>". What Exim
// delivers to comes first, and the address that it came from last.
func readEximAddresses(r *record, text []byte) (rest []byte, ok bool) {
	target, rest := cutEximTarget(text)
	if len(target) == 0 {
		return nil, false
	}
	for {
		after, open := bytes.CutPrefix(rest, []byte(" ("))
		if !open {
			break
		}
		if _, rest, open = bytes.Cut(after, []byte(")")); !open {
			return nil, false
		}
	}
	if after, open := bytes.CutPrefix(rest, []byte(" <")); open {
		parent, more, closed := bytes.Cut(after, []byte(">"))
		if !closed {
			return nil, false
		}
		rest = more
		switch {
		case len(parent) == 0:
		case isMailbox(target):
			r.OriginalRecipient = r.copies.of(parent)
		default:
			target = parent
		}
	}
	r.Recipient = r.copies.of(target)
	return rest, true
}

// isMailbox reports whether what Exim delivers to is an address, and no file, command or alias of its own.
func isMailbox(target []byte) bool {
	return bytes.IndexByte(target, '@') >= 0 && bytes.IndexByte([]byte("/|:"), target[0]) < 0
}

// cutEximTarget takes the first word off a text: a quoted local part or a command may have spaces.
func cutEximTarget(text []byte) (target, rest []byte) {
	from := 0
	if bytes.HasPrefix(text, []byte(`"`)) {
		for i := 1; i < len(text); i++ {
			if text[i] == '\\' {
				i++
			} else if text[i] == '"' {
				from = i
				break
			}
		}
	}
	if bytes.HasPrefix(text, []byte("|")) {
		if i := bytes.Index(text, []byte(" <")); i > 0 {
			return text[:i], text[i:]
		}
	}
	end := bytes.IndexByte(text[from:], ' ')
	if end < 0 {
		return bytes.TrimSuffix(text, []byte(":")), nil
	}
	end += from
	if target, ok := bytes.CutSuffix(text[:end], []byte(":")); ok && bytes.IndexByte(target, '@') >= 0 { // "a@b: Unrouteable address"
		return target, text[end-1:]
	}
	return text[:end], text[end:]
}

// readEximFields reads "R=router T=transport F=<a@b> H=h [a]:25 I=[a]:4567 X=… C=\"250 …\"".
func readEximFields(r *record, text []byte) {
	for len(text) > 0 {
		name, value, rest, ok := nextEximField(text)
		if !ok {
			return
		}
		switch string(name) {
		case "F":
			r.From = r.copies.of(bytes.Trim(value, "<>"))
		case "H":
			var host eximServer
			host, rest = eximHost(value, rest)
			r.RemoteMTA = r.copies.of(host.name)
			address := r.copies.of(host.address)
			if r.RemoteIP = parseIP(address); len(host.name) == 0 && r.RemoteIP.IsValid() {
				r.RemoteMTA = address
			}
		case "I":
			address, _, _ := bytes.Cut(bytes.TrimPrefix(value, []byte("[")), []byte("]"))
			r.SendingIP = parseIP(r.copies.of(address))
		case "C":
			r.Diagnostic = r.copies.of(value)
		}
		text = rest
	}
}

// nextEximField finds the next word "NAME=value", where NAME is of capital letters; a quoted value may have spaces.
func nextEximField(text []byte) (name, value, rest []byte, ok bool) {
	for {
		text = bytes.TrimLeft(text, " ")
		if len(text) == 0 {
			return nil, nil, nil, false
		}
		n := 0
		for n < len(text) && text[n] >= 'A' && text[n] <= 'Z' {
			n++
		}
		if n == 0 || n > 4 || n == len(text) || text[n] != '=' {
			_, text, _ = bytes.Cut(text, []byte(" "))
			continue
		}
		name, text = text[:n], text[n+1:]
		if bytes.HasPrefix(text, []byte(`"`)) {
			value, rest = cutQuoted(text[1:])
			return name, value, rest, true
		}
		value, rest, _ = bytes.Cut(text, []byte(" "))
		return name, value, rest, true
	}
}

// cutQuoted takes a quoted value off a text, whose opening mark is gone. A mark within it has a backslash, or no space behind it.
func cutQuoted(text []byte) (value, rest []byte) {
	for i, c := range text {
		if c == '"' && (i == 0 || text[i-1] != '\\') && (i+1 == len(text) || text[i+1] == ' ') {
			return text[:i], text[i+1:]
		}
	}
	return text, nil
}
