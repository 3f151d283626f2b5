package guide

import (
	"todoku/codes"
	"todoku/diag"
)

func confirmed(data ...codes.Datum) Outcome { return Outcome{Status: Confirmed, Data: data} }

func excluded() Outcome { return Outcome{Status: Excluded} }

// open is for what could not be seen, because of err or of what is not known.
func open(err error, needs ...Need) Outcome {
	o := Outcome{Status: Open, Needs: needs, Err: err}
	if err != nil {
		o = o.because("dns", codes.Text{EN: "could not look: {error}", JA: "確認できませんでした: {error}"}, codes.Failure("error", err))
	}
	return o
}

// because adds a proof.
func (o Outcome) because(kind string, says codes.Text, data ...codes.Datum) Outcome {
	o.Proofs = append(o.Proofs, Proof{Kind: kind, Says: says, Data: data})
	return o
}

// shown adds what DNS answered to the last proof.
func (o Outcome) shown(seen ...diag.Evidence) Outcome {
	if n := len(o.Proofs); n > 0 {
		o.Proofs[n-1].Seen = append(o.Proofs[n-1].Seen, seen...)
	}
	return o
}

// found takes over findings of a check: their words, evidence and records.
func (o Outcome) found(list ...diag.Finding) Outcome {
	for _, f := range list {
		o.Findings = append(o.Findings, f)
		o = o.because("dns", f.Rule.Says, f.Data...).shown(f.Evidence...)
	}
	return o
}

// The things that one may be asked for.
func needFrom() Need {
	return Need{NeedFrom, codes.Text{EN: "the sender's address", JA: "送信者E-mailアドレス"}}
}

func needTo() Need {
	return Need{NeedTo, codes.Text{EN: "the recipient's address", JA: "宛先E-mailアドレス"}}
}

func needIP() Need {
	return Need{NeedIP, codes.Text{EN: "the address that sent the mail", JA: "メールを送信したIPアドレス"}}
}

func needSelector() Need {
	return Need{NeedSelector, codes.Text{EN: "the selector (s=) of the mail's DKIM signature", JA: "メールのDKIM署名のセレクター(s=)"}}
}

func needMessage() Need {
	return Need{NeedMessage, codes.Text{EN: "the mail itself, as it was sent", JA: "送信したメールそのもの(.eml)"}}
}

func needHistory() Need {
	return Need{NeedHistory, codes.Text{EN: "the history of the sendings", JA: "送信履歴"}}
}
