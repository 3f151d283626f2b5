package event

import (
	"strings"

	"todoku/codes"
)

// readPostfixFields reads "a@b>, orig_to=<c>, relay=mx.example[192.0.2.1]:25, conn_use=2, delay=1, delays=…, dsn=5.1.1, status=…".
func readPostfixFields(e *Event, text string) {
	e.Recipient, text = cutAngle(text)
	for {
		field, rest, more := strings.Cut(text, ", ")
		switch name, value, _ := strings.Cut(field, "="); name {
		case "orig_to":
			e.OriginalRecipient, rest = cutAngle(strings.TrimPrefix(text, "orig_to=<"))
		case "relay":
			readPostfixRelay(e, value)
		case "dsn":
			e.Reply.Enhanced, _ = codes.ParseEnhanced(value)
		}
		if !more {
			return
		}
		text = rest
	}
}

// cutAngle cuts a text behind the address that it begins with: "a@b>, rest".
func cutAngle(text string) (address, rest string) {
	address, rest, _ = strings.Cut(text, ">, ")
	return address, rest
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
