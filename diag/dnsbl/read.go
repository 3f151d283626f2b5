package dnsbl

import (
	"net/netip"
	"strconv"
	"strings"

	"todoku/codes"
)

// Read gives the meaning of one address of an answer by the list's own table. A code that adds up has several.
func (l *List) Read(code netip.Addr) []Entry {
	if !code.Is4() {
		return []Entry{{Code: code, Sense: Parked}}
	}
	a := code.As4()
	var out []Entry
	for i := range l.Codes {
		switch c := &l.Codes[i]; {
		case c.Bit == 0 && c.holds(a):
			return []Entry{c.entry(code)}
		case c.Bit != 0 && [3]byte(a[:3]) == [3]byte(c.From[:3]) && a[3]&c.Bit != 0:
			out = append(out, c.entry(code))
		}
	}
	if len(out) > 0 {
		return out
	}
	return []Entry{l.unknown(code)}
}

// holds reports whether an answer is one of those that the line means.
func (c *Code) holds(a [4]byte) bool {
	if c.To == [4]byte{} {
		return a == c.From
	}
	for i := range a {
		if a[i] < c.From[i] || a[i] > c.To[i] {
			return false
		}
	}
	return true
}

// entry is the meaning of an answer that the line holds. A {n} in its words is the last octet, a {c} the one before.
func (c *Code) entry(code netip.Addr) Entry {
	a := code.As4()
	r := strings.NewReplacer("{n}", strconv.Itoa(int(a[3])), "{c}", strconv.Itoa(int(a[2])))
	return Entry{Code: code, Word: c.Word, Says: codes.Text{EN: r.Replace(c.Says.EN), JA: r.Replace(c.Says.JA)}, Sense: c.Sense, why: c.Why}
}

// unknown is the meaning of an answer that the table lacks. RFC 5782 §2.1: entries are in 127.0.0.0/8, and 127.0.0.1 is none.
// What Spamhaus answers in place of an entry (127.255.255.0/24) is so of the lists that follow it.
func (l *List) unknown(code netip.Addr) Entry {
	e := Entry{Code: code, Sense: Refused, why: Blocked}
	switch a := code.As4(); {
	case a[0] != 127:
		e.Sense = Parked
	case a == [4]byte{127, 255, 255, 252}:
		e.why = TypingError
	case a == [4]byte{127, 255, 255, 254}:
		e.why = PublicResolver
	case a == [4]byte{127, 255, 255, 255}:
		e.why = Quota
	case a[1] == 255 && a[2] == 255, a == [4]byte{127, 0, 0, 1}:
	case l.Kind == Allow || l.Kind == Grade:
		e.Sense, e.why, e.Says = Neutral, "", unread(code)
	default:
		e.Sense, e.why = Bad, ""
		if e.Says = unread(code); l.Kind == Own || len(l.Codes) == 0 {
			e.Says = codes.Text{EN: "listed (" + code.String() + ")", JA: "登録あり(" + code.String() + ")"}
		}
	}
	return e
}

// unread is an entry that the table lacks, in words.
func unread(code netip.Addr) codes.Text {
	return codes.Text{EN: "an entry of a kind that is not known here (" + code.String() + ")", JA: "種類の分からない登録(" + code.String() + ")"}
}
