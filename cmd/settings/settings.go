// Package settings reads the config file, todoku.yaml: values of flags, what is known of domains, and rules that may be broken
// for a time.
//
//	file, faults := settings.Parse("todoku.yaml", data, parsers)
//
// Faults are all that is wrong with the file, each with line and column. Which flags there are, and which values each takes,
// is not known here: the commands look at the values at the top.
package settings

import (
	"slices"
	"time"

	"todoku/codes"
	"todoku/diag"
)

// Name is the name under which the file is found in the working directory.
const Name = "todoku.yaml"

// MaxFile is the largest config file, in octets.
const MaxFile = 256 << 10

// File is a config file. A nil File is one that says nothing.
type File struct {
	Name       string
	Flags      []Value // those at the top, in the order of the file
	Domains    []Domain
	Exceptions []diag.Exception // those at the top and those of the domains, in the order of the file

	exceptionsAt []place
}

// Value is what a key says: the values of a flag, as they would be typed.
type Value struct {
	Key   string // as the file calls it: "ips"
	Flag  string // "ip"
	Texts []string
	Place string // of the key: "todoku.yaml:3:1"

	at place
}

// Fault is the fault of a value that a command refuses.
func (v Value) Fault(err error) Fault {
	return Fault{UserError: *refusal(v.at, err), Line: v.at.line, Column: v.at.column}
}

// Domain is what the file says of one domain.
type Domain struct {
	Target diag.Target
	Place  string
	Values []Value
}

// Parsers read values. Their errors are *codes.UserError.
type Parsers struct {
	Domain func(string) (diag.Target, error)
	Values map[string]func(string) error // of the keys of a domain, by the name of the flag
}

// Fault is something that is wrong with a config file, or a warning.
type Fault struct {
	codes.UserError
	Line, Column int // 0: the file as a whole
	Warning      bool
}

// Flag is the value of a flag at the top.
func (f *File) Flag(name string) (Value, bool) {
	if f == nil {
		return Value{}, false
	}
	return find(f.Flags, name)
}

// First is the first value of a flag at the top, "" if the file does not have it.
func (f *File) First(flag string) string {
	if v, ok := f.Flag(flag); ok && len(v.Texts) > 0 {
		return v.Texts[0]
	}
	return ""
}

// UnknownKeys are the faults of keys at the top that are none of these flags.
func (f *File) UnknownKeys(flags []string) []Fault {
	var out []Fault
	for _, v := range f.Flags {
		if slices.Contains(flags, v.Flag) {
			continue
		}
		out = append(out, v.at.fault(unknownKey(v.Key), codes.DidYouMean(v.Key, "", append([]string{domainsKey, ignoreKey}, flags...),
			codes.Say(codes.Text{EN: "a key is the name of a flag without its dashes, domains or ignore",
				JA: "キーには、先頭のハイフンを除いたフラグ名、domains、ignore のいずれかを書いてください"}))))
	}
	return out
}

func find(list []Value, flag string) (Value, bool) {
	i := slices.IndexFunc(list, func(v Value) bool { return v.Flag == flag })
	if i < 0 {
		return Value{}, false
	}
	return list[i], true
}

// Domain is what the file says of a domain, named in ASCII; nil where it says nothing.
func (f *File) Domain(ascii string) *Domain {
	if f == nil {
		return nil
	}
	for i := range f.Domains {
		if f.Domains[i].Target.ASCII == ascii {
			return &f.Domains[i]
		}
	}
	return nil
}

// Value is what a domain says of a flag.
func (d *Domain) Value(flag string) (Value, bool) {
	if d == nil {
		return Value{}, false
	}
	return find(d.Values, flag)
}

// Warnings are about exceptions that have ended, and those that hold for more than a year.
func (f *File) Warnings(now time.Time) []Fault {
	var out []Fault
	for i, e := range f.Exceptions {
		at := f.exceptionsAt[i]
		switch {
		case e.Ended(now):
			out = append(out, at.warning(codes.Say(codes.Text{EN: "the exception of {rule} ended on {until}", JA: "{rule} の除外は {until} で終了しました"},
				codes.Str("rule", e.Rule), codes.Str("until", e.Until)), codes.Text{
				EN: "remove it, or agree anew and give it a later day", JA: "この除外を削除するか、改めて合意のうえ新しい期限を書いてください"}))
		case e.Until > now.AddDate(1, 0, 0).Format(diag.DateForm):
			out = append(out, at.warning(codes.Say(codes.Text{
				EN: "the exception of {rule} holds for more than a year, until {until}", JA: "{rule} の除外の期限が1年以上先です({until})"},
				codes.Str("rule", e.Rule), codes.Str("until", e.Until)), codes.Text{
				EN: "give it a day on which somebody looks at it again", JA: "見直しを行う日を期限にしてください"}))
		}
	}
	return out
}
