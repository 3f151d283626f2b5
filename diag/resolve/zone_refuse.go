package resolve

import (
	"fmt"

	"github.com/miekg/dns"

	"todoku/codes"
)

// What the DNS library reads and name servers (BIND, NSD) refuse is refused here, too: a zone file is checked before it
// goes to them.

// maxString is the longest character-string in octets (RFC 1035 §3.3).
const maxString = 255

// refused is the fault of a record that no name server loads.
func (z *Zone) refused(rr dns.RR, name string, text *zoneText) error {
	t := Type(rr.Header().Rrtype)
	empty := false
	switch v := rr.(type) {
	case *dns.MX, *dns.CNAME, *dns.PTR, *dns.NS, *dns.DNAME:
		if record(rr).Host == "" {
			return text.recordFault(codes.Say(codes.Text{EN: "the {type} record of {name} names no host", JA: "{name} の {type} レコードにホスト名がありません"}, codes.Str("type", t.String()), codes.Str("name", name)),
				codes.Text{EN: "write a host name at its end", JA: "レコードの末尾にホスト名を書いてください"})
		}
		return nil
	case *dns.TXT:
		empty = len(v.Txt) == 0
	case *dns.SPF:
		empty = len(v.Txt) == 0
	case *dns.HINFO, *dns.NAPTR:
	default:
		return nil
	}
	if empty {
		return text.recordFault(codes.Say(codes.Text{EN: "the {type} record of {name} holds no text", JA: "{name} の {type} レコードに文字列がありません"}, codes.Str("type", t.String()), codes.Str("name", name)),
			codes.Text{EN: `write the text in double quotes at its end`, JA: "レコードの末尾に、二重引用符で囲んだ文字列を書いてください"})
	}
	if n := text.longestToken(); n > maxString { // the library cuts it in pieces without a word
		return text.recordFault(codes.Say(codes.Text{EN: "a text of the {type} record of {name} has {n} octets; {limit} is the most, and name servers refuse the file",
			JA: "{name} の {type} レコードに{n}バイトの文字列があります。上限は{limit}バイトで、DNSサーバーはこのファイルを読み込みません"}, codes.Str("type", t.String()), codes.Str("name", name), codes.Num("n", n), codes.Num("limit", maxString)),
			codes.Text{EN: `write it as several texts behind each other in one record: "…" "…" (they are joined without a blank)`,
				JA: `1つのレコードの中で、複数の文字列 "…" "…" に分けて書いてください(空白を入れずに連結されます)`})
	}
	return nil
}

// alone is the fault of a record that may not stand where it does: a CNAME record
// beside others (RFC 1034 §3.6.2, RFC 2181 §10.1), and a second one of a type of
// which there is one at most. The same record once more is none.
func (z *Zone) alone(rr dns.RR, name string, text *zoneText) error {
	t := Type(rr.Header().Rrtype)
	switch t {
	case TypeSOA:
		if before, ok := z.apex[name]; ok && !dns.IsDuplicate(before, rr) {
			return second(t, name, text)
		}
		z.apex[name] = rr
	case TypeDNAME:
		d := dname{record(rr).Host, rr.Header().Ttl, text.recordPlace()}
		if before, ok := z.dnames[name]; ok && before.target != d.target {
			return second(t, name, text)
		}
		z.dnames[name] = d
	}
	if besideAlias(t) {
		return nil
	}
	other, found := z.store.lastBut(name, besideAlias)
	switch {
	case !found:
		return nil
	case t == TypeCNAME && other == TypeCNAME:
		if z.records(name, TypeCNAME)[0].Host != record(rr).Host {
			return second(t, name, text)
		}
		return nil
	case t != TypeCNAME && other != TypeCNAME:
		return nil
	case t == TypeCNAME:
		t = other
	}
	return text.recordFault(codes.Say(codes.Text{EN: "{name} has a CNAME record and a {type} record: beside a CNAME record nothing may stand, and name servers refuse the file",
		JA: "{name} にCNAMEレコードと{type}レコードがあります。CNAMEのある名前にほかのレコードは置けず、DNSサーバーはこのファイルを読み込みません"},
		codes.Str("name", name), codes.Str("type", t.String())),
		codes.Text{EN: "keep either the CNAME record or the others", JA: "CNAMEレコードとほかのレコードのどちらか一方だけを残してください"})
}

// besideAlias reports the types that may stand beside a CNAME record: those of DNSSEC (RFC 4034 §3, §4; RFC 2181 §10.1).
func besideAlias(t Type) bool {
	switch uint16(t) {
	case dns.TypeRRSIG, dns.TypeNSEC, dns.TypeKEY, dns.TypeSIG, dns.TypeNXT:
		return true
	}
	return false
}

// second is the fault of a second record of a type that stands once.
func second(t Type, name string, text *zoneText) error {
	return text.recordFault(codes.Say(codes.Text{EN: "{name} has a second, different {type} record: one is allowed, and name servers refuse the file",
		JA: "{name} に内容の異なる{type}レコードが2つあります。1つしか置けず、DNSサーバーはこのファイルを読み込みません"}, codes.Str("name", name), codes.Str("type", t.String())),
		codes.Text{EN: "keep one of them", JA: "どちらか1つだけを残してください"})
}

// belowDNAME is the fault of a record below a DNAME record, where nothing may stand (RFC 6672 §2.4).
func (z *Zone) belowDNAME() error {
	if len(z.dnames) == 0 {
		return nil
	}
	worst, at := "", ""
	for name, place := range z.store.names {
		if place == noRecord || worst != "" && name > worst {
			continue
		}
		for above := Parent(name); above != ""; above = Parent(above) {
			if _, ok := z.dnames[above]; ok {
				worst, at = name, above
				break
			}
		}
	}
	if worst == "" {
		return nil
	}
	return &codes.UserError{Place: z.dnames[at].place, Says: codes.Say(codes.Text{
		EN: "{at} has a DNAME record, and {name} stands below it: no answer ever holds that record, and NSD refuses the file",
		JA: "{at} にDNAMEレコードがありますが、その下に {name} のレコードがあります。このレコードは応答に使われず、NSDはファイルを読み込みません"},
		codes.Str("at", at), codes.Str("name", worst)),
		Remedy: codes.Say(codes.Text{EN: "move the records below {at} to the target of the DNAME record, or take that away",
			JA: "{at} より下のレコードをDNAMEの参照先に移すか、DNAMEレコードを取り除いてください"}, codes.Str("at", at))}
}

// recordPlace is where the record that was read last began.
func (z *zoneText) recordPlace() string { return fmt.Sprintf("%s:%d", z.file, z.recordLine()) }

// recordLine is the line on which the record that was read last began.
func (z *zoneText) recordLine() int {
	if z.entry == 0 {
		return z.inFile(z.ended)
	}
	return z.inFile(z.began)
}
