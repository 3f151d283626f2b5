package report

import (
	"todoku/codes"
	"todoku/diag/guide"
)

// faultText says whose a cause is, as a sentence.
func faultText(f guide.Fault) codes.Text {
	switch f {
	case guide.FaultAddress:
		return codes.Text{EN: "The cause is the address.", JA: "要因は宛先アドレスにあります。"}
	case guide.FaultOurs:
		return codes.Text{EN: "The cause is ours: it lies on the sending side.", JA: "要因は送信側(自社)にあります。"}
	case guide.FaultTheirs:
		return codes.Text{EN: "The cause is theirs: it lies on the receiving side.", JA: "要因は受信側(相手先)にあります。"}
	case guide.FaultRecipient:
		return codes.Text{EN: "The cause is the recipient's choice.", JA: "要因は受信者本人の設定です。"}
	case guide.FaultUnknown:
	}
	return codes.Text{EN: "Whose the cause is, is not known yet.", JA: "要因がどちら側にあるかは、まだ分かりません。"}
}

// headline says whose the cause is; "" where the text names no error, or the mail was taken.
func (p *diagnoses) headline(d *guide.Diagnosis) string {
	f := d.Fault()
	if f == guide.FaultUnknown && (d.Case.Unread() || d.Case.Verdict.Delivery.Result == resultOK) {
		return ""
	}
	return faultText(f).In(p.o.Lang)
}

// faultLabel is whose a cause is, in a word.
func faultLabel(f guide.Fault) codes.Text {
	switch f {
	case guide.FaultAddress:
		return codes.Text{EN: "the address", JA: "宛先アドレス"}
	case guide.FaultOurs:
		return codes.Text{EN: "ours", JA: "送信側"}
	case guide.FaultTheirs:
		return codes.Text{EN: "theirs", JA: "受信側"}
	case guide.FaultRecipient:
		return codes.Text{EN: "the recipient's choice", JA: "受信者の設定"}
	case guide.FaultUnknown:
	}
	return codes.Text{EN: "not known yet", JA: "不明"}
}
