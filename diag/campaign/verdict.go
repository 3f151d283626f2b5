package campaign

import (
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/provider"
)

// Status is how a requirement stands.
type Status string

// The statuses.
const (
	Pass          Status = "pass"
	Fail          Status = "fail"
	Unknown       Status = "unknown"
	NotApplicable Status = "not_applicable"
)

// verdict is what was found out about one thing that providers ask for.
type verdict struct {
	status   Status
	why      codes.Message
	findings []diag.Finding
	evidence []diag.Evidence // of pass
	err      error           // why it is unknown
	breach   provider.Breach // in place of the provider's; "" mostly
	fix      codes.Message   // where no finding says what to do
	ip       string          // the sending address that it is about
}

func passed(m codes.Message) verdict { return verdict{status: Pass, why: m} }
func failed(m codes.Message, f ...diag.Finding) verdict {
	return verdict{status: Fail, why: m, findings: f}
}
func unknown(m codes.Message, err error) verdict { return verdict{status: Unknown, why: m, err: err} }
func open(m codes.Message) verdict               { return verdict{status: Unknown, why: m} }
func beside(m codes.Message) verdict             { return verdict{status: NotApplicable, why: m} }
func (v verdict) with(findings ...diag.Finding) verdict {
	v.findings = append(v.findings, findings...)
	return v
}
func (v verdict) mend(m codes.Message) verdict      { v.fix = m; return v }
func (v verdict) becomes(b provider.Breach) verdict { v.breach = b; return v }

// noAnswer is the sentence for what DNS did not tell.
func noAnswer() codes.Message {
	return codes.Say(codes.Text{EN: "DNS did not tell: nothing is known", JA: "DNSで確認できないため、判断できません"})
}

// ofService is the sentence for what the sending service answers for.
func ofService() codes.Message {
	return codes.Say(codes.Text{EN: "it is the sending service's business", JA: "配信サービスが管理しています"})
}
