package mail

import (
	"strings"

	"todoku/codes"
)

// VERP gives the envelope sender that tells, when it bounces, which sending to
// whom it was: bounce+id=user=domain@example.test for the base
// bounce@example.test. The id has letters, digits, - and _ only.
func VERP(base Address, id string, to Address) (Address, error) {
	if base.IsZero() || to.IsZero() || id == "" || strings.Trim(id, verpID) != "" {
		return Address{}, codes.WrongAt("VERP", codes.Text{EN: "needs a sender, a recipient and an id of letters and digits, not {id}",
			JA: "送信者アドレス、宛先アドレス、英数字の識別子が必要です(指定値: {id})"}, codes.Quoted("id", id))
	}
	if strings.ContainsAny(base.local, `"=`) || strings.HasPrefix(to.domain, "[") {
		return Address{}, codes.WrongAt("VERP", codes.Text{EN: "cannot hold {address} in {sender}", JA: "{address} を {sender} に含めることはできません"}, codes.Str("address", to.String()), codes.Str("sender", base.String()))
	}
	local := base.local + "+" + id + "=" + verpLocal(to.local) + "=" + to.domain
	return ParseAddress("VERP", local+"@"+base.domain)
}

const verpID = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

// verpLocal writes what an atom cannot hold, and % and + themselves, as %XX.
func verpLocal(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= 0x80 || strings.IndexByte(verpID+".!#$&'*/=?^`{|}~", c) >= 0 && !(c == '.' && (i == 0 || i == len(s)-1 || s[i+1] == '.')) {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String()
}

// ParseVERP reads what VERP wrote: the base, the id and the recipient. ok is false where s is no such address.
func ParseVERP(s string) (base Address, id string, to Address, ok bool) {
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return
	}
	// The id has no = and no +, so that the last + before the first = ends the base.
	head, rest, found := strings.Cut(s[:at], "=")
	plus := strings.LastIndexByte(head, '+')
	last := strings.LastIndexByte(rest, '=')
	if !found || plus < 0 || last < 0 {
		return
	}
	local, okLocal := verpDecode(rest[:last])
	id = head[plus+1:]
	base, err1 := ParseAddress("VERP", head[:plus]+s[at:])
	to, err2 := ParseAddress("VERP", local+"@"+rest[last+1:])
	return base, id, to, okLocal && err1 == nil && err2 == nil && id != "" && strings.Trim(id, verpID) == ""
}

func verpDecode(s string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", false
		}
		hi, lo := strings.IndexByte("0123456789ABCDEF", s[i+1]), strings.IndexByte("0123456789ABCDEF", s[i+2])
		if hi < 0 || lo < 0 {
			return "", false
		}
		b.WriteByte(byte(hi<<4 | lo))
		i += 2
	}
	return b.String(), true
}
