package resolve

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/miekg/dns"

	"todoku/codes"
)

// Set is a record set (RFC 2181 §5) as somebody means it to be.
type Set struct {
	Name    string // canonical
	Type    Type
	Records []Record   // none: the set is to be gone
	File    string     // in which its records stand; "" where they were typed
	Line    int        // of the change in File; 0: not known
	List    string     // of JSON, where File is one line: Line and the lines of Records count its items; "": they are lines
	Unknown codes.Text // why nobody knows yet what it will hold; the zero value: it is known
}

// maxText bounds the octets of a text; a record has 65535, with the length of each string (RFC 1035 §3.3.14).
const maxText = 60000

// settable are the types that a Set may have, each with the form of its value.
func settable() map[Type]string {
	return map[Type]string{TypeA: "192.0.2.1", TypeAAAA: "2001:db8::1", TypeCNAME: "mail.example.jp", TypeMX: "10 mx.example.jp",
		TypeNS: "ns1.example.jp", TypePTR: "mail.example.jp", TypeTLSA: "3 1 1 0123…", TypeTXT: "v=spf1 mx -all"}
}

// ParseSet reads "NAME TYPE VALUE": one record of a set; without a value the set is to be gone. A text may stand in double
// quotes, as in a zone file, or without. The error is a *codes.UserError.
func ParseSet(text string) (Set, error) {
	if strings.ContainsFunc(text, unicode.IsControl) || !utf8.ValidString(text) {
		return Set{}, codes.Wrong(codes.Say(codes.Text{EN: "the record holds a line break or another control character",
			JA: "レコードに改行などの制御文字が含まれています"}), setRemedy())
	}
	name, rest := word(text)
	typ, value := word(rest)
	if strings.EqualFold(typ, "IN") {
		typ, value = word(value)
	}
	canon, err := ToASCII(name)
	switch {
	case name == "" || typ == "":
		return Set{}, codes.Wrong(codes.Say(codes.Text{EN: "{value} is not NAME TYPE VALUE", JA: "{value} は「名前 種別 値」の形ではありません"},
			codes.QuotedStart("value", text, 80)), setRemedy())
	case err != nil || strings.ContainsAny(canon, "*@ \"\\"):
		return Set{}, &codes.UserError{Cause: err, Says: codes.Say(codes.Text{EN: "{name} is no full name of a record",
			JA: "{name} はレコードの完全な名前ではありません"}, codes.QuotedStart("name", name, 80)), Remedy: codes.Say(codes.Text{
			EN: "give the whole name, such as _dmarc.example.jp; a wildcard (*) is not taken",
			JA: "_dmarc.example.jp のように、ドメインまで含めた名前を指定してください(ワイルドカード * は使えません)"})}
	}
	for t := range settable() {
		if strings.EqualFold(t.String(), typ) {
			s := Set{Name: canon, Type: t}
			return s, s.read(value)
		}
	}
	return Set{}, codes.Wrong(codes.Say(codes.Text{EN: "{type} is no type of record that can be tried out", JA: "{type} は試せるレコードの種別ではありません"},
		codes.QuotedStart("type", typ, 20)), codes.Say(codes.Text{EN: "types: {types}", JA: "使える種別: {types}"}, codes.List("types", setTypes())))
}

// setRemedy says how a record is written.
func setRemedy() codes.Message {
	return codes.Say(codes.Text{EN: `write it as in "example.jp TXT v=spf1 mx -all", in quotes of the shell`,
		JA: `「example.jp TXT v=spf1 mx -all」のように、シェルの引用符で囲んで1つの値として指定してください`})
}

func setTypes() (names []string) {
	for t := range settable() {
		names = append(names, t.String())
	}
	slices.Sort(names)
	return names
}

// word cuts the first word off a text.
func word(s string) (first, rest string) {
	s = strings.TrimSpace(s)
	if i := strings.IndexFunc(s, unicode.IsSpace); i >= 0 {
		return s[:i], strings.TrimSpace(s[i:])
	}
	return s, ""
}

// read takes the value of one record; an empty one is none.
func (s *Set) read(value string) error {
	if value == "" {
		return nil
	}
	r, ok := ParseValue(s.Type, value)
	if !ok {
		return codes.Wrong(codes.Say(codes.Text{EN: "{value} is no value of a record of the type {type}", JA: "{value} は{type}レコードの値として正しくありません"},
			codes.QuotedStart("value", value, 80), codes.Str("type", s.Type.String())),
			codes.Say(codes.Text{EN: "write it as in {example}", JA: "{example} のように書いてください"}, codes.Str("example", settable()[s.Type])))
	}
	s.Records = []Record{r} // nobody said its TTL
	return nil
}

// ParseValue reads the value of one record of a type that a Set may have. A text may stand in double quotes; host names are
// never relative.
func ParseValue(t Type, value string) (r Record, ok bool) {
	switch t {
	case TypeTXT:
		r.Text, ok = textValue(value)
		return r, ok && len(r.Text) <= maxText
	case TypeA, TypeAAAA:
		ip, err := netip.ParseAddr(value)
		return Record{Addr: ip}, err == nil && ip.Zone() == "" && ip.Is4() == (t == TypeA)
	case TypeMX:
		number, host := word(value)
		pref, err := strconv.ParseUint(number, 10, 16)
		r.Host, ok = hostValue(host)
		r.Pref = uint16(pref)
		return r, ok && err == nil
	case TypeTLSA:
		return tlsaValue(value)
	}
	r.Host, ok = hostValue(value)
	return r, ok && r.Host != "."
}

// hostValue is a host name in a value, with or without the final dot: it is never relative.
func hostValue(s string) (string, bool) {
	if s == "" || strings.ContainsAny(s, " \t\"\\@*;()") {
		return "", false
	}
	host, err := ToASCII(s)
	return host, err == nil && host != ""
}

// tlsaValue reads usage, selector, matching type and data (RFC 6698 §2.2), with the library that prints them everywhere else.
func tlsaValue(s string) (Record, bool) {
	fields := strings.Fields(s)
	hex := func(r rune) bool { return unicode.Is(unicode.ASCII_Hex_Digit, r) }
	if len(fields) < 4 || strings.ContainsFunc(strings.Join(fields, ""), func(r rune) bool { return !hex(r) }) {
		return Record{}, false
	}
	rr, err := dns.NewRR(". IN TLSA " + strings.Join(fields[:3], " ") + " " + strings.ToLower(strings.Join(fields[3:], "")))
	if err != nil || rr == nil {
		return Record{}, false
	}
	if _, err := dns.PackRR(rr, make([]byte, dns.MaxMsgSize), 0, nil, false); err != nil {
		return Record{}, false
	}
	return record(rr), true
}

// textValue is the text of a TXT record: as it stands, or several strings in double quotes with the escapes of a zone file
// (RFC 1035 §5.1). They are joined without a blank, and cut anew where they are published.
func textValue(s string) (string, bool) {
	if !strings.HasPrefix(s, `"`) {
		return s, true
	}
	var out strings.Builder
	for s != "" {
		end := 1
		for end < len(s) && s[end] != '"' {
			if s[end] == '\\' {
				end++
			}
			end++
		}
		if s[0] != '"' || end >= len(s) {
			return "", false
		}
		out.WriteString(unescaped(s[1:end]))
		s = strings.TrimLeft(s[end+1:], " \t")
	}
	return out.String(), true
}

// JoinSets makes one set of the records of each name and type, in the order in which they came. The error is a
// *codes.UserError: a set that is to be gone and to hold something, and what may not stand beside each other.
func JoinSets(list []Set) ([]Set, error) {
	var out []Set
	for _, s := range list {
		i := slices.IndexFunc(out, func(o Set) bool { return o.Name == s.Name && o.Type == s.Type })
		if i < 0 {
			s.Records = slices.Clone(s.Records)
			out = append(out, s)
			continue
		}
		if (len(out[i].Records) == 0) != (len(s.Records) == 0) {
			return nil, setFault(s, codes.Text{EN: "the {type} records of {name} are to be gone, and to be there",
				JA: "{name} の{type}レコードについて、削除と設定の両方が指定されています"},
				codes.Text{EN: "give either the values or none", JA: "値を指定するか、値なしで削除するか、どちらか一方にしてください"})
		}
		out[i].Records = unique(append(out[i].Records, s.Records...))
	}
	for _, s := range out {
		if s.Type != TypeCNAME || len(s.Records) == 0 {
			continue
		}
		if len(s.Records) > 1 {
			return nil, setFault(s, codes.Text{EN: "{name} is to have several CNAME records", JA: "{name} に複数のCNAMEレコードが指定されています"},
				codes.Text{EN: "give one of them: an alias has one target (RFC 2181 §10.1)", JA: "1つだけ指定してください(RFC 2181 §10.1)"})
		}
		for _, o := range out {
			if o.Name == s.Name && o.Type != TypeCNAME && len(o.Records) > 0 {
				return nil, setFault(o, codes.Text{EN: "{name} is to have a CNAME record and a {type} record", JA: "{name} にCNAMEレコードと{type}レコードの両方が指定されています"},
					codes.Text{EN: "give either the alias or the others: beside a CNAME record nothing may stand (RFC 2181 §10.1)",
						JA: "どちらか一方だけを指定してください。CNAMEのある名前にほかのレコードは置けません(RFC 2181 §10.1)"})
			}
		}
	}
	return out, nil
}

func setFault(s Set, says, remedy codes.Text) error {
	return codes.Wrong(codes.Say(says, codes.Str("name", s.Name), codes.Str("type", s.Type.String())), codes.Say(remedy))
}
