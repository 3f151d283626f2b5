package check

import (
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dane"
	"todoku/diag/resolve"
)

// DANEFacts is the TLSA records of the hosts that take a domain's mail.
type DANEFacts struct {
	MXSecure *bool      `json:"mx_secure"` // DNSSEC secures the MX records; null where that is not known, or was not asked
	Visited  bool       `json:"visited"`   // the servers were asked for their certificates
	Hosts    []DANEHost `json:"hosts"`
}

// DANEHost is one MX host.
type DANEHost struct {
	Host    string       `json:"host"`
	Base    string       `json:"base"`   // the name below which the TLSA records stand
	Secure  *bool        `json:"secure"` // null where that is not known, or there are no records
	TLSA    []DANERecord `json:"tlsa"`
	Servers []DANEServer `json:"servers"`
	Result  string       `json:"result"` // the result type of a TLS report (RFC 8460 §4.3), "" where there is nothing to report
	Would   Would        `json:"would"`
	failed  bool         // the look-up of the records
}

// DANERecord is one TLSA record.
type DANERecord struct {
	Usage    uint8  `json:"usage"`
	Selector uint8  `json:"selector"`
	Matching uint8  `json:"matching"`
	Data     string `json:"data"` // hexadecimal
	Usable   bool   `json:"usable"`
	Fault    string `json:"fault"`   // why it is not usable, or ""
	Matches  *bool  `json:"matches"` // a server's certificate; null where none was seen
}

// DANEServer is one address of a host.
type DANEServer struct {
	Address  string         `json:"address"`
	Accepted *bool          `json:"accepted"` // by a sender with DANE; null where that could not be seen
	Outcomes []dane.Outcome `json:"outcomes"` // of the records, in their order; empty where no certificate was seen
}

// Would is what a sender with DANE does with mail for a host.
type Would string

// What it may do.
const (
	WouldDeliver   Would = "deliver"                 // over TLS, with the certificate checked
	WouldEncrypt   Would = "deliver_unauthenticated" // over TLS: no record can be used to check the certificate
	WouldWithout   Would = "deliver_without_dane"    // as a sender without DANE
	WouldWait      Would = "wait"                    // it tries again later, and at other hosts
	WouldUnvisited Would = "not_visited"             // the certificate decides, and nobody looked
	WouldUnknown   Would = "unknown"
)

func (w Would) says() codes.Text {
	switch w {
	case WouldDeliver:
		return codes.Text{EN: "a sender with DANE delivers", JA: "DANEを使う送信側から配送されます"}
	case WouldEncrypt:
		return codes.Text{EN: "a sender with DANE delivers over TLS without checking the certificate",
			JA: "DANEを使う送信側は、証明書を検証せずにTLSで配送します"}
	case WouldWithout:
		return codes.Text{EN: "a sender with DANE delivers as without", JA: "DANEを使う送信側も、DANEなしで配送します"}
	case WouldWait:
		return codes.Text{EN: "mail of a sender with DANE would wait", JA: "DANEを使う送信側からのメールは送信待ちになります"}
	case WouldUnvisited:
		return codes.Text{EN: "the certificate was not looked at", JA: "証明書は確認していません"}
	}
	return codes.Text{EN: "what a sender with DANE does is not known", JA: "DANEを使う送信側の動作は分かりません"}
}

// secure notes whether DNSSEC secures the MX records.
func (f *DANEFacts) secure(s dane.Security) { f.MXSecure = known(s) }

func known(s dane.Security) *bool {
	switch s {
	case dane.Secure, dane.Insecure:
		is := s == dane.Secure
		return &is
	}
	return nil
}

// fact is a host as reports have it.
func (c *daneRun) fact(h *daneHost) DANEHost {
	out := DANEHost{Host: h.Host, Base: h.Base, Secure: known(h.Security), TLSA: []DANERecord{}, Servers: []DANEServer{},
		failed: h.Err != nil}
	out.Would, out.Result = c.would(h)
	if brokenDNSSEC(h.Err) {
		out.Result = "dnssec-invalid"
	}
	for i := range h.Records {
		r := &h.Records[i]
		rec := DANERecord{Usage: r.Usage, Selector: r.Selector, Matching: r.Matching, Data: hex.EncodeToString(r.Data), Usable: r.Usable(),
			Fault: string(r.Fault)}
		for _, s := range h.servers {
			if i < len(s.outcomes) {
				matches := s.outcomes[i] == dane.Matches || rec.Matches != nil && *rec.Matches
				rec.Matches = &matches
			}
		}
		out.TLSA = append(out.TLSA, rec)
	}
	for i := range h.servers {
		s := &h.servers[i]
		server := DANEServer{Address: s.visit.Address.Addr().String(), Outcomes: append([]dane.Outcome{}, s.outcomes...)}
		if s.seen() {
			accepted := s.accepts(h.Records)
			server.Accepted = &accepted
		}
		out.Servers = append(out.Servers, server)
	}
	return out
}

// brokenDNSSEC reports whether a resolver that validates said that the signatures do not hold: the extended errors of RFC 8914
// §4.7 to §4.13.
func brokenDNSSEC(err error) bool {
	var fail *resolve.Error
	if !errors.As(err, &fail) || fail.Kind != resolve.KindServFail {
		return false
	}
	number, _, _ := strings.Cut(fail.EDE, " ")
	n, err := strconv.Atoi(number)
	return err == nil && n >= 6 && n <= 12
}

// Looked reports whether there was a host to look at: one of which it is known what a sender with DANE does, or of which only
// the certificate was left out.
func (f *DANEFacts) Looked() bool {
	return slices.ContainsFunc(f.Hosts, func(h DANEHost) bool { return h.Would != WouldUnknown || len(h.Servers) > 0 || !f.Visited })
}

// Unseen implements diag.Unseen: without a visit nothing is known of the certificates.
func (f *DANEFacts) Unseen(rule, _ string) bool {
	return !f.Visited && (rule == DANEMismatch.ID || rule == DANEStartTLS.ID)
}

// Lines shows how many hosts have records, and then each that has some.
func (f *DANEFacts) Lines() []diag.Line {
	with := 0
	for _, h := range f.Hosts {
		if len(h.TLSA) > 0 {
			with++
		}
	}
	var out []diag.Line
	switch {
	case len(f.Hosts) == 0:
		return []diag.Line{diag.None(codes.Text{EN: "no MX host to look at", JA: "確認するMXホストがありません"})}
	case with == 0:
		out = append(out, diag.None(codes.Text{EN: "no TLSA record", JA: "TLSAレコードなし"}))
	default:
		head := diag.Say(codes.Text{EN: "TLSA at {n} of {all} hosts", JA: "{all}ホスト中{n}ホストにTLSAレコードあり"},
			codes.Num("n", with), codes.Num("all", len(f.Hosts)))
		if !f.Visited {
			head = head.And(codes.Text{EN: "; certificates not looked at (--receiving)",
				JA: "(証明書は未確認。--receiving で確認)"})
		}
		out = append(out, head)
	}
	for i, h := range f.Hosts {
		if i == maxHosts {
			return append(out, diag.More(len(f.Hosts)-i))
		}
		out = append(out, h.lines()...)
	}
	return out
}

func (h *DANEHost) lines() []diag.Line {
	var out []diag.Line
	if h.failed {
		out = append(out, diag.Say(codes.Text{EN: "{host}: where the look-up fails for a sender with DANE too, mail to this host waits",
			JA: "{host}: DANEを使う送信側でも問い合わせに失敗する場合、このホスト宛てのメールは送信待ちになります"}, codes.Str("host", h.Host)))
	}
	if len(h.TLSA) == 0 {
		return out
	}
	head := diag.Show("{host}  ", codes.Str("host", h.Base))
	switch {
	case h.Secure == nil:
		head = head.And(codes.Text{EN: "DNSSEC not known", JA: "DNSSECの状態は不明"})
	case *h.Secure:
		head = head.And(codes.Text{EN: "secured by DNSSEC", JA: "DNSSECで保護"})
	default:
		head = head.And(codes.Text{EN: "not secured by DNSSEC", JA: "DNSSECの保護なし"})
	}
	out = append(out, head)
	matched := slices.ContainsFunc(h.TLSA, func(r DANERecord) bool { return r.Matches != nil && *r.Matches })
	for i, r := range h.TLSA {
		if i == maxHosts {
			out = append(out, diag.More(len(h.TLSA)-i).By(2))
			break
		}
		out = append(out, r.line(matched).By(2))
	}
	return append(out, diag.Say(h.Would.says()).By(2))
}

// line shows a record. Beside one that matches, another may be that of the next certificate, and is no fault.
func (r *DANERecord) line(matched bool) diag.Line {
	data := r.Data
	if len(data) > 16 {
		data = data[:16] + "…"
	}
	l := diag.Show("TLSA {numbers} {data}", codes.Str("numbers", numbers(&dane.Record{Usage: r.Usage, Selector: r.Selector,
		Matching: r.Matching})),
		codes.Str("data", data))
	switch {
	case !r.Usable:
		return l.And(codes.Text{EN: "  not usable", JA: "  利用できません"})
	case r.Matches == nil:
		return l
	case *r.Matches:
		return l.AndShow(" ✓")
	}
	if matched {
		return l.And(codes.Text{EN: "  another certificate or key", JA: "  別の証明書または鍵"})
	}
	return l.And(codes.Text{EN: "  does not match", JA: "  一致しません"})
}
