package content

import (
	"strings"
	"sync"
	"unicode"
)

// form is one way in which templates write a placeholder.
type form struct {
	kind        string
	open, close string
	inside      func(string) (fits, certain bool) // judges what stands between the marks
	links       bool                              // also in targets of links
}

// forms lists those of common systems; one that begins like another and is longer comes first. Marks are narrow: wide ones are
// folded before.
func forms() []form {
	return []form{
		{"braces", "{{", "}}", expression, true},
		{"tag", "{%", "%}", statement, true},
		{"dollar_braces", "${", "}", variable, true},
		{"dollar_braces", "{$", "}", name, true},
		{"brace_mark", "{!", "}", name, true},
		{"hash_braces", "#{", "}", possible, false},
		{"brace", "{", "}", brace, false},
		{"merge", "*|", "|*", merge, true},
		{"percents", "%%", "%%", percents, true},
		{"percent", "%", "%", percent, false},
		{"dollar", "$[", "]$", expression, true},
		{"program", "[%", "%]", expression, true},
		{"brackets", "[[", "]]", brackets, true},
		{"bracket", "[", "]", bracket, false},
		{"program", "<%", "%>", expression, true},
		{"program", "<?", "?>", php, true},
		{"angles", "<<", ">>", field, false},
		{"quotes", "«", "»", field, false},
		{"dollar", "$", "$", fieldOrPossible, false},
		{"hashes", "###", "###", name, true},
		{"hashes", "##", "##", name, true},
		{"hash", "#", "#", field, false},
		{"ats", "@@", "@@", name, true},
		{"at", "@", "@", field, false},
		{"bars", "||", "||", field, false},
		{"underscores", "__", "__", never, false},
		{"corners", "【", "】", never, false},
		{"corners", "《", "》", never, false},
		{"corners", "「", "」", never, false},
		{"angle", "<", ">", never, false},
		{"parentheses", "(", ")", never, false},
	}
}

// table is forms by the rune that they begin with.
var table = sync.OnceValue(func() map[rune][]form {
	out := map[rune][]form{}
	for _, f := range forms() {
		first := []rune(f.open)[0]
		out[first] = append(out[first], f)
	}
	return out
})

// form looks for a placeholder that begins at a rune, and tells how many runes it has; 0 for none.
func (l *scan) form(at int) int {
	for _, f := range table()[l.folded[at]] {
		if l.link && !f.links || !l.starts(at, f.open) || l.besides(f, at) {
			continue
		}
		to, fits, certain := l.fits(&f, at)
		if !fits {
			continue
		}
		if !l.quoted(at, to) {
			l.found(f.kind, at, to, certain)
		}
		return to - at
	}
	return 0
}

// fits judges a form that begins at a rune, and tells where it ends.
func (l *scan) fits(f *form, at int) (to int, fits, certain bool) {
	from := at + len([]rune(f.open))
	end := l.index(from, f.close)
	if end < 0 {
		return 0, false, false
	}
	to = end + len([]rune(f.close))
	whole := string(l.folded[from:end])
	inside := strings.TrimSpace(whole)
	if f.tight() && len(inside) < len(whole) { // "## heading ##"
		return 0, false, false
	}
	if to < len(l.folded) && f.close == "}}" && l.folded[to] == '}' { // {{{name}}}
		to++
	}
	addressed := l.honoured(to) || l.greeted(at)
	fits, certain = f.inside(inside)
	if !fits && addressed && (isField(inside) || f.kind == "brace" && isNumber(inside)) { // 【氏名】様
		fits = true
	}
	return to, fits, certain || addressed
}

// tight reports a form that has no blanks inside of its marks.
func (f *form) tight() bool {
	switch f.open {
	case "###", "##", "#", "@@", "@", "$", "%":
		return true
	}
	return false
}

// besides reports a mark that is something else by what stands before it: the percent of a number, a price, a path.
func (l *scan) besides(f form, at int) bool {
	if at == 0 {
		return false
	}
	before := l.folded[at-1]
	switch f.kind {
	case "percent", "percents":
		return unicode.IsDigit(before) || before == '%' || before == '\\'
	case "dollar":
		return unicode.IsDigit(before) || before == '$' || before == '\\'
	case "dollar_braces", "brace", "bracket":
		return before == '\\' || before == '/' || before == '='
	case "hashes", "hash", "at":
		return before == '#' || before == '&' || before < 0x80 && (unicode.IsLetter(before) || unicode.IsDigit(before))
	}
	return false
}

func (l *scan) starts(at int, mark string) bool {
	for _, r := range mark {
		if at >= len(l.folded) || l.folded[at] != r {
			return false
		}
		at++
	}
	return true
}

// index is where a mark stands from a rune on, not too far away; -1 where it does not.
func (l *scan) index(from int, mark string) int {
	for i := from; i < len(l.folded) && i <= from+maxInside; i++ {
		if l.starts(i, mark) {
			return i
		}
	}
	return -1
}

// What may stand between two marks.

// expression is a name with filters and a default, as template languages have it: "user.name | default: '様'".
func expression(s string) (fits, certain bool) {
	s = strings.TrimLeft(s, "{#/&>!^=-~")
	s = strings.TrimSpace(s)
	if s == "" || !startsName(s) && s[0] != '.' && s[0] != '$' && s[0] != '"' && s[0] != '\'' {
		return false, false
	}
	return !strings.ContainsAny(s, "{};\\"), true
}

// statement is a command of a template language: "if user.vip", "endfor".
func statement(s string) (fits, certain bool) {
	s = strings.Trim(s, "-~ ")
	word, _, _ := strings.Cut(s, " ")
	return strings.Contains(" if elif elsif else endif for endfor set assign capture endcapture unless endunless case when endcase include "+
		"block endblock extends raw endraw comment endcomment with endwith macro endmacro ", " "+word+" "), true
}

// name is one name, also of several words: "First Name", "氏名".
func name(s string) (fits, certain bool) { return isName(s), true }

// possible is a name that may well be meant as it stands.
func possible(s string) (fits, certain bool) {
	return isName(s) && !strings.Contains(s, " "), isField(s)
}

// variable is a name as programs have it; the variables of a shell are none of a template.
func variable(s string) (fits, certain bool) {
	if strings.Contains(" HOME PATH PWD SHELL TMPDIR IFS ", " "+s+" ") {
		return false, false
	}
	if before, _, ok := strings.Cut(s, "|"); ok { // ${name|default}
		s = strings.TrimSpace(before)
	}
	return isName(s) && !strings.Contains(s, " "), true
}

// merge is a tag of Mailchimp: "FNAME", "IF:FNAME", "END:IF", "LIST:DESCRIPTION".
func merge(s string) (fits, certain bool) {
	s = strings.NewReplacer(":", "", "=", "", " ", "").Replace(s)
	return isName(s), true
}

// field is a name that templates use for what they know of a reader.
func field(s string) (fits, certain bool) { return isField(s), true }

func fieldOrPossible(s string) (fits, certain bool) {
	return isField(s) || len(s) > 2 && isName(s) && !strings.Contains(s, " ") && strings.ContainsAny(s, "_"), isField(s)
}

// percent is a name between two percent signs, which prices and paths of Windows have too.
func percent(s string) (fits, certain bool) {
	if strings.Contains(" path appdata localappdata userprofile programfiles windir systemroot temp tmp username computername comspec "+
		"homepath homedrive programdata allusersprofile public os date time ", " "+strings.ToLower(s)+" ") {
		return false, false
	}
	if isField(s) {
		return true, true
	}
	if len(s) < 3 || !isName(s) || strings.Contains(s, " ") || s[0] >= 0x80 {
		return false, false
	}
	return strings.ToUpper(s) == s || strings.Contains(s, "_"), false
}

// percents is a name, or a program of Salesforce: "%%=v(@name)=%%".
func percents(s string) (fits, certain bool) {
	program := len(s) > 2 && (s[0] == '=' && s[len(s)-1] == '=' || s[0] == '[' && s[len(s)-1] == ']')
	return program || isName(s), true
}

// php is a program of PHP that prints something.
func php(s string) (fits, certain bool) {
	return strings.HasPrefix(s, "=") || strings.HasPrefix(s, "php "), true
}

// brace is a field in braces; the number of a value counts by what stands around it.
func brace(s string) (fits, certain bool) { return isField(s), true }

// brackets is a field, also with a default (Constant Contact) or a source (Mailjet).
func brackets(s string) (fits, certain bool) {
	if first, _, ok := strings.Cut(s, " OR "); ok && isField(first) || strings.HasPrefix(s, "data:") || strings.HasPrefix(s, "var:") {
		return true, true
	}
	return fieldOrPossible(s)
}

// bracket is a field in capitals, "[FIRST NAME]", or one with the marks of a service: a default (Campaign Monitor), a source
// (Benchmark), a form (WordPress). Words of other languages in brackets are labels more often.
func bracket(s string) (fits, certain bool) {
	first, _, fallback := strings.Cut(s, ",fallback=")
	switch {
	case fallback && isField(first), strings.HasPrefix(s, "your-") && isName(s), strings.HasPrefix(s, "contact_attribute:"):
		return true, true
	}
	return isField(s) && s[0] < 0x80 && strings.ToUpper(s) == s && len(s) > 4, false
}

// never is for marks of ordinary texts: what they hold counts by what stands around it.
func never(string) (fits, certain bool) { return false, false }

// isNumber reports the place of a value in a text that a program fills: "{0}".
func isNumber(s string) bool { return s != "" && len(s) < 3 && strings.Trim(s, "0123456789") == "" }

// startsName reports whether a text begins with a letter or "_".
func startsName(s string) bool {
	for _, r := range s {
		return unicode.IsLetter(r) || r == '_'
	}
	return false
}

// isName reports a name: letters, digits and what joins them, at most four words.
func isName(s string) bool {
	if !startsName(s) || len(strings.Fields(s)) > 4 {
		return false
	}
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_.- :ー々・", r) {
			return false
		}
	}
	return true
}
