package check

import (
	"errors"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/ns"
	"todoku/diag/resolve"
)

// NSFacts is what the name servers of a zone say of it.
type NSFacts struct {
	Zone       string     `json:"zone"`       // that holds the domain, "" where it is not known or there is none
	Parent     string     `json:"parent"`     // the zone above
	Delegation []string   `json:"delegation"` // the name servers that the zone above names
	Own        []string   `json:"own"`        // those that the zone itself names
	Servers    []NSServer `json:"servers"`
	Signed     bool       `json:"signed"` // the zone above has DS records for it
	Bogus      bool       `json:"bogus"`  // DNSSEC does not let its records pass
	Exists     bool       `json:"exists"` // the zone above does not say that there is no such name
	heard      bool       // a server was asked
}

// NSServer is one address of a name server.
type NSServer struct {
	Name          string `json:"name"`
	Address       string `json:"address"`
	Delegated     bool   `json:"delegated"`     // the zone above names it
	Answers       bool   `json:"answers"`       // something came
	Authoritative bool   `json:"authoritative"` // it has the zone
	Serial        uint32 `json:"serial"`        // of the zone, 0 where it is not known
	Error         string `json:"error"`         // of what is no answer: a kind of DNS error, or what a server said that does not have the zone
	ElapsedMS     int64  `json:"elapsed_ms"`
	lame, noWay   bool
}

func newNSFacts() *NSFacts {
	return &NSFacts{Delegation: []string{}, Own: []string{}, Servers: []NSServer{}, Exists: true}
}

// fill notes what the servers say.
func (f *NSFacts) fill(s *ns.Survey) {
	f.heard = true
	f.Own = append(f.Own, s.OwnHosts()...)
	for _, v := range s.Servers {
		standing, fault := s.Standing(v)
		out := NSServer{Name: v.Host.Name, Address: v.Address.String(), Delegated: v.Host.Delegated, Answers: v.SOA.Err == nil,
			Authoritative: standing == ns.Authoritative, Error: string(fault), ElapsedMS: v.SOA.Said.RTT.Milliseconds(),
			lame: standing == ns.Lame, noWay: v.NoWay()}
		out.Serial, _ = v.Serial()
		var fail *resolve.Error
		if standing == ns.Unheard && errors.As(unheard(v), &fail) {
			out.Error = string(fail.Kind)
		}
		f.Servers = append(f.Servers, out)
	}
}

// Looked reports whether there was a zone to look at.
func (f *NSFacts) Looked() bool { return f.heard }

// Lines shows the zone, where it hangs, and each server with the version of the zone that it has.
func (f *NSFacts) Lines() []diag.Line {
	if f.Zone == "" {
		if !f.Exists {
			return []diag.Line{diag.None(codes.Text{EN: "the domain does not exist", JA: "ドメインが存在しません"})}
		}
		return []diag.Line{diag.None(codes.Text{EN: "no zone found", JA: "ゾーンが見つかりません"})}
	}
	head := diag.Say(codes.Text{EN: "zone {zone} · delegated by {parent} · ", JA: "ゾーン {zone} · 委任元 {parent} · "},
		codes.Str("zone", f.Zone), codes.Str("parent", f.Parent))
	if f.Signed {
		head = head.And(codes.Text{EN: "signed (DNSSEC)", JA: "DNSSEC署名あり"})
	} else {
		head = head.And(codes.Text{EN: "not signed", JA: "DNSSEC署名なし"})
	}
	out := []diag.Line{head}
	for i, s := range f.Servers {
		if i == maxHosts {
			out = append(out, diag.More(len(f.Servers)-i))
			break
		}
		out = append(out, s.line())
	}
	return out
}

func (s NSServer) line() diag.Line {
	l := diag.Show("{name} [{address}] ", codes.Str("name", s.Name), codes.Str("address", s.Address))
	switch {
	case s.Authoritative:
		return l.And(codes.Text{EN: "serial {serial} · {ms} ms", JA: "シリアル番号 {serial} · {ms}ミリ秒"},
			codes.Str("serial", number(s.Serial)), codes.Num("ms", int(s.ElapsedMS)))
	case s.noWay:
		return l.And(codes.Text{EN: "not asked: no IPv6 here", JA: "未確認: 実行環境でIPv6を利用できません"})
	case s.lame:
		return l.And(codes.Text{EN: "does not have the zone", JA: "このゾーンを持っていません"})
	case s.Answers:
		return l.And(codes.Text{EN: "no answer that counts", JA: "有効な回答なし"})
	}
	return l.And(codes.Text{EN: "no answer", JA: "応答なし"})
}

// lameText is how a server shows that it does not have the zone.
func lameText(f ns.Fault, s resolve.Said) codes.Text {
	ede := ""
	if s.EDE != "" {
		ede = ", EDE " + s.EDE
	}
	switch f {
	case ns.FaultRefused:
		return codes.Text{EN: "it refuses to answer (REFUSED" + ede + ")", JA: "回答を拒否しました(REFUSED" + ede + ")"}
	case ns.FaultServfail:
		return codes.Text{EN: "it cannot answer (SERVFAIL" + ede + ")", JA: "回答できませんでした(SERVFAIL" + ede + ")"}
	case ns.FaultUpward:
		return codes.Text{EN: "it refers to other servers", JA: "ほかのサーバーを参照するよう回答しました"}
	case ns.FaultAuthority:
		return codes.Text{EN: "it answers without authority", JA: "権威のない回答を返しました"}
	case ns.FaultNoZone:
		return codes.Text{EN: "it says that there is no such zone", JA: "そのようなゾーンはないと回答しました"}
	}
	return codes.Text{EN: "it answers with an error (" + s.Rcode + ede + ")", JA: "エラーを返しました(" + s.Rcode + ede + ")"}
}

// lameValue is what such a server said.
func lameValue(s resolve.Said) string {
	switch {
	case s.Cut != "":
		return "referral to " + s.Cut
	case s.Rcode != "NOERROR":
		return s.Rcode
	case len(s.Records) > 0:
		return s.Records[0].Text
	}
	return ""
}
