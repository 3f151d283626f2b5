package usage

import "strings"

// TextBehind puts arguments that are pasted text and begin with a dash ("-Queue ID- …", "--> RCPT To:<…>") behind "--", so that
// none is taken for a flag. A text that may be the value of the flag before it stays where it is.
func TextBehind(args []string) []string {
	var words, texts []string
	for i, a := range args {
		if a == "--" {
			return args
		}
		if i > 0 && isText(a) && (!strings.HasPrefix(args[i-1], "-") || isText(args[i-1])) {
			texts = append(texts, a)
		} else {
			words = append(words, a)
		}
	}
	if texts == nil {
		return args
	}
	return append(append(words, "--"), texts...)
}

// isText reports whether an argument begins with a dash and is no flag: a flag has no space before its value.
func isText(a string) bool {
	if !strings.HasPrefix(a, "-") || len(a) > 2 && a[1] == '-' && (a[2] >= 'a' && a[2] <= 'z') {
		return false
	}
	space := strings.IndexAny(a, " \t\n")
	return space > 0 && !strings.Contains(a[:space], "=")
}
