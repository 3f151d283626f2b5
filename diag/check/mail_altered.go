package check

import (
	"context"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/altered"
	"todoku/diag/dkim"
)

// The rules about what changed in a mail after it was signed.
var (
	DKIMAltered = &diag.Rule{
		ID: "dkim-altered", Severity: diag.Warn, Owner: diag.OwnerMail, Ref: "RFC 6376 §2.11",
		Says: codes.Text{
			EN: "after {domain} signed the mail: {what} ({where}); by: {author}",
			JA: "{domain} の署名後の変更: {what}(場所: {where}、変更元: {author})"},
		Why: codes.Text{
			EN: "with this undone the signature holds: this is why it does not",
			JA: "この変更を取り消すと検証に成功するため、これが失敗の原因です"},
		Fix: codes.Text{EN: "for the next mails: {todo}", JA: "今後のために: {todo}"},
	}

	DKIMAlteredPerhaps = &diag.Rule{
		ID: "dkim-altered-perhaps", Severity: diag.Warn, Owner: diag.OwnerMail, Ref: "RFC 6376 §6.1.3",
		Says: codes.Text{
			EN: "after {domain} signed the mail, perhaps: {what} ({where}); by: {author}",
			JA: "{domain} の署名後に変更された可能性: {what}(場所: {where}、変更元: {author})"},
		Why: codes.Text{
			EN: "there are signs of it, but no proof that the signature holds without it",
			JA: "形跡はありますが、取り消すと検証に成功することまでは確認できていません"},
		Fix: codes.Text{EN: "{todo}; compare with the mail as it was when it was signed (--original FILE)", JA: "{todo}。署名時のメールがあれば --original FILE で比較できます"},
	}
)

// DKIMUnaltered tells that the mail is not at fault.
var DKIMUnaltered = &diag.Rule{
	ID: "dkim-unaltered", Severity: diag.Info, Owner: diag.OwnerESP, Ref: "RFC 6376 §6.1.3",
	Says: codes.Text{
		EN: "what {domain} signed (selector {selector}) is the same in the original: the mail was not changed",
		JA: "{domain} の署名対象(セレクター {selector})は送信時のメールと同じで、変更されていません"},
	Why: codes.Text{
		EN: "then the published key is not that of the signer, or the mail was signed before its last change on the sender's side",
		JA: "公開している鍵が署名に使われた鍵と異なるか、送信側で最後に変更される前に署名されています"},
	Fix: codes.Text{
		EN: "compare the published key with that of the signer, and let the signer be the last program that touches the mail",
		JA: "公開している鍵と署名に使用した鍵を比べ、署名を送信処理の最後に行ってください"},
}

// DKIMOriginalOther tells that the original may be another mail.
var DKIMOriginalOther = &diag.Rule{
	ID: "dkim-original-other", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 5322 §3.6.4",
	Says: codes.Text{
		EN: "the original has the Message-ID {theirs}, the mail {ours}: it may be another mail",
		JA: "元のメールの Message-ID は {theirs}、検査対象は {ours} です。別のメールの可能性があります"},
	Why: codes.Text{
		EN: "then what is told as changed are the differences of two mails",
		JA: "その場合、変更箇所として示した内容は、2通のメールの違いにすぎません"},
	Fix: codes.Text{
		EN: "give as --original the very mail that was sent to this recipient",
		JA: "この宛先に送信したメールそのものを --original で指定してください"},
}

// originalOther compares the Message-IDs of the mail and its original.
func (j *mailDKIMJudge) originalOther() {
	if j.mail.Original == nil {
		return
	}
	theirs, ours := j.mail.Original.Get("Message-ID"), j.mail.Raw.Get("Message-ID")
	if theirs != ours && theirs != "" && ours != "" {
		j.Report(DKIMOriginalOther, j.Target.Name, codes.QuotedStart("theirs", theirs, maxShown), codes.QuotedStart("ours", ours, maxShown))
	}
}

// MailChange is one change of a mail since it was signed.
type MailChange struct {
	Kind    string `json:"kind"`
	Where   string `json:"where"`   // a header field, or body/PART:LINE
	Certain bool   `json:"certain"` // without it the signature holds
	Was     string `json:"was"`     // as it was signed, where that is known
	Now     string `json:"now"`
	By      string `json:"by"`       // host, or the name of a program or service; "" where nobody is known
	ByBasis string `json:"by_basis"` // how that is known: arc, signature, field, link, trace
}

// maxAltered is of how many signatures a mail is compared with itself.
const maxAltered = 3

// maxAlteredTold is how many changes are findings; the facts have all.
const maxAlteredTold = 6

// altered finds what changed since a signature was made, by the original where there is one, and reports it.
func (j *mailDKIMJudge) altered(ctx context.Context, s *dkim.Signature) ([]altered.Change, []altered.Bound) {
	var a altered.Answer
	if j.mail.Original == nil {
		a = altered.Find(ctx, j.mail.Raw, s, altered.Limits{})
	} else if a.Changes = altered.Compare(*j.mail.Original, j.mail.Raw, s); len(a.Changes) == 0 {
		j.Report(DKIMUnaltered, s.Domain, codes.Str("domain", s.Domain), codes.Str("selector", s.Selector))
	}
	for _, c := range a.Changes[:min(len(a.Changes), maxAlteredTold)] {
		rule := DKIMAltered
		if !c.Certain {
			rule = DKIMAlteredPerhaps
		}
		j.Report(rule, s.Domain, alteredData(s.Domain, c)...)
	}
	return a.Changes, a.Bounds
}

// setChanges puts the changes among the facts.
func (s *MailSignature) setChanges(list []altered.Change, bounds []altered.Bound) {
	for _, c := range list {
		s.Changed = append(s.Changed, newMailChange(c))
	}
	for _, b := range bounds {
		s.Bounds = append(s.Bounds, string(b))
	}
}

// isAltered reports whether a signature fails by what the mail says, so that a search makes sense.
func isAltered(s *dkim.Signature) bool {
	switch s.Reason {
	case dkim.BodyHashMismatch, dkim.SignatureMismatch, dkim.LengthExceedsBody:
		return true
	}
	return false
}

func newMailChange(c altered.Change) MailChange {
	return MailChange{Kind: string(c.Kind), Where: c.Where(), Certain: c.Certain, Was: c.Was, Now: c.Now, By: changedBy(c.By),
		ByBasis: string(c.By.Basis)}
}

// changedBy names who probably made a change.
func changedBy(a altered.Author) string {
	switch {
	case a.Host != "" && a.Name != "":
		return a.Host + " (" + a.Name + ")"
	case a.Host != "":
		return a.Host
	}
	return a.Name
}

// alteredData is what the rules about a change say of it.
func alteredData(domain string, c altered.Change) []codes.Datum {
	words := wordsOfChange(c.Kind)
	by := codes.Words("author", codes.Text{EN: "not known", JA: "不明"})
	if who := changedBy(c.By); who != "" {
		by = codes.Str("author", who)
		if c.By.Basis == altered.ByTrace {
			by = codes.Words("author", codes.Text{EN: "perhaps " + who, JA: who + "(推定)"})
		}
	}
	return []codes.Datum{codes.Str("domain", domain), codes.Words("what", words.says), codes.Words("where", placeOfChange(c)), by,
		codes.Words("todo", fixOfChange(c))}
}

// placeOfChange says where a change is, in words.
func placeOfChange(c altered.Change) codes.Text {
	if c.Field != "" {
		return codes.Same(c.Field)
	}
	en, ja := []string{"body"}, []string{"本文"}
	if c.Part != "" {
		en, ja = append(en, "part "+c.Part), append(ja, "パート"+c.Part)
	}
	if c.Line > 0 {
		line := codes.Num("", c.Line).String()
		en, ja = append(en, "line "+line), append(ja, line+"行目")
	}
	return codes.Text{EN: strings.Join(en, ", "), JA: strings.Join(ja, "・")}
}
