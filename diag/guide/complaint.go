package guide

import (
	"slices"
	"strings"
	"unicode"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
)

// complaint is something that receivers refuse a mail for, and the rules whose breach shows it.
type complaint struct {
	what    codes.Text // "the mail: …"
	words   []string   // of replies that name it, in lower case: single words, or phrases
	reasons []string   // of replies that name nothing
	rules   []*diag.Rule
	exact   bool     // only the octets as they were sent show it: a copy that came back may have others
	steps   []string // remedies; nil: those of the cause
}

// complaints lists them. A reply that names one is about it alone; else its reason decides.
func complaints() []complaint {
	return slices.Concat(complaintsOfContent(), complaintsOfHeader(), complaintsOfForm())
}

func complaintsOfContent() []complaint {
	return []complaint{
		{what: codes.Text{EN: "a file of a kind that receivers refuse", JA: "受信側が拒否する種類の添付ファイル"},
			words: []string{"attachment", "executable", "security issue", "file", "添付"}, reasons: []string{"content_refused", "virus"},
			rules: []*diag.Rule{check.ContentFileRefused}},
		{what: codes.Text{EN: "an archive with a password", JA: "パスワード付きの圧縮ファイル"},
			words: []string{"password", "encrypted", "archive", "パスワード", "暗号化"}, rules: []*diag.Rule{check.ContentFileLocked}},
		{what: codes.Text{EN: "a file with macros", JA: "マクロ付きのファイル"}, words: []string{"macro", "マクロ"},
			rules: []*diag.Rule{check.ContentFileMacros}},
		{what: codes.Text{EN: "a link that receivers distrust", JA: "受信側が警戒するリンク"},
			words: []string{"url", "uri", "link", "hyperlink", "shortener", "リンク"},
			rules: []*diag.Rule{check.ContentLinkShort, check.ContentLinkIP, check.ContentLinkLookalike, check.ContentLinkDisguised,
				check.ContentLinkElsewhere, check.ContentLinkProgram}},
		{what: codes.Text{EN: "a link without encryption", JA: "暗号化されていないリンク(http)"},
			words: []string{"http link", "http url", "insecure link", "insecure url", "unencrypted link"},
			rules: []*diag.Rule{check.ContentLinkHTTP}},
		{what: codes.Text{EN: "how its readers can unsubscribe", JA: "配信停止の手段の不備"},
			words: []string{"unsubscribe", "one-click", "rfc 8058", "rfc8058", "配信停止"},
			rules: []*diag.Rule{check.ContentUnsubscribeNone, check.ContentUnsubscribeAdvised, check.ContentUnsubscribeClick,
				check.ContentUnsubscribeMultiple, check.ContentUnsubscribeSyntax, check.ContentUnsubscribeUnsigned}},
		{what: codes.Text{EN: "a placeholder that nobody filled in", JA: "置き換えられていない差し込み項目"},
			words: []string{"placeholder", "template"}, reasons: []string{"spam", "content_refused"},
			rules: []*diag.Rule{check.ContentPlaceholder, check.ContentNameMissing, check.ContentProgramValue}},
	}
}

// mendForm is the remedy against faults of form.
func mendForm() []string { return []string{"fix_message_format"} }

func complaintsOfHeader() []complaint {
	return []complaint{
		{what: codes.Text{EN: "the field From", JA: "Fromヘッダーの不備"}, steps: mendForm(),
			words: []string{"from header", "from:", "from field", "from address", "in from", "multiple from", "5322.from", "section 3.6.2"},
			rules: []*diag.Rule{check.HeadersFromMissing, check.HeadersFromMultiple, check.HeadersFromInvalid, check.HeadersFromSeveral,
				check.HeadersSenderMissing}},
		{what: codes.Text{EN: "the field Message-ID", JA: "Message-IDヘッダーの不備"}, words: []string{"message-id", "message id", "messageid"},
			rules: []*diag.Rule{check.HeadersMessageIDMissing, check.HeadersMessageIDInvalid}, steps: mendForm()},
		{what: codes.Text{EN: "the field Date", JA: "Dateヘッダーの不備"}, words: []string{"date header", "date:", "date field"},
			rules: []*diag.Rule{check.HeadersDateMissing, check.HeadersDateInvalid, check.HeadersDateFuture}, steps: mendForm()},
		{what: codes.Text{EN: "fields that stand in it twice", JA: "ヘッダーの重複"},
			words: []string{"duplicate", "duplicated", "multiple header", "multiple from", "more than one"},
			rules: []*diag.Rule{check.HeadersDuplicate, check.HeadersFromMultiple}, steps: mendForm()},
		{what: codes.Text{EN: "the size of its header", JA: "ヘッダーの大きさ"}, words: []string{"header size", "headers too large", "header too large"},
			rules: []*diag.Rule{check.HeadersLarge, check.HeadersFieldLong}, steps: mendForm()},
		{what: codes.Text{EN: "octets beyond ASCII", JA: "ASCII以外の文字の不備"}, words: []string{"8bit", "8-bit", "non-ascii", "unicode", "smtputf8",
			"encoded-word", "encoded word"}, steps: mendForm(),
			rules: []*diag.Rule{check.HeadersRawUTF8, check.HeadersRaw8Bit, check.HeadersEncodedWord, check.Headers7Bit}},
		{what: codes.Text{EN: "its subject", JA: "件名がないこと"}, words: []string{"empty subject", "missing subject", "no subject", "subject is required"},
			rules: []*diag.Rule{check.HeadersSubjectEmpty}, steps: mendForm()},
	}
}

func complaintsOfForm() []complaint {
	return []complaint{
		{what: codes.Text{EN: "lines that are too long", JA: "長すぎる行"}, words: []string{"line too long", "lines too long", "line length", "lines are longer",
			"998", "long lines"}, rules: []*diag.Rule{check.HeadersLineLong}, steps: mendForm()},
		{what: codes.Text{EN: "line ends", JA: "改行コードの不備"}, words: []string{"bare lf", "bare linefeed", "bare newline", "bare cr", "bare line feed",
			"stray newline", "lone lf"}, rules: []*diag.Rule{check.HeadersLineEnds}, steps: mendForm(), exact: true},
		{what: codes.Text{EN: "NUL characters", JA: "NUL文字"}, words: []string{"nul", "null character"},
			rules: []*diag.Rule{check.HeadersNUL}, steps: mendForm()},
		{what: codes.Text{EN: "the structure of its parts", JA: "MIMEの構造の不備"}, words: []string{"mime", "malformed", "corrupt", "boundary"},
			rules: []*diag.Rule{check.HeadersMIMEVersion, check.HeadersContentType, check.HeadersBoundary, check.HeadersBoundaryOpen,
				check.HeadersTransfer, check.HeadersTransferParts, check.HeadersTransferBroken}, steps: mendForm(), exact: true},
		{what: codes.Text{EN: "its charset", JA: "文字コードの指定の不備"}, words: []string{"charset", "character set", "文字コード"},
			rules: []*diag.Rule{check.HeadersCharset, check.HeadersCharsetMissing, check.HeadersCharsetUnknown}, steps: mendForm(), exact: true},
		{what: codes.Text{EN: "its form", JA: "メールの形式の不備"}, reasons: []string{"message_format"}, steps: mendForm(),
			rules: []*diag.Rule{check.HeadersFromMissing, check.HeadersFromMultiple, check.HeadersFromInvalid, check.HeadersSenderMissing,
				check.HeadersMessageIDMissing, check.HeadersDateMissing, check.HeadersDateInvalid, check.HeadersDuplicate, check.HeadersNUL,
				check.HeadersLineLong, check.HeadersFieldLong, check.HeadersRaw8Bit, check.HeadersBoundary}},
	}
}

// complained are the complaints that an error may be about: those that the words of the server name, else those of its reason.
func (v contentView) complained() []complaint {
	said := unlinked(v.Reply.Text())
	var named, meant []complaint
	for _, c := range complaints() {
		if slices.ContainsFunc(c.words, func(w string) bool { return hasWord(said, w) }) {
			named = append(named, c)
		}
		if slices.ContainsFunc(c.reasons, func(r string) bool { return slices.Contains(v.reasons, r) }) {
			meant = append(meant, c)
		}
	}
	if len(named) > 0 {
		return named
	}
	return meant
}

// unlinked is a reply in lower case without the addresses of pages in it.
func unlinked(text string) string {
	words := strings.Fields(strings.ToLower(text))
	words = slices.DeleteFunc(words, func(w string) bool { return strings.Contains(w, "://") || strings.HasPrefix(w, "www.") })
	return strings.Join(words, " ")
}

// hasWord reports whether a text has a word or a phrase, with nothing of a word around it but the s of a plural.
func hasWord(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		i += from
		before, after := text[:i], strings.TrimPrefix(text[i+len(word):], "s")
		if !endsWord(before) && !beginsWord(after) || word[0] >= 0x80 {
			return true
		}
		from = i + 1
	}
}

func endsWord(s string) bool {
	return s != "" && isWordRune(rune(s[len(s)-1]))
}

func beginsWord(s string) bool { return s != "" && isWordRune(rune(s[0])) }

func isWordRune(r rune) bool { return r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// shownBy are the findings about the mail that show a complaint.
func (v contentView) shownBy(c complaint) (out []diag.Finding) {
	if v.mail.form == nil || c.exact && v.Message.Returned {
		return nil
	}
	for i := range v.mail.form.Results {
		for _, f := range v.mail.form.Results[i].Found(c.rules...) {
			if len(out) < maxShown && !(v.Message.HeaderOnly && ofBody(f.Rule)) {
				out = append(out, f)
			}
		}
	}
	return out
}

// maxShown is how many findings of one mail a cause tells.
const maxShown = 5

// ofBody reports whether a rule says nothing of a mail whose body is missing.
func ofBody(r *diag.Rule) bool {
	return slices.Contains([]*diag.Rule{check.HeadersNUL, check.HeadersLineLong, check.HeadersBoundary, check.HeadersRaw8Bit,
		check.Headers7Bit, check.ContentUnsubscribeText}, r)
}
