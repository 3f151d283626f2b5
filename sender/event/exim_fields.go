package event

import (
	"strconv"
	"strings"
)

// readEximAddresses reads whom a line is about: "a@b", "local <a@b>", "/var/mail/x (child@b) <a@b>", ":blackhole: <a@b>". What Exim
// delivers to comes first, and the address that it came from last.
func readEximAddresses(e *Event, text string) (rest string, ok bool) {
	target, rest := cutEximTarget(text)
	if target == "" {
		return "", false
	}
	parent := ""
	for {
		after, open := strings.CutPrefix(rest, " (")
		if !open {
			break
		}
		if _, rest, open = strings.Cut(after, ")"); !open {
			return "", false
		}
	}
	if after, open := strings.CutPrefix(rest, " <"); open {
		address, more, closed := strings.Cut(after, ">")
		if !closed {
			return "", false
		}
		parent, rest = address, more
	}
	switch {
	case parent == "":
		e.Recipient = target
	case isMailbox(target):
		e.Recipient, e.OriginalRecipient = target, parent
	default:
		e.Recipient = parent
	}
	return rest, true
}

// isMailbox reports whether what Exim delivers to is an address, and no file, command or alias of its own.
func isMailbox(target string) bool {
	return strings.Contains(target, "@") && strings.IndexByte("/|:", target[0]) < 0
}

// cutEximTarget takes the first word off a text: a quoted local part or a command may have spaces.
func cutEximTarget(text string) (target, rest string) {
	from := 0
	if strings.HasPrefix(text, `"`) {
		for i := 1; i < len(text); i++ {
			if text[i] == '\\' {
				i++
			} else if text[i] == '"' {
				from = i
				break
			}
		}
	}
	if strings.HasPrefix(text, "|") {
		if i := strings.Index(text, " <"); i > 0 {
			return text[:i], text[i:]
		}
	}
	end := strings.IndexByte(text[from:], ' ')
	if end < 0 {
		return strings.TrimSuffix(text, ":"), ""
	}
	end += from
	if target, ok := strings.CutSuffix(text[:end], ":"); ok && len(target) > 0 && strings.Contains(target, "@") { // "a@b: Unrouteable address"
		return target, text[end-1:]
	}
	return text[:end], text[end:]
}

// readEximFields reads "R=router T=transport F=<a@b> H=h [a]:25 I=[a]:4567 X=… C=\"250 …\"".
func readEximFields(e *Event, text string) {
	for text != "" {
		name, value, rest, ok := nextEximField(text)
		if !ok {
			return
		}
		switch name {
		case "F":
			e.From = strings.Trim(value, "<>")
		case "H":
			host, after := eximHost(value, rest)
			rest = after
			e.RemoteMTA, e.RemoteIP = host.name, parseIP(host.address)
			if host.name == "" && e.RemoteIP.IsValid() {
				e.RemoteMTA = host.address
			}
		case "I":
			address, _, _ := strings.Cut(strings.TrimPrefix(value, "["), "]")
			e.SendingIP = parseIP(address)
		case "C":
			e.Diagnostic = value
		}
		text = rest
	}
}

// nextEximField finds the next word "NAME=value", where NAME is of capital letters; a quoted value may have spaces.
func nextEximField(text string) (name, value, rest string, ok bool) {
	for {
		text = strings.TrimLeft(text, " ")
		if text == "" {
			return "", "", "", false
		}
		n := 0
		for n < len(text) && text[n] >= 'A' && text[n] <= 'Z' {
			n++
		}
		if n == 0 || n > 4 || n == len(text) || text[n] != '=' {
			_, text, _ = strings.Cut(text, " ")
			continue
		}
		name, text = text[:n], text[n+1:]
		if strings.HasPrefix(text, `"`) {
			value, rest = cutQuoted(text[1:])
			return name, value, rest, true
		}
		value, rest, _ = strings.Cut(text, " ")
		return name, value, rest, true
	}
}

// cutQuoted takes a quoted value off a text, whose opening mark is gone. A mark within it has a backslash, or no space behind it.
func cutQuoted(text string) (value, rest string) {
	for i := range len(text) {
		if text[i] == '"' && (i == 0 || text[i-1] != '\\') && (i+1 == len(text) || text[i+1] == ' ') {
			return text[:i], text[i+1:]
		}
	}
	return text, ""
}

// readEximArrival reads "sender H=h [a] P=esmtpsa A=plain:user S=123 id=x@y T=\"subject\"".
func readEximArrival(e *Event, text string) {
	sender, rest := cutEximTarget(text)
	if sender != "<>" {
		e.From = strings.Trim(sender, "<>")
	}
	if _, id, ok := strings.Cut(rest, " id="); ok {
		e.MessageID, _, _ = strings.Cut(id, " ")
	}
	for rest != "" {
		name, value, after, ok := nextEximField(rest)
		if !ok {
			return
		}
		switch name {
		case "H":
			var host eximServer
			host, after = eximHost(value, after)
			e.Client = host.text()
		case "U":
			if e.Login == "" {
				e.Login = value
			}
		case "A":
			_, login, named := strings.Cut(value, ":")
			if !named {
				login = value
			}
			e.Login = login
		case "S":
			e.Size, _ = strconv.ParseInt(value, 10, 64)
		case "T":
			e.Subject = value
		}
		rest = after
	}
}
