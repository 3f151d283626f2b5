package mailbox

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"
)

// Order puts rotated logs among the names of files in the order of time: mail.log.2.gz, mail.log.1, mail.log. What a shell
// makes of mail.log* is the other way round. Names that do not belong together stay where they are. changed reports whether
// it made a difference.
func Order(names []string) (out []string, changed bool) {
	groups := map[string][]string{}
	for _, n := range names {
		k := groupOf(n)
		groups[k] = append(groups[k], n)
	}
	for _, n := range names {
		g := groups[groupOf(n)]
		delete(groups, groupOf(n))
		slices.SortStableFunc(g, compareNames)
		out = append(out, g...)
	}
	return out, !slices.Equal(out, names)
}

// groupOf is what all rotated files of one log have in common.
func groupOf(name string) string {
	if strings.Contains(name, "://") || name == "-" {
		return name
	}
	return filepath.Join(filepath.Dir(name), rotationOf(filepath.Base(name)).stem)
}

// rotation is what a file name tells of its place among the rotated files of a log.
type rotation struct {
	stem string
	kind int    // 0 a date, 1 a number, 2 the log that is being written
	date string // of kind 0, older first
	n    int    // of kind 1, older is higher
}

const (
	rotatedByDate = iota
	rotatedByNumber
	current
)

// rotationOf reads mail.log.2.gz (logrotate, newsyslog) and maillog-20260101.gz (logrotate with dateext).
func rotationOf(base string) rotation {
	stem := base
	for _, packed := range []string{".gz", ".bz2", ".xz", ".zst"} {
		stem = strings.TrimSuffix(stem, packed)
	}
	head := strings.TrimRight(stem, "0123456789")
	digits := stem[len(head):]
	if head == "" || digits == "" {
		return rotation{stem: stem, kind: current}
	}
	switch mark := head[len(head)-1]; {
	case len(head) > 1 && mark == '.' && len(digits) <= 3:
		n := 0
		for _, c := range digits {
			n = n*10 + int(c-'0')
		}
		return rotation{stem: head[:len(head)-1], kind: rotatedByNumber, n: n}
	case len(head) > 1 && (mark == '-' || mark == '.') && (len(digits) == 8 || len(digits) == 10 || len(digits) == 14):
		return rotation{stem: head[:len(head)-1], kind: rotatedByDate, date: digits}
	}
	return rotation{stem: stem, kind: current}
}

// compareNames orders the files of a directory: by name, numbers in it by their value, rotated logs by time.
func compareNames(a, b string) int {
	x, y := rotationOf(filepath.Base(a)), rotationOf(filepath.Base(b))
	return cmp.Or(natural(x.stem, y.stem), cmp.Compare(x.kind, y.kind), cmp.Compare(x.date, y.date), cmp.Compare(y.n, x.n),
		strings.Compare(a, b))
}

// natural compares texts in which numbers count by their value: 2.eml comes before 10.eml.
func natural(a, b string) int {
	for a != "" && b != "" {
		if !digit(a[0]) || !digit(b[0]) {
			if a[0] != b[0] {
				return cmp.Compare(a[0], b[0])
			}
			a, b = a[1:], b[1:]
			continue
		}
		x, y := number(a), number(b)
		a, b = a[len(x):], b[len(y):]
		x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
		if c := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// number is the digits that s begins with.
func number(s string) string {
	n := 0
	for n < len(s) && digit(s[n]) {
		n++
	}
	return s[:n]
}
