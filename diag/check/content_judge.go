package check

import (
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/content"
)

// judgePlaceholders tells what a template left behind.
func (j *contentJudge) judgePlaceholders() {
	for _, p := range j.Placeholders {
		rule := ContentPlaceholder
		switch {
		case !p.Certain:
			rule = ContentPlaceholderMaybe
		case p.Kind == "name_missing":
			rule = ContentNameMissing
		case p.Kind == "program_value":
			rule = ContentProgramValue
		}
		j.Report(rule, j.Domain(), codes.QuotedStart("value", p.Text, maxShown), codes.Words("place", placeWords(p.Place)),
			codes.Num("line", p.Line), codes.Str("kind", p.Kind), codes.Str("excerpt", p.Excerpt))
	}
}

// placeWords names a place of a mail.
func placeWords(place string) codes.Text {
	switch place {
	case "subject":
		return codes.Text{EN: "the subject", JA: "件名"}
	case "text":
		return codes.Text{EN: "the plain text", JA: "テキスト本文"}
	case "html":
		return codes.Text{EN: "the HTML", JA: "HTML本文"}
	case "link":
		return codes.Text{EN: "the address of a link", JA: "リンク先のURL"}
	}
	return codes.Text{EN: "the field " + place, JA: place + "ヘッダー"}
}

// manyMarks are exclamation marks in a row that no sentence needs.
const manyMarks = 3

func (j *contentJudge) judgeSubject() {
	if j.Words.Reply && !j.Words.Thread {
		j.Report(ContentSubjectReply, j.Domain())
	}
	if j.Words.Shouting || j.Words.Marks >= manyMarks {
		j.Report(ContentSubjectShouts, j.Domain())
	}
}

// judgeLinks reports each link once for what is worst about it; links without encryption are counted.
func (j *contentJudge) judgeLinks() {
	plain, example, told := 0, "", map[string]bool{}
	for i := range j.Links {
		l := &j.Links[i]
		if l.Has(content.Unencrypted) {
			if plain++; plain == 1 {
				example = l.URL
			}
		}
		rule, key := linkRule(l)
		if rule == nil || told[rule.ID+key] || len(told) > 3*maxTold {
			continue
		}
		told[rule.ID+key] = true
		j.Report(rule, j.Domain(), codes.Start("shows", l.Shows, maxShown), codes.Start("host", l.Host, maxShown), codes.Start("url",
			l.URL, 200))
	}
	if plain > 0 {
		j.Report(ContentLinkHTTP, j.Domain(), codes.Num("count", plain), codes.Start("url", example, 200))
	}
}

// linkRule is what is worst about a link, and what tells it from others of the same fault.
func linkRule(l *content.Link) (*diag.Rule, string) {
	for _, m := range [...]struct {
		mark content.Mark
		rule *diag.Rule
		key  string
	}{
		{content.Program, ContentLinkProgram, l.URL}, {content.Local, ContentLinkLocal, l.URL}, {content.Empty, ContentLinkEmpty, l.Text},
		{content.UserInfo, ContentLinkDisguised, l.URL}, {content.Lookalike,
			ContentLinkLookalike, l.Host},
		{content.Elsewhere, ContentLinkElsewhere, l.Shows + l.Host}, {content.Number, ContentLinkIP, l.Host}, {content.Short,
			ContentLinkShort, l.Host},
		{content.Broken, ContentLinkBroken, l.URL}, {content.Tracked, ContentLinkTracked, l.Host},
	} {
		if l.Has(m.mark) {
			return m.rule, m.key
		}
	}
	return nil, ""
}

// How plain text and HTML may differ.
const (
	longHTML   = 200 // letters from which a plain text is expected to say something
	leastPlain = 10  // percent of the HTML
	leastAlike = 20  // percent
)

func (j *contentJudge) judgeTexts() {
	w := j.Words
	switch {
	case w.HTML && !w.Plain:
		j.Report(ContentPlainNone, j.Domain())
	case w.HTML && (w.PlainLen == 0 && w.HTMLLen > 0 || w.HTMLLen >= longHTML && w.PlainLen*100 < w.HTMLLen*leastPlain):
		j.Report(ContentPlainEmpty, j.Domain(), codes.Num("plain", w.PlainLen), codes.Num("html", w.HTMLLen))
	case w.HTML && w.Alike < leastAlike:
		j.Report(ContentPlainDiffers, j.Domain(), codes.Num("alike", w.Alike))
	}
	if w.HTML && j.Markup.Images.All > 0 && w.HTMLLen < 20 && w.PlainLen < 20 {
		j.Report(ContentImageOnly, j.Domain(), codes.Num("letters", w.HTMLLen))
	}
}

// Bounds of HTML that receivers and readers take.
const (
	gmailCut   = 102 << 10 // octets
	longHidden = 300       // characters
)

func (j *contentJudge) judgeMarkup() {
	m := j.Markup
	if m == nil {
		return
	}
	if m.Octets > gmailCut {
		j.Report(ContentHTMLLarge, j.Domain(), codes.Num("kilobytes", m.Octets>>10))
	}
	for _, a := range [...]struct {
		is   bool
		what codes.Text
	}{
		{m.Forms > 0, codes.Text{EN: "a form", JA: "フォーム"}}, {m.Scripts > 0, codes.Text{EN: "a script", JA: "スクリプト"}},
		{m.Frames > 0, codes.Text{EN: "a frame or an embedded object", JA: "フレームや埋め込みオブジェクト"}},
		{m.Refresh, codes.Text{EN: "a redirect (meta refresh)", JA: "自動転送(meta refresh)"}},
	} {
		if a.is {
			j.Report(ContentActive, j.Domain(), codes.Words("what", a.what))
		}
	}
	if m.Hidden > longHidden {
		j.Report(ContentHidden, j.Domain(), codes.Num("count", m.Hidden))
	}
	if m.Images.NoAlt > 0 {
		j.Report(ContentImageAlt, j.Domain(), codes.Num("count", m.Images.NoAlt), codes.Num("all", m.Images.All))
	}
	if m.Images.Unencrypted > 0 {
		j.Report(ContentImageHTTP, j.Domain(), codes.Num("count", m.Images.Unencrypted))
	}
}

func (j *contentJudge) judgeFiles() {
	for _, f := range j.Files {
		name := codes.Start("file", f.Name, maxShown)
		inside := codes.Text{}
		if f.Inside != "" {
			inside = codes.Text{EN: " (it holds " + f.Inside + ")", JA: "(" + f.Inside + " を含む)"}
		}
		switch f.Danger {
		case content.Executable, content.InArchive, content.Disguised:
			j.Report(ContentFileRefused, j.Domain(), name, codes.Words("inside", inside))
		case content.Locked:
			j.Report(ContentFileLocked, j.Domain(), name)
		case content.Macros:
			j.Report(ContentFileMacros, j.Domain(), name)
		}
	}
}

// judgeUnsubscribe judges how readers get no more of a mail to many.
func (j *contentJudge) judgeUnsubscribe() {
	u := j.Unsubscribe
	if u.Fields > 1 {
		j.Report(ContentUnsubscribeMultiple, j.Domain(), codes.Str("field", "List-Unsubscribe"), codes.Num("count", u.Fields))
	}
	if u.Posts > 1 {
		j.Report(ContentUnsubscribeMultiple, j.Domain(), codes.Str("field", "List-Unsubscribe-Post"), codes.Num("count", u.Posts))
	}
	if len(u.Faults) > 0 {
		j.Report(ContentUnsubscribeSyntax, j.Domain(), codes.Words("what", faultWords(u.Faults[0])), codes.List("faults", u.Faults))
	}
	switch {
	case u.Fields == 0 && j.Bulk.Sure:
		j.Report(ContentUnsubscribeNone, j.Domain())
	case u.Fields == 0 && j.Bulk.Maybe:
		j.Report(ContentUnsubscribeAdvised, j.Domain())
	case u.Fields == 1 && u.Posts <= 1 && !u.OneClick:
		j.Report(ContentUnsubscribeClick, j.Domain(), codes.Words("what", clickWords(u)))
	case u.OneClick && u.Signed == content.SignedNo:
		j.Report(ContentUnsubscribeUnsigned, j.Domain())
	}
	if j.Bulk.Sure && !u.InText {
		j.Report(ContentUnsubscribeText, j.Domain())
	}
	if j.Bulk.Sure && j.Words.Japanese && !j.Words.Address {
		j.Report(ContentLawSender, j.Domain())
	}
}

// faultWords says what is wrong with the form of List-Unsubscribe.
func faultWords(fault string) codes.Text {
	switch fault {
	case "no_brackets":
		return codes.Text{EN: "an address stands outside of angle brackets", JA: "URLが山括弧で囲まれていません"}
	case "empty":
		return codes.Text{EN: "it has no address", JA: "URLがありません"}
	case "spaces":
		return codes.Text{EN: "an address holds blanks", JA: "URLの途中に空白があります"}
	}
	return codes.Text{EN: "an address is none", JA: "URLとして正しくありません"}
}

// clickWords says why one click is not enough.
func clickWords(u content.Unsubscribe) codes.Text {
	switch {
	case u.HTTPS == "" && u.HTTP != "":
		return codes.Text{EN: "the address is http, not https", JA: "URLが https ではなく http です"}
	case u.HTTPS == "":
		return codes.Text{EN: "there is no https address", JA: "https のURLがありません"}
	case u.Posts == 0:
		return codes.Text{EN: "List-Unsubscribe-Post is missing", JA: "List-Unsubscribe-Postヘッダーがありません"}
	case strings.EqualFold(strings.Join(strings.Fields(u.Said), ""), "List-Unsubscribe=One-Click"):
		return codes.Text{EN: "List-Unsubscribe-Post must be written exactly List-Unsubscribe=One-Click", JA: "List-Unsubscribe-Postの値の表記が正確ではありません"}
	}
	return codes.Text{EN: "List-Unsubscribe-Post has another value than List-Unsubscribe=One-Click", JA: "List-Unsubscribe-Postの値が List-Unsubscribe=One-Click ではありません"}
}
