package event

import (
	"strings"

	"todoku/codes"
)

// readPostfixFields reads "a@b>, orig_to=<c>, relay=mx.example[192.0.2.1]:25, conn_use=2, delay=1, delays=…,
// dsn=5.1.1, status=sent (…)".
// It gives the status with the words behind it, "" where there is none.
func readPostfixFields(e *Event, text string) (status, words string) {
	e.Recipient, text = cutAngle(text)
	for text != "" {
		if value, ok := strings.CutPrefix(text, "status="); ok {
			status, words, _ = strings.Cut(value, " ")
			return status, words
		}
		if value, ok := strings.CutPrefix(text, "orig_to=<"); ok {
			e.OriginalRecipient, text = cutAngle(value)
			continue
		}
		var field string
		field, text, _ = strings.Cut(text, ", ")
		switch {
		case strings.HasPrefix(field, "relay="):
			readPostfixRelay(e, field[len("relay="):])
		case strings.HasPrefix(field, "dsn="):
			e.Reply.Enhanced, _ = codes.ParseEnhanced(field[len("dsn="):])
		}
	}
	return "", ""
}

// cutAngle cuts a text behind the address that it begins with: "a@b>, rest". A quoted local part may hold the same marks.
func cutAngle(text string) (address, rest string) {
	from := 0
	if strings.HasPrefix(text, `"`) {
		from = max(strings.Index(text, `"@`), 0)
	}
	end := strings.Index(text[from:], ">, ")
	if end < 0 {
		return text, ""
	}
	return text[:from+end], text[from+end+len(">, "):]
}

// readPostfixRelay reads "mx.example[192.0.2.1]:25", "mx.example[/run/socket]", "local", "none".
func readPostfixRelay(e *Event, relay string) {
	name, rest, ok := strings.Cut(relay, "[")
	if !ok {
		return
	}
	address, _, _ := strings.Cut(rest, "]")
	e.RemoteIP = parseIP(address)
	if e.RemoteMTA = name; name == "" && e.RemoteIP.IsValid() {
		e.RemoteMTA = address
	}
	if name == address { // "192.0.2.1[192.0.2.1]:25": a relay that is given by its address
		e.RemoteMTA = address
	}
}
