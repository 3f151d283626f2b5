package mcp

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"todoku/cmd/app"
	"todoku/codes"
)

// The bounds of values.
const (
	maxValue = 4 << 10 // octets of one; a record of DNS has less
	maxList  = 100     // values of one field
)

// line is a call as a command line.
type line struct {
	args  []string      // behind the name of the program
	stdin string        // what the command reads
	again codes.Command // for a person; the zero one where a value cannot stand in a command
	lost  bool          // it cannot: without it the command would ask for something else
	zone  string        // of the plan
	named string        // the domain
}

// read makes a command line of the arguments of a call. The error is a *codes.UserError that names the field.
func (t tool) read(raw json.RawMessage) (line, error) {
	var given map[string]json.RawMessage
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &given); err != nil {
			return line{}, codes.Wrong(codes.Say(codes.Text{EN: "the arguments are no JSON object", JA: "引数がJSONオブジェクトではありません"}), codes.Message{})
		}
	}
	var names []string
	for _, f := range t.fields {
		names = append(names, f.name)
	}
	for name := range given {
		if !slices.Contains(names, name) {
			return line{}, codes.Wrong(codes.Say(codes.Text{EN: "{tool} has no argument {name}", JA: "{tool} に {name} という引数はありません"},
				codes.Str("tool", t.name), codes.QuotedStart("name", name, 60)),
				codes.DidYouMean(name[:min(len(name), 60)], "", names, codes.Say(codes.Text{EN: "arguments: {names}", JA: "引数: {names}"}, codes.List("names", names))))
		}
	}
	l := line{again: t.command}
	words := slices.Clone(t.command.Words)
	var last []string
	for _, f := range t.fields {
		value, is := given[f.name]
		if !is || string(value) == "null" {
			if f.required {
				return line{}, codes.At(f.name, codes.Wrong(codes.Say(codes.Text{EN: "this argument is missing", JA: "この引数は必須です"}), codes.Say(f.says)))
			}
			continue
		}
		more, behind, err := f.take(value, &l)
		if err != nil {
			return line{}, codes.At(f.name, err)
		}
		words, last = append(words, more...), append(last, behind...)
	}
	if err := l.withPlan(&words, t); err != nil {
		return line{}, err
	}
	if l.lost {
		l.again = codes.Command{}
	}
	l.args = slices.Concat(words, []string{"--"}, last)
	return l, nil
}

// take reads one value: the flags that it makes, and what stands behind them. It adds the value to the command that repeats
// the call.
func (f field) take(raw json.RawMessage, l *line) (flags, behind []string, err error) {
	switch f.kind {
	case on:
		set, err := decoded[bool](raw, codes.Text{EN: "true or false", JA: "true または false"})
		if err != nil || !set {
			return nil, nil, err
		}
		l.again = l.again.And(codes.Command{Args: []codes.Arg{{Flag: f.flag}}})
		return []string{f.flag}, nil, nil
	case number:
		n, err := decoded[int64](raw, codes.Text{EN: "a whole number", JA: "整数"})
		if err != nil {
			return nil, nil, err
		}
		return f.flags(l, strconv.FormatInt(n, 10)), nil, nil
	case list:
		flags, err = f.takeList(raw, l)
		return flags, nil, err
	}
	value, err := decoded[string](raw, codes.Text{EN: "a string", JA: "文字列"})
	if err == nil && f.kind != text && f.kind != plan {
		err = checkValue(value)
	}
	switch {
	case err != nil:
		return nil, nil, err
	case f.kind == text:
		return nil, []string{"-"}, f.takeText(value, l)
	case f.kind == plan:
		return nil, nil, f.checkText(value, l)
	case f.kind == zone:
		l.zone, err = app.ParseDomain(value)
		return nil, nil, err
	case f.kind == domain:
		t, err := app.DomainTarget(value)
		if err == nil && !f.place.Takes(t.Name) { // "-" is standard input
			err = codes.Wrong(codes.Say(codes.Text{EN: "{value} is not a domain name", JA: "{value} はドメイン名ではありません"}, codes.QuotedStart("value", value, 80)), codes.Say(f.says))
		}
		l.again = l.again.And(codes.Command{Args: []codes.Arg{codes.Arg{Place: f.place}.With(t.Name)}})
		l.named = t.ASCII
		return nil, []string{t.ASCII}, err
	case len(f.words) > 0:
		if value, err = app.OneOf(f.words...)(value); err != nil {
			return nil, nil, err
		}
	}
	return f.flags(l, value), nil, nil
}

// takeList reads a list of values.
func (f field) takeList(raw json.RawMessage, l *line) (flags []string, err error) {
	values, err := decoded[[]string](raw, codes.Text{EN: "a list of strings", JA: "文字列のリスト"})
	switch {
	case err != nil:
		return nil, err
	case len(values) > maxList:
		return nil, codes.Wrong(codes.Say(codes.Text{EN: "more than {n} values", JA: "値が{n}個を超えています"}, codes.Num("n", maxList)),
			codes.Say(codes.Text{EN: "divide the call", JA: "呼び出しを分けてください"}))
	case f.required && len(values) == 0:
		return nil, codes.Wrong(codes.Say(codes.Text{EN: "the list is empty", JA: "リストが空です"}), codes.Say(f.says))
	}
	for _, v := range values {
		if err := checkValue(v); err != nil {
			return nil, err
		}
		flags = append(flags, f.flags(l, v)...)
	}
	return flags, nil
}

// decoded reads a value of a kind; want says which, for people.
func decoded[T any](raw json.RawMessage, want codes.Text) (v T, err error) {
	if json.Unmarshal(raw, &v) != nil {
		return v, codes.Wrong(codes.Say(codes.Text{EN: "the value is of another kind", JA: "値の種類が異なります"}),
			codes.Say(codes.Text{EN: "give {kind}", JA: "{kind}を指定してください"}, codes.Words("kind", want)))
	}
	return v, nil
}

// takeText takes what the command reads. In the command that repeats the call it stands itself where it is one line of a
// reply, else the name of a file that the reader has to make.
func (f field) takeText(value string, l *line) error {
	if err := f.checkText(value, l); err != nil {
		return err
	}
	line, isReply := strings.TrimSpace(value), f.limit == maxReply || f.limit == maxCase
	arg := codes.Arg{Place: codes.PlaceFile}
	if isReply && codes.PlaceReply.Takes(line) {
		arg = codes.Arg{Place: codes.PlaceReply}.With(line)
	}
	l.again = l.again.And(codes.Command{Args: []codes.Arg{arg}})
	return nil
}

// withPlan adds the flag of a plan, which the command reads from standard input. A change has to be meant in one way or the
// other.
func (l *line) withPlan(words *[]string, t tool) error {
	if !slices.ContainsFunc(t.fields, func(f field) bool { return f.kind == plan }) {
		return nil
	}
	if l.stdin == "" {
		if slices.ContainsFunc(*words, func(w string) bool { return strings.HasPrefix(w, "--set=") }) {
			return nil
		}
		return codes.Wrong(codes.Say(codes.Text{EN: "no change is given", JA: "変更内容が指定されていません"}),
			codes.Say(codes.Text{EN: "give records or plan", JA: "records または plan を指定してください"}))
	}
	zone := cmp.Or(l.zone, l.named) + "="
	*words = append(*words, "--plan="+zone+"-")
	l.again = l.again.And(codes.Command{Args: []codes.Arg{{Flag: "--plan", Label: zone, Place: codes.PlaceFile}}})
	return nil
}

// checkText takes a text within its bound.
func (f field) checkText(value string, l *line) error {
	switch {
	case len(value) > f.limit:
		return codes.Wrong(codes.Say(codes.Text{EN: "it is larger than the {size} that are read", JA: "読み取れる上限({size})を超えています"}, codes.Str("size", app.FormatSize(int64(f.limit)))),
			codes.Say(codes.Text{EN: "give only the part about the error", JA: "エラーに関する部分だけを渡してください"}))
	case strings.TrimSpace(value) == "":
		return codes.Wrong(codes.Say(codes.Text{EN: "it is empty", JA: "中身が空です"}), codes.Say(f.says))
	}
	l.stdin = value
	return nil
}

// flags is the flag with a value, in one word: whatever the value is, it becomes no flag.
func (f field) flags(l *line, value string) []string {
	arg := codes.Arg{Flag: f.flag, Place: f.place}.With(value)
	l.lost = l.lost || arg.Open()
	l.again = l.again.And(codes.Command{Args: []codes.Arg{arg}})
	return []string{f.flag + "=" + value}
}

// checkValue refuses what is too long for a value.
func checkValue(v string) error {
	if len(v) > maxValue {
		return codes.Wrong(codes.Say(codes.Text{EN: "a value is longer than {size}", JA: "値が{size}を超えています"}, codes.Str("size", app.FormatSize(maxValue))), codes.Message{})
	}
	return nil
}
