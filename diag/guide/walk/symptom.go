package walk

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"todoku/codes"
	"todoku/diag/guide"
)

// Symptom is what somebody's words say about the mail.
type Symptom struct {
	Patterns []string // those that fit, the likely one first
	Code     string   // delivery code
	Reply    string   // what a server said
}

// patternWords are words by which people name a symptom, besides its title.
func patternWords(id string) []string {
	switch id {
	case "A":
		return []string{"受信拒否", "拒否", "宛先不明", "エラー", "refused", "rejected", "blocked",
			"user unknown", "error", "即時エラー"}
	case "B":
		return []string{"一時", "再送期限", "不具合", "混雑", "応答しない", "try again", "temporary", "temporarily", "deferred",
			"server down", "timeout", "greylist", "グレイリスト", "タイムアウト"}
	case "C":
		return []string{"返ってき", "戻ってき", "エラーメール", "バウンス", "遅延エラー",
			"時間を置いてエラー", "時間をおいてエラー", "bounce", "came back",
			"returned mail", "undeliver", "転送", "forward"}
	case "D":
		return []string{"届かない", "届いていない", "届きません", "不達", "迷惑メール", "正常",
			"nothing arriv", "not arriv", "never arriv",
			"does not arrive", "not received", "did not get", "missing", "junk", "spam folder"}
	case "E":
		return []string{"エラー画面", "送信できない", "送信エラー", "送れない", "error page",
			"cannot send", "submit", "submission"}
	case "F":
		return []string{"準備中", "進まない", "送信待ち", "preparing", "stuck", "pending", "queue", "waiting"}
	case "G":
		return []string{"mxなし", "ドメイン", "存在しない", "アドレス間違い", "入力誤り", "no mx",
			"domain", "typo", "mistyped", "no such host", "nxdomain"}
	}
	return nil
}

// ReadSymptom understands a letter, a code, a reply or a log line, or words.
func ReadSymptom(c *codes.Catalogue, said string) Symptom {
	text := strings.TrimSpace(norm.NFKC.String(said))
	if p, ok := c.PatternNamed(text); ok {
		return Symptom{Patterns: []string{p.ID}}
	}
	if d, ok := c.Delivery(text); ok {
		return Symptom{Patterns: []string{patternOf(d, false)}, Code: d.ID}
	}
	if k := guide.Read(c, said); k.Reply.Code > 0 || k.Verdict.Delivery.ID != "" && strings.ContainsAny(text, "0123456789") {
		s := Symptom{Patterns: []string{patternOf(k.Verdict.Delivery, k.Verdict.Permanent == codes.No)}, Code: k.Verdict.Delivery.ID}
		if k.Reply.Code > 0 {
			s.Reply = strings.Join(strings.Fields(said), " ")
		}
		return s
	}
	return Symptom{Patterns: patternsNamed(c, strings.ToLower(text))}
}

// patternOf is the pattern of a code. Codes without one are worked through as a
// refusal, or as trouble of the server where they are temporary; what was
// delivered and is asked about did not arrive.
func patternOf(d codes.Delivery, temporary bool) string {
	switch {
	case d.Pattern != "":
		return d.Pattern
	case d.Result == "ok":
		return "D"
	case temporary || strings.HasPrefix(d.ID, "424"):
		return "B"
	}
	return "A"
}

// patternsNamed finds patterns by their words: those with the longest match.
func patternsNamed(c *codes.Catalogue, text string) []string {
	var best []string
	longest := 0
	for _, p := range c.Patterns() {
		names := append([]string{strings.ToLower(p.Title.EN), strings.ToLower(p.Title.JA)}, patternWords(p.ID)...)
		n := 0
		for _, name := range names {
			name = norm.NFKC.String(name)
			if strings.Contains(text, name) || len(text) >= 6 && strings.Contains(name, text) {
				n = max(n, min(len(name), len(text)))
			}
		}
		switch {
		case n > longest:
			best, longest = []string{p.ID}, n
		case n == longest && n > 0:
			best = append(best, p.ID)
		}
	}
	return slices.Clip(best)
}
