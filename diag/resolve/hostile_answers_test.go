package resolve

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/miekg/dns"
)

// hostileAnswer is one kind of answer, as octets, and what it means. Several
// are sent one after the other; over TCP nil hangs up.
type hostileAnswer struct {
	what    string
	verdict string // found, no data, no name, unknown; of TCP after "/" where it differs
	reply   func(q *dns.Msg, tcp bool) [][]byte
}

// good is a healthy answer: a TXT record, or no data with its SOA.
func good(q *dns.Msg) *dns.Msg {
	m := new(dns.Msg)
	m.SetReply(q)
	m.RecursionAvailable, m.Compress = true, true
	if q.Question[0].Qtype == dns.TypeTXT {
		m.Answer = []dns.RR{txt(q, "hello")}
		return m
	}
	m.Ns = []dns.RR{soa("test.")}
	return m
}

func txt(q *dns.Msg, parts ...string) dns.RR {
	return &dns.TXT{Hdr: header(q.Question[0].Name, dns.TypeTXT), Txt: parts}
}

func header(name string, t uint16) dns.RR_Header {
	return dns.RR_Header{Name: name, Rrtype: t, Class: dns.ClassINET, Ttl: 60}
}

func soa(zone string) dns.RR {
	return &dns.SOA{Hdr: header(zone, dns.TypeSOA), Ns: "ns." + zone, Mbox: "h." + zone, Minttl: 60}
}

func cname(from, to string) dns.RR { return &dns.CNAME{Hdr: header(from, dns.TypeCNAME), Target: to} }

func packed(m *dns.Msg) []byte {
	b, err := m.Pack()
	if err != nil {
		return nil
	}
	return b
}

// message changes the message, octets what is packed of it.
func message(edit func(q, m *dns.Msg)) func(*dns.Msg, bool) [][]byte {
	return func(q *dns.Msg, _ bool) [][]byte {
		m := good(q)
		edit(q, m)
		return [][]byte{packed(m)}
	}
}

func octets(edit func(b []byte, question int) []byte) func(*dns.Msg, bool) [][]byte {
	return func(q *dns.Msg, _ bool) [][]byte {
		b := packed(good(q))
		return [][]byte{edit(b, questionLength(q))}
	}
}

func questionLength(q *dns.Msg) int { return 12 + len(q.Question[0].Name) + 1 + 4 }

// record appends a record with these octets to the question, in place of the answer.
func rawRecord(owner, rest string) func(*dns.Msg, bool) [][]byte {
	return octets(func(b []byte, n int) []byte {
		b = append(b[:n:n], owner+rest...)
		copy(b[6:], []byte{0, 1, 0, 0, 0, 0})
		return b
	})
}

const txtHead = "\x00\x10\x00\x01\x00\x00\x00\x3c" // type TXT, class IN, TTL 60

func count(section int, n uint16) func(*dns.Msg, bool) [][]byte {
	return octets(func(b []byte, _ int) []byte { binary.BigEndian.PutUint16(b[4+2*section:], n); return b })
}

func repeated(n int, rr func(i int) dns.RR) (out []dns.RR) {
	for i := range n {
		out = append(out, rr(i))
	}
	return out
}

// hostileAnswers lists the kinds.
func hostileAnswers() []hostileAnswer {
	self := "\xc0\x0c"
	list := []hostileAnswer{
		{"healthy", "found", message(func(_, _ *dns.Msg) {})},
		{"wrong id", "unknown", octets(func(b []byte, _ int) []byte { b[0] ^= 0xff; return b })},
		{"id with its octets turned round", "unknown", octets(func(b []byte, _ int) []byte { b[0], b[1] = b[1]+1, b[0]; return b })},
		{"a question", "unknown", octets(func(b []byte, _ int) []byte { b[2] &^= 0x80; return b })},
		{"another opcode", "unknown", octets(func(b []byte, _ int) []byte { b[2] |= 2 << 3; return b })},
		{"no question", "unknown", message(func(_, m *dns.Msg) { m.Question = nil })},
		{"two questions", "unknown", message(func(_, m *dns.Msg) { m.Question = append(m.Question, m.Question[0]) })},
		{"another name asked", "unknown", message(func(_, m *dns.Msg) { m.Question[0].Name = "other.test." })},
		{"another type asked", "unknown", message(func(_, m *dns.Msg) { m.Question[0].Qtype = 255 })},
		{"another class asked", "unknown", message(func(_, m *dns.Msg) { m.Question[0].Qclass = dns.ClassCHAOS })},
		{"the name in capitals", "found", message(func(_, m *dns.Msg) {
			m.Question[0].Name = strings.ToUpper(m.Question[0].Name)
			for _, rr := range m.Answer {
				rr.Header().Name = strings.ToUpper(rr.Header().Name)
			}
		})},
		{"header only", "unknown", octets(func(b []byte, _ int) []byte { return b[:12] })},
		{"half a header", "unknown", octets(func(b []byte, _ int) []byte { return b[:7] })},
		{"nothing", "unknown", octets(func([]byte, int) []byte { return []byte{} })},
		{"the question alone, one answer announced", "unknown", octets(func(b []byte, n int) []byte { return b[:n] })},
		{"reserved bits", "found", octets(func(b []byte, _ int) []byte { b[3] |= 0x40; return b })},
		{"authoritative", "found", message(func(_, m *dns.Msg) { m.Authoritative = true })},
		{"octets behind the end", "found", octets(func(b []byte, _ int) []byte { return append(b, make([]byte, 300)...) })},
		{"a question too many announced", "unknown", count(0, 2)},
		{"an answer too many announced", "unknown", count(1, 2)},
		{"65,535 answers announced", "unknown", count(1, 0xffff)},
		{"authority announced", "unknown", count(2, 3)},
		{"additional announced", "unknown", count(3, 9)},
		{"cut in the record", "unknown", octets(func(b []byte, _ int) []byte { return b[:len(b)-2] })},
		{"a pointer to itself", "unknown", octets(func(b []byte, n int) []byte { b[n], b[n+1] = 0xc0|byte(n>>8), byte(n); return b })},
		{"a pointer beyond the end", "unknown", rawRecord("\xff\xff", txtHead+"\x00\x02\x01x")},
		{"a label of a kind that nobody knows", "unknown", rawRecord("\x80x\x00", txtHead+"\x00\x02\x01x")},
		{"a name longer than 255 octets", "unknown", rawRecord(strings.Repeat("\x3f"+strings.Repeat("a", 63), 5)+"\x00",
			txtHead+"\x00\x02\x01x")},
		{"another owner", "unknown", rawRecord("\x01x\x00", txtHead+"\x00\x02\x01x")},
		{"the root as owner", "unknown", rawRecord("\x00", txtHead+"\x00\x02\x01x")},
		{"TXT without data", "unknown", rawRecord(self, txtHead+"\x00\x00")},
		{"TXT with an empty string", "found", rawRecord(self, txtHead+"\x00\x01\x00")},
		{"TXT whose string is longer than the record", "unknown", rawRecord(self, txtHead+"\x00\x02\x09x")},
		{"TXT longer than the message", "unknown", rawRecord(self, txtHead+"\x7f\xff\x01x")},
		{"class CH", "unknown", rawRecord(self, "\x00\x10\x00\x03\x00\x00\x00\x3c\x00\x02\x01x")},
		{"class NONE", "unknown", rawRecord(self, "\x00\x10\x00\xfe\x00\x00\x00\x3c\x00\x02\x01x")},
		{"class ANY", "unknown", rawRecord(self, "\x00\x10\x00\xff\x00\x00\x00\x3c\x00\x02\x01x")},
		{"another type", "unknown", rawRecord(self, "\x00\x63\x00\x01\x00\x00\x00\x3c\x00\x02\x01x")},
		{"the highest TTL", "found", rawRecord(self, "\x00\x10\x00\x01\xff\xff\xff\xff\x00\x02\x01x")},
		{"octets beyond ASCII", "found", message(func(q, m *dns.Msg) { m.Answer = append(m.Answer[:0], txt(q, `\000\027\233\255`)) })},
		{"the record twice", "found", message(func(_, m *dns.Msg) { m.Answer = append(m.Answer, m.Answer...) })},
		{"CNAME of itself", "unknown", message(func(q, m *dns.Msg) { m.Answer = []dns.RR{cname(q.Question[0].Name, q.Question[0].Name)} })},
		{"CNAME circle", "unknown", message(func(q, m *dns.Msg) {
			m.Answer = []dns.RR{cname(q.Question[0].Name, "b.test."), cname("b.test.", q.Question[0].Name)}
		})},
		{"CNAME chain of 1,000", "unknown", message(func(q, m *dns.Msg) {
			m.Answer = append(repeated(1000, func(i int) dns.RR {
				return cname(fmt.Sprintf("c%d.test.", i),
					fmt.Sprintf("c%d.test.", i+1))
			}), cname(q.Question[0].Name, "c0.test."))
		})},
		{"CNAME chain, last record first", "found", message(func(q, m *dns.Msg) {
			t := txt(q, "hello")
			t.Header().Name = "c.test."
			m.Answer = []dns.RR{t, cname("b.test.", "c.test."), cname(q.Question[0].Name, "b.test.")}
		})},
		{"CNAME to a name that does not exist", "no name", message(func(q, m *dns.Msg) {
			m.Rcode, m.Answer = dns.RcodeNameError, []dns.RR{cname(q.Question[0].Name, "b.test.")}
		})},
		{"CNAME to a name without data", "no data", message(func(q, m *dns.Msg) {
			m.Answer, m.Ns = []dns.RR{cname(q.Question[0].Name, "b.test.")}, []dns.RR{soa("test.")}
		})},
		{"CNAME of class CH", "unknown", message(func(q, m *dns.Msg) {
			c := cname(q.Question[0].Name, "b.test.")
			c.Header().Class = dns.ClassCHAOS
			m.Answer = []dns.RR{c}
		})},
		{"NXDOMAIN with data", "unknown", message(func(_, m *dns.Msg) { m.Rcode = dns.RcodeNameError })},
		{"NXDOMAIN without SOA", "no name", message(func(_, m *dns.Msg) { m.Rcode, m.Answer, m.Ns = dns.RcodeNameError, nil, nil })},
		{"NXDOMAIN with another name's data", "unknown", message(func(_, m *dns.Msg) {
			m.Rcode = dns.RcodeNameError
			for _, rr := range m.Answer {
				rr.Header().Name = "x.test."
			}
		})},
		{"no data", "no data", message(func(_, m *dns.Msg) { m.Answer, m.Ns = nil, []dns.RR{soa("test.")} })},
		{"no data, no SOA", "no data", message(func(_, m *dns.Msg) { m.Answer, m.Ns = nil, nil })},
		{"a SOA of class CH beside a referral", "unknown", message(func(_, m *dns.Msg) {
			s := soa("test.")
			s.Header().Class = dns.ClassCHAOS
			m.Answer, m.Ns = nil, []dns.RR{s, &dns.NS{Hdr: header("test.", dns.TypeNS), Ns: "ns.test."}}
		})},
		{"a referral", "unknown", message(func(_, m *dns.Msg) {
			m.Answer, m.Ns = nil, []dns.RR{&dns.NS{Hdr: header("test.", dns.TypeNS), Ns: "ns.test."}}
		})},
		{"1,500 other TXT", "found", func(q *dns.Msg, tcp bool) [][]byte {
			m := good(q)
			m.Truncated = !tcp
			if tcp {
				m.Answer = repeated(1500, func(i int) dns.RR { return txt(q, fmt.Sprint(i)) })
			}
			return [][]byte{packed(m)}
		}},
		{"TXT of 64 KiB by TCP", "found", func(q *dns.Msg, tcp bool) [][]byte {
			m := good(q)
			if tcp {
				m.Answer = []dns.RR{txt(q, slicesOf(strings.Repeat("y", 255), 250)...)}
			}
			return [][]byte{packed(m)}
		}},
		{"foreign addresses beside it", "found", message(func(_, m *dns.Msg) {
			m.Extra = repeated(30, func(i int) dns.RR {
				return &dns.A{Hdr: header(fmt.Sprintf("h%d.other.", i), dns.TypeA), A: []byte{192, 0, 2, 1}}
			})
		})},
		{"two OPT records", "found", message(func(_, m *dns.Msg) { m.SetEdns0(1232, false); m.Extra = append(m.Extra, m.Extra...) })},
		{"OPT with options that nobody knows", "found", message(func(_, m *dns.Msg) {
			m.SetEdns0(1232, false)
			m.IsEdns0().Option = append(m.IsEdns0().Option, &dns.EDNS0_LOCAL{Code: 65001, Data: bytes.Repeat([]byte{7}, 400)})
		})},
		{"the answer a hundred times", "found", func(q *dns.Msg, _ bool) [][]byte { return slicesOf(packed(good(q)), 100) }},
		{"wrong ids, then the answer", "found", func(q *dns.Msg, _ bool) [][]byte {
			wrong := packed(good(q))
			wrong[0] ^= 0x55
			return append(slicesOf(wrong, 200), packed(good(q)))
		}},
		{"a cut answer, then the whole one", "found/unknown", func(q *dns.Msg, _ bool) [][]byte {
			b := packed(good(q))
			return [][]byte{b[:questionLength(q)], b}
		}},
		{"silence", "unknown", func(*dns.Msg, bool) [][]byte { return nil }},
		{"hangs up", "unknown", func(*dns.Msg, bool) [][]byte { return [][]byte{nil} }},
		{"cut for ever", "unknown", message(func(_, m *dns.Msg) { m.Truncated, m.Answer = true, nil })},
		{"cut by UDP, whole by TCP", "found", func(q *dns.Msg, tcp bool) [][]byte {
			m := good(q)
			m.Truncated = !tcp
			return [][]byte{packed(m)}
		}},
		{"cut by UDP, TCP hangs up", "unknown", func(q *dns.Msg, tcp bool) [][]byte {
			m := good(q)
			m.Truncated = true
			if tcp {
				return [][]byte{nil}
			}
			return [][]byte{packed(m)}
		}},
		{"cut by UDP, TCP silent", "unknown", func(q *dns.Msg, tcp bool) [][]byte {
			m := good(q)
			m.Truncated = true
			if tcp {
				return nil
			}
			return [][]byte{packed(m)}
		}},
	}
	for code := 1; code < 24; code++ {
		if code == dns.RcodeNameError {
			continue
		}
		list = append(list, hostileAnswer{fmt.Sprintf("rcode %d", code), "unknown", message(func(_, m *dns.Msg) {
			m.Answer, m.Ns = nil, nil
			if code > 15 {
				m.SetEdns0(1232, false)
			}
			m.Rcode = code
		})})
	}
	return list
}

func slicesOf[T any](v T, n int) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = v
	}
	return out
}
