package mail

import "bytes"

// IsMail reports whether an input begins as a mail does: with fields of a header, two of which every mail program knows.
func IsMail(head []byte) bool {
	known, others := 0, 0
	for line := range bytes.Lines(head[:min(len(head), 16<<10)]) {
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case len(line) == 0:
			if known+others > 0 {
				return known >= 2
			}
			continue
		case line[0] == ' ' || line[0] == '\t':
			continue
		}
		name, _, ok := bytes.Cut(line, []byte(":"))
		switch {
		case !ok || len(name) > 76 || bytes.ContainsAny(name, " \t[]="):
			if others++; others > 3 && known < 2 {
				return false
			}
		case IsKnownField(name):
			known++
		}
	}
	return known >= 2
}

// IsKnownField knows the fields that mails have.
func IsKnownField(name []byte) bool {
	for _, n := range [...]string{"From", "To", "Subject", "Date", "Received", "Return-Path", "Message-ID", "MIME-Version", "Content-Type",
		"Delivered-To", "X-Original-To", "Auto-Submitted", "Content-Transfer-Encoding", "Reply-To", "DKIM-Signature", "X-Failed-Recipients",
		"Cc", "Sender", "Authentication-Results", "ARC-Seal", "X-Mailer"} {
		if len(n) == len(name) && bytes.EqualFold([]byte(n), name) {
			return true
		}
	}
	return false
}
