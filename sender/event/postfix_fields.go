package event

import (
	"bytes"

	"todoku/codes"
)

// readPostfixFields reads "a@b>, orig_to=<c>, relay=mx.example[192.0.2.1]:25, conn_use=2, delay=1, delays=…,
// dsn=5.1.1, status=sent (…)".
// It gives the status with the words behind it, nothing where there is none.
func readPostfixFields(r *record, text []byte) (status, words []byte) {
	address, text := cutAddress(text)
	r.Recipient = r.copies.of(address)
	for len(text) > 0 {
		if value, ok := bytes.CutPrefix(text, []byte("status=")); ok {
			status, words, _ = bytes.Cut(value, []byte(" "))
			return status, words
		}
		if value, ok := bytes.CutPrefix(text, []byte("orig_to=<")); ok {
			address, text = cutAddress(value)
			r.OriginalRecipient = r.copies.of(address)
			continue
		}
		var field []byte
		field, text, _ = bytes.Cut(text, []byte(", "))
		if value, ok := bytes.CutPrefix(field, []byte("relay=")); ok {
			readPostfixRelay(r, value)
		} else if value, ok := bytes.CutPrefix(field, []byte("dsn=")); ok {
			r.Reply.Enhanced, _ = codes.ParseEnhanced(string(value))
		}
	}
	return nil, nil
}

// readPostfixRelay reads "mx.example[192.0.2.1]:25", "mx.example[/run/socket]", "local", "none".
func readPostfixRelay(r *record, relay []byte) {
	name, rest, ok := bytes.Cut(relay, []byte("["))
	if !ok {
		return
	}
	part, _, _ := bytes.Cut(rest, []byte("]"))
	address := r.copies.of(part)
	r.RemoteIP = parseIP(address)
	if r.RemoteMTA = r.copies.of(name); r.RemoteMTA == "" && r.RemoteIP.IsValid() {
		r.RemoteMTA = address
	}
}
