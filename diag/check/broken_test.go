package check_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// form says how the records of a protocol are written.
type form struct {
	version string // "v=spf1"
	between string // between two parts: " " or "; "
	inside  string // between the name of a part and its value: ":=" or "="
}

// breakage is one thing that people or programs do to a record. It gives the TXT records that stand there afterwards,
// or none where it does not fit the record. Where it takes something away that nobody can guess, cuts is set.
type breakage struct {
	name  string
	cuts  bool
	apply func(r *rand.Rand, record string) []string
}

// brokenRecord is a valid record after one breakage.
type brokenRecord struct {
	breakage
	valid string
	texts []string
}

// breakRecords makes so many broken variants, each breakage in its turn, and always the same ones.
func breakRecords(n int, all []breakage, valid func(*rand.Rand) string) []brokenRecord {
	r := rand.New(rand.NewPCG(7208, 9989))
	out := make([]brokenRecord, 0, n)
	for i := 0; len(out) < n && i < 20*n; i++ {
		b := brokenRecord{breakage: all[i%len(all)], valid: valid(r)}
		if b.texts = b.apply(r, b.valid); b.texts != nil && !slices.Equal(b.texts, []string{b.valid}) {
			out = append(out, b)
		}
	}
	return out
}

// breakages are those that can happen to the records of every protocol.
func breakages(f form) []breakage {
	return slices.Concat(f.betweenParts(), f.insideParts(), f.aroundRecord(), f.ofVersion(), f.ofCopying())
}

// swap is a breakage that writes one occurrence of a text in another way.
func swap(name, old, new string) breakage {
	return breakage{name: name, apply: func(r *rand.Rand, record string) []string { return swapOne(r, record, old, new) }}
}

// swapOne replaces one occurrence of a text, chosen by chance; none where there is no other text than that of the version.
func swapOne(r *rand.Rand, record, old, new string) []string {
	var at []int
	for i := 0; old != "" && i+len(old) <= len(record); i++ {
		if strings.HasPrefix(record[i:], old) {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return nil
	}
	i := at[r.IntN(len(at))]
	return []string{record[:i] + new + record[i+len(old):]}
}

// betweenParts are faults of the separators. A separator is lost with its blank, in another script, doubled, or another one.
func (f form) betweenParts() []breakage {
	mark := strings.TrimSpace(f.between)
	out := []breakage{
		swap("separator lost", f.between, ""),
		swap("separator: comma", f.between, ", "),
		swap("separator: comma alone", f.between, ","),
		swap("separator: no-break space", " ", "\u00a0"),
		swap("separator: full-width space", " ", "\u3000"),
		swap("separator: tab", " ", "\t"),
		swap("separator: line break", " ", "\r\n"),
		swap("separator: doubled", f.between, f.between+f.between),
	}
	if mark == "" {
		return append(out, swap("separator: semicolon", f.between, "; "), swap("separator: semicolon alone", f.between, ";"),
			swap("separator: bar", f.between, " | "), swap("separator: plus", f.between, " + "))
	}
	return append(out, swap("separator: mark lost", mark, ""), swap("separator: full-width mark", mark, "；"),
		swap("separator: escaped mark", mark, `\`+mark), swap("separator: colon", mark, ":"), swap("separator: blank before", mark, " "+mark))
}

// insideParts are faults between the name of a part and its value. The version is left alone.
func (f form) insideParts() []breakage {
	wide := map[rune]string{':': "：", '=': "＝"}
	var out []breakage
	one := func(name string, with func(mark rune) string) {
		out = append(out, breakage{name: name, apply: func(r *rand.Rand, record string) []string {
			head, rest, ok := strings.Cut(record, f.version)
			var marks []rune
			for _, m := range f.inside {
				if strings.ContainsRune(rest, m) {
					marks = append(marks, m)
				}
			}
			if !ok || len(marks) == 0 {
				return nil
			}
			mark := marks[r.IntN(len(marks))]
			return []string{head + f.version + swapOne(r, rest, string(mark), with(mark))[0]}
		}})
	}
	one("inside: blank after", func(m rune) string { return string(m) + " " })
	one("inside: blank before", func(m rune) string { return " " + string(m) })
	one("inside: doubled", func(m rune) string { return string(m) + string(m) })
	one("inside: full-width", func(m rune) string { return wide[m] })
	one("inside: the other one", func(m rune) string { return map[rune]string{':': "=", '=': ":"}[m] })
	one("inside: point", func(rune) string { return "." })
	one("inside: semicolon", func(rune) string { return ";" })
	return out
}

// aroundRecord are quotes and invisible characters around the record, a part or a value.
func (f form) aroundRecord() []breakage {
	var out []breakage
	for _, q := range [][2]string{{`"`, `"`}, {"'", "'"}, {"“", "”"}, {"‘", "’"}, {"「", "」"}, {"„", "“"},
		{"«", "»"}, {"`", "`"}, {`\"`, `\"`}} {
		name := "quotes " + q[0] + q[1]
		out = append(out,
			breakage{name: name + " around the record", apply: func(_ *rand.Rand, s string) []string { return []string{q[0] + s + q[1]} }},
			breakage{name: name + " around a part", apply: func(r *rand.Rand, s string) []string {
				parts := strings.Split(s, f.between)
				i := r.IntN(len(parts))
				parts[i] = q[0] + parts[i] + q[1]
				return []string{strings.Join(parts, f.between)}
			}},
			breakage{name: name + " around a value", apply: func(r *rand.Rand, s string) []string {
				parts := strings.Split(s, f.between)
				i := r.IntN(len(parts))
				at := strings.IndexAny(parts[i], f.inside)
				if at < 0 || i == 0 {
					return nil
				}
				parts[i] = parts[i][:at+1] + q[0] + parts[i][at+1:] + q[1]
				return []string{strings.Join(parts, f.between)}
			}})
	}
	for name, s := range map[string]string{"blank": " ", "tab": "\t", "byte order mark": "\ufeff", "zero-width space": "\u200b",
		"no-break space": "\u00a0", "full-width space": "\u3000", "SPF: ": "SPF: ", "TXT ": "TXT ", "quote": `"`} {
		out = append(out, breakage{name: name + " before the record", apply: func(_ *rand.Rand,
			record string) []string {
			return []string{s + record}
		}})
	}
	for _, s := range []string{".", ",", ";", "。", `"`, "\u200b", "\u00a0", "\n"} {
		out = append(out, breakage{name: "behind the record: " + s, apply: func(_ *rand.Rand,
			record string) []string {
			return []string{record + s}
		}})
	}
	slices.SortFunc(out, func(a, b breakage) int { return strings.Compare(a.name, b.name) })
	return out
}

// ofVersion are faults of the first part.
func (f form) ofVersion() []breakage {
	name, value, _ := strings.Cut(f.version, "=")
	var out []breakage
	for _, v := range []string{name + " = " + value, name + "= " + value, name + ":" + value, value,
		strings.TrimRight(f.version, "0123456789"),
		name + "=" + value[:len(value)-1] + " 1", name + "=" + value[:len(value)-1] + "l", name + "=" + value[:len(value)-1] + "2",
		name + "＝" + value, name + "-" + value, name + value, f.version + ".0", f.version + f.between + f.version, f.version + "0"} {
		out = append(out, swap("version: "+v, f.version, v))
	}
	return append(out,
		breakage{name: "version: upper case", apply: func(_ *rand.Rand, s string) []string {
			return []string{strings.Replace(s, f.version, strings.ToUpper(f.version), 1)}
		}},
		breakage{name: "version: glued", apply: func(_ *rand.Rand, s string) []string {
			return []string{strings.Replace(s, f.version+f.between, f.version, 1)}
		}},
		breakage{name: "version: comma behind", apply: func(_ *rand.Rand, s string) []string {
			return []string{strings.Replace(s, f.version+f.between, f.version+", ", 1)}
		}},
		breakage{name: "version: missing", apply: func(_ *rand.Rand, s string) []string {
			return []string{strings.Replace(s, f.version+f.between, "", 1)}
		}})
}

// ofCopying are faults of copying and pasting: cut, doubled, glued, in another width or case.
func (f form) ofCopying() []breakage {
	part := func(name string, change func(r *rand.Rand, parts []string, i int) []string) breakage {
		return breakage{name: name, apply: func(r *rand.Rand, s string) []string {
			parts := strings.Split(s, f.between)
			if len(parts) < 2 {
				return nil
			}
			return []string{strings.Join(change(r, parts, 1+r.IntN(len(parts)-1)), f.between)}
		}}
	}
	return []breakage{
		{name: "cut at the end", cuts: true, apply: func(r *rand.Rand, s string) []string {
			return []string{s[:len(f.version)+r.IntN(len(s)-len(f.version))]}
		}},
		{name: "cut at the beginning", cuts: true, apply: func(r *rand.Rand,
			s string) []string {
			return []string{s[1+r.IntN(len(f.version)):]}
		}},
		{name: "twice, glued", apply: func(_ *rand.Rand, s string) []string { return []string{s + s} }},
		{name: "twice, in one record", apply: func(_ *rand.Rand, s string) []string { return []string{s + f.between + s} }},
		{name: "twice, one in upper case", apply: func(_ *rand.Rand, s string) []string { return []string{s, strings.ToUpper(s)} }},
		part("two records with a part less", func(_ *rand.Rand, parts []string,
			i int) []string {
			return slices.Delete(slices.Clone(parts), i, i+1)
		}).and(),
		part("a part twice", func(_ *rand.Rand, parts []string, i int) []string { return slices.Insert(parts, i, parts[i]) }),
		part("a part in upper case", func(_ *rand.Rand, parts []string, i int) []string {
			parts[i] = strings.ToUpper(parts[i])
			return parts
		}),
		part("a part in full width", func(_ *rand.Rand, parts []string, i int) []string {
			parts[i] = fullWidth(parts[i])
			return parts
		}),
		{name: "all in full width", apply: func(_ *rand.Rand, s string) []string { return []string{fullWidth(s)} }},
		part("the last part first", func(_ *rand.Rand, parts []string, _ int) []string {
			last := parts[len(parts)-1]
			return slices.Insert(parts[:len(parts)-1], 1, last)
		}),
		part("a zero-width space", func(r *rand.Rand, parts []string, i int) []string {
			at := r.IntN(len(parts[i]) + 1)
			parts[i] = parts[i][:at] + "\u200b" + parts[i][at:]
			return parts
		}),
		part("brackets around a part", func(_ *rand.Rand, parts []string, i int) []string {
			parts[i] = "<" + parts[i] + ">"
			return parts
		}),
		swap("a dash for the hyphen", "-", "–"), swap("a long dash for the hyphen", "-", "—"),
		swap("a minus sign for the hyphen", "-", "−"),
	}
}

// and leaves the valid record beside what a breakage makes of it.
func (b breakage) and() breakage {
	apply := b.apply
	b.apply = func(r *rand.Rand, record string) []string { return append([]string{record}, apply(r, record)...) }
	return b
}

// fullWidth writes ASCII as a Japanese keyboard may give it.
func fullWidth(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '\u3000'
		case '!' <= r && r <= '~':
			return r + 0xfee0
		}
		return r
	}, s)
}

// TestBrokenRecords: the generator gives each fault, always the same variants, and never the valid record itself.
func TestBrokenRecords(t *testing.T) {
	t.Parallel()
	f := form{version: "v=spf1", between: " ", inside: ":="}
	valid := func(*rand.Rand) string { return "v=spf1 include:a-b.test ip4:192.0.2.1 -all" }
	all := breakages(f)
	first, second := breakRecords(20*len(all), all, valid), breakRecords(20*len(all), all, valid)
	seen := map[string]bool{}
	for i, b := range first {
		seen[b.name] = true
		if !slices.Equal(b.texts, second[i].texts) {
			t.Errorf("%s differs from run to run: %q, %q", b.name, b.texts, second[i].texts)
		}
		if len(b.texts) == 1 && b.texts[0] == b.valid {
			t.Errorf("%s breaks nothing", b.name)
		}
	}
	for _, b := range all {
		if !seen[b.name] {
			t.Errorf("%s was never made", b.name)
		}
	}
}
