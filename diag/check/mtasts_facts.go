package check

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/mtasts"
	"todoku/diag/probe"
	"todoku/sender/smtp"
)

// MTASTSFacts is what was seen of MTA-STS.
type MTASTSFacts struct {
	Record      string       `json:"record"`
	ID          string       `json:"id"`
	URL         string       `json:"policy_url"`
	Page        *MTASTSPage  `json:"page"`    // null: the policy was not asked for
	Mode        string       `json:"mode"`    // of the policy, "" where it cannot be read
	MaxAge      *int         `json:"max_age"` // seconds, null likewise
	MX          []string     `json:"mx"`
	Applies     string       `json:"applies"`     // the mode that senders apply who know no older policy: "" for none
	Result      string       `json:"result"`      // of TLS-RPT, where there is no policy to apply: "sts-policy-fetch-error"
	Hosts       []MTASTSHost `json:"hosts"`       // of a policy that senders apply
	Deliverable *bool        `json:"deliverable"` // senders who enforce the policy deliver to a host at least; null: not known

	unvisited string // the name of the record, where nothing else was looked at; "" otherwise
}

// Unseen implements diag.Unseen: without a visit nothing but the record is seen.
func (f *MTASTSFacts) Unseen(_, subject string) bool {
	return f.unvisited != "" && !strings.EqualFold(subject, f.unvisited)
}

// MTASTSPage is what the web server gave.
type MTASTSPage struct {
	Address string  `json:"address"`
	TLS     *WebTLS `json:"tls"` // null without
	Status  int     `json:"status"`
	Type    string  `json:"content_type"`
	Error   string  `json:"error"`
}

// MTASTSHost is what a sender that enforces the policy does with a mail host.
type MTASTSHost struct {
	Host         string   `json:"host"`
	Pattern      string   `json:"pattern"`           // of the policy, that covers it; "" for none
	Certificates []string `json:"certificate_names"` // of all its addresses
	Would        Would    `json:"would"`             // deliver, wait, unknown
	Result       string   `json:"result"`            // of TLS-RPT: what the sender reports
}

func newMTASTSFacts(domain string) *MTASTSFacts {
	return &MTASTSFacts{URL: mtasts.URL(domain), MX: []string{}, Hosts: []MTASTSHost{}}
}

// Looked reports whether there was a record to look at, and where senders apply its policy, a host that could be held against
// it: hosts without an address that anybody reaches cannot, and no look-up fails for them.
func (f *MTASTSFacts) Looked() bool {
	known := func(h MTASTSHost) bool { return h.Would != WouldUnknown }
	return f.Record != "" && (len(f.Hosts) == 0 || slices.ContainsFunc(f.Hosts, known))
}

func (f *MTASTSFacts) takePage(p *probe.Page) {
	f.Page = &MTASTSPage{Address: serverOf(p), Status: p.Status, Type: beginning(p.Type), Error: bareError(p.Err), TLS: webTLS(p.TLS)}
}

func (f *MTASTSFacts) takePolicy(p *mtasts.Policy) {
	f.Mode = string(p.Mode)
	if p.Lasts {
		age := int(p.MaxAge / time.Second)
		f.MaxAge = &age
	}
	for _, m := range p.MX[:min(len(p.MX), maxPatterns)] {
		f.MX = append(f.MX, m.Text)
	}
}

// maxPatterns bounds the mx lines that are told.
const maxPatterns = 100

// take adds the names of a certificate that are not there yet.
func (h *MTASTSHost) take(s *smtp.TLSState) {
	for _, n := range s.Names[:min(len(s.Names), maxPatterns)] {
		if !slices.Contains(h.Certificates, n) {
			h.Certificates = append(h.Certificates, beginning(n))
		}
	}
}

// deliverable works out whether there is a way for senders that enforce the policy; all: no host or address was left out.
func (f *MTASTSFacts) deliverable(all bool) {
	is := func(would Would) bool {
		return slices.ContainsFunc(f.Hosts, func(h MTASTSHost) bool { return h.Would == would })
	}
	if yes := is(WouldDeliver); yes || all && !is(WouldUnknown) && len(f.Hosts) > 0 {
		f.Deliverable = &yes
	}
}

// Lines shows the record, the policy, and what a sender that applies it does with each host.
func (f *MTASTSFacts) Lines() []diag.Line {
	if f.Record == "" {
		return []diag.Line{diag.NoRecord()}
	}
	id := codes.Str("id", orNone(f.ID))
	switch {
	case f.Page == nil:
		return []diag.Line{diag.Say(codes.Text{
			EN: "id {id} · policy not fetched (--receiving)",
			JA: "id {id} · ポリシーは未取得(--receiving で取得)"}, id)}
	case f.Page.Error != "":
		return []diag.Line{diag.Say(codes.Text{EN: "record with id {id}; the policy could not be fetched",
			JA: "レコードあり(id {id})。ポリシーを取得できませんでした"}, id)}
	case f.Mode == "":
		return []diag.Line{diag.Say(codes.Text{EN: "record with id {id}, no policy to apply", JA: "レコードあり(id {id})、有効なポリシーなし"}, id)}
	}
	age := "–"
	if f.MaxAge != nil {
		age = strconv.Itoa(*f.MaxAge)
	}
	out := []diag.Line{diag.Show("mode {mode} · max_age {age} · mx {patterns} · id {id}", codes.Str("mode", f.Mode), codes.Str("age", age),
		codes.Str("patterns", orNone(strings.Join(f.MX[:min(len(f.MX), 4)], " "))), id)}
	for _, h := range f.Hosts {
		out = append(out, h.line(f).By(2))
	}
	if f.Deliverable != nil && !*f.Deliverable {
		out = append(out, f.blocked())
	}
	return out
}

// blocked says that no host is left.
func (f *MTASTSFacts) blocked() diag.Line {
	if f.Applies == string(mtasts.Enforce) {
		return diag.Say(codes.Text{
			EN: "no host is left: senders that apply MTA-STS keep mail back until their deadline",
			JA: "配送できるホストがありません。MTA-STSを適用する送信側では、再送期限まで滞留します"})
	}
	return diag.Say(codes.Text{
		EN: "no host would be left if the policy were enforced",
		JA: "enforce に切り替えると、配送できるホストがなくなります"})
}

// line says what a sender does with the host.
func (h MTASTSHost) line(f *MTASTSFacts) diag.Line {
	host := codes.Str("host", h.Host)
	switch {
	case h.Would == WouldUnknown:
		return diag.Say(codes.Text{EN: "{host} → not known", JA: "{host} → 確認できません"}, host)
	case h.Would == WouldDeliver:
		return diag.Say(codes.Text{EN: "{host} → delivered (named by {pattern}, certificate in order)",
			JA: "{host} → 配送されます({pattern} に該当、証明書は有効)"}, host, codes.Str("pattern", h.Pattern))
	}
	waits := codes.Text{EN: "{host} → would wait: policy names {patterns}, certificate names {names} ({result})",
		JA: "{host} → 配送が保留されます: ポリシーの mx は {patterns}、証明書の名前は {names} です({result})"}
	if f.Applies != string(mtasts.Enforce) {
		waits = codes.Text{EN: "{host} → delivered while testing; enforced, it would wait: policy names {patterns}, certificate names {names} ({result})",
			JA: "{host} → テスト中のため配送されます。enforce では保留されます: ポリシーの mx は {patterns}、証明書の名前は {names} です({result})"}
	}
	return diag.Say(waits, host, codes.Str("patterns", orNone(strings.Join(f.MX[:min(len(f.MX), 3)], " "))),
		codes.Str("names", orNone(beginning(strings.Join(h.Certificates[:min(len(h.Certificates), 3)], " ")))), codes.Str("result", h.Result))
}
