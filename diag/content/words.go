package content

import (
	"strings"
	"unicode"
)

// compare holds the plain text against the HTML.
func (r *reader) compare(plain, html string) {
	r.Words.PlainLen, r.Words.HTMLLen = letters(plain), letters(html)
	r.Words.Alike = 100
	if r.Words.Plain && r.Words.HTML {
		r.Words.Alike = alike(plain, html)
	}
	all := plain + html + r.Content.Subject
	r.Words.Japanese = strings.ContainsFunc(all, func(c rune) bool { return unicode.In(c, unicode.Hiragana, unicode.Katakana) })
	r.Words.Address = namesSender(all)
}

func letters(s string) (n int) {
	for _, c := range s {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			n++
		}
	}
	return n
}

// maxCompared bounds how much of each text is compared, in octets.
const maxCompared = 64 << 10

// alike is how much of the shorter of two texts stands in the other too, in percent of its groups of three letters. Marks, spaces
// and the addresses of links do not count.
func alike(a, b string) int {
	one, two := groups(cut(a, maxCompared)), groups(cut(b, maxCompared))
	if len(one) > len(two) {
		one, two = two, one
	}
	if len(one) < 8 {
		return 100
	}
	both := 0
	for g := range one {
		if two[g] {
			both++
		}
	}
	return both * 100 / len(one)
}

// groups are the runs of three letters in a text.
func groups(s string) map[[3]rune]bool {
	_, s = webAddresses(s)
	out := map[[3]rune]bool{}
	var g [3]rune
	n := 0
	for _, c := range s {
		if c = unicode.ToLower(narrow(c)); !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			continue
		}
		g = [3]rune{g[1], g[2], c}
		if n++; n >= 3 {
			out[g] = true
		}
	}
	return out
}

// isReply reports whether a subject says that the mail is an answer or was passed on.
func isReply(subject string) bool {
	s := strings.ToLower(strings.TrimSpace(subject))
	for _, start := range [...]string{"re:", "re：", "aw:", "sv:", "fw:", "fwd:", "fw：", "tr:", "wg:"} {
		if strings.HasPrefix(s, start) {
			return true
		}
	}
	return false
}

// shouts reports whether a subject has capitals only, and how many exclamation marks follow each other in it.
func shouts(subject string) (capitals bool, marks int) {
	upper, lower, run := 0, 0, 0
	for _, c := range subject {
		switch {
		case unicode.IsUpper(c):
			upper++
		case unicode.IsLower(c), unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana):
			lower++
		}
		if c == '!' || c == '！' {
			run++
			marks = max(marks, run)
		} else {
			run = 0
		}
	}
	return upper >= 10 && lower == 0 && len(strings.Fields(subject)) > 1, marks
}

// optOut reports whether a text or a link of the mail tells how to get no more of it.
func optOut(text string, links []Link) bool {
	lower := strings.ToLower(text)
	for _, l := range links {
		lower += "\n" + strings.ToLower(l.Text+" "+l.URL)
	}
	for _, word := range [...]string{"unsubscribe", "opt out", "opt-out", "optout", "email preferences", "mail preferences",
		"stop receiving", "abmelden", "abbestellen",
		"désabonner", "désinscri", "darse de baja", "配信停止", "配信の停止", "配信を停止", "配信解除", "配信の解除",
		"登録解除", "登録の解除", "購読解除", "購読の解除", "購読停止", "配信を希望されない",
		"配信を希望しない",
		"配信が不要", "配信不要", "メルマガ解除", "メルマガの解除", "メール停止", "受信停止",
		"受信を希望されない", "オプトアウト", "解除はこちら", "停止はこちら", "取消订阅", "退订",
		"수신거부"} {
		if strings.Contains(lower, word) {
			return true
		}
	}
	return false
}

// namesSender reports whether a text names who answers for it: a company, or a postal address.
func namesSender(text string) bool {
	for _, word := range [...]string{"株式会社", "有限会社", "合同会社", "一般社団法人", "財団法人", "合資会社",
		"協会", "組合", "大学", "市役所", "発行元", "発行者", "配信元", "送信者",
		"運営会社", "運営元", "〒", "住所", "所在地", "(株)", "（株）", "㈱", "Inc.", "Ltd", "LLC", "GmbH", "Corp", "Co.,",
		" Street", " Ave", "P.O. Box", "©", "Copyright"} {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}
