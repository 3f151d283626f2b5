package watch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"todoku/cmd/app"
	"todoku/cmd/lists"
	"todoku/codes"
)

// names reads the names of domains: arguments, lists, and columns of CSV. What is no domain is told with its place and passed
// over.
type names struct {
	app    *app.App
	column string // of CSV, by its name or number; "": the first that is called domain, else the first one
	bad    int    // lines that name no domain
	read   int    // names
	err    error  // what ended a list early
}

// source is one argument that was opened.
type source struct {
	name  string // of the list
	list  io.ReadCloser
	csv   bool
	ascii string // of a single name
}

// open understands NAME, @FILE and -, or with files the names of files, and opens all of them before any work.
func (n *names) open(ctx context.Context, args []string, files bool) (all []source, err error) {
	defer func() {
		if err != nil {
			closeAll(all)
		}
	}()
	for _, arg := range args {
		file, isList := strings.CutPrefix(arg, "@")
		if !isList && arg != "-" && !files {
			ascii, err := app.ParseDomain(arg)
			if err != nil {
				return all, err
			}
			all = append(all, source{ascii: ascii})
			continue
		}
		in, err := n.app.Open(ctx, file, app.Want{Text: true})
		if err != nil {
			return all, n.app.ReadError(file, err, codes.Text{EN: "the list cannot be read", JA: "リストを読めません"},
				codes.Text{EN: "give a file with one domain a line, or a CSV file", JA: "1行に1ドメインを書いたファイル、またはCSVファイルを指定してください"})
		}
		name := file
		if name == "-" {
			name = "stdin"
		}
		all = append(all, source{name: name, list: in, csv: n.column != "" || strings.HasSuffix(strings.ToLower(file), ".csv")})
	}
	return all, nil
}

func closeAll(all []source) {
	for _, s := range all {
		if s.list != nil {
			_ = s.list.Close()
		}
	}
}

// each yields the names in ASCII until they end.
func (n *names) each(ctx context.Context, all []source) func(func(string) bool) {
	return func(yield func(string) bool) {
		defer closeAll(all)
		take := func(ascii string) bool { n.read++; return yield(ascii) }
		for _, s := range all {
			var err error
			switch {
			case s.list == nil:
				if !take(s.ascii) {
					return
				}
			case s.csv:
				err = n.rows(s, take)
			default:
				err = n.lines(s, take)
			}
			if errors.Is(err, errEnough) || ctx.Err() != nil {
				return
			}
			if err != nil {
				n.err = err
				return
			}
		}
	}
}

// errEnough ends reading: nobody wants more.
var errEnough = errors.New("enough")

// lines reads a list of names, one a line.
func (n *names) lines(s source, take func(string) bool) error {
	list := lists.New(s.list)
	for list.Next() {
		text, _, _ := strings.Cut(list.Text, "#")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		ascii, err := app.ParseDomain(text)
		if list.Long {
			err = lists.TooLong()
		}
		if err != nil {
			n.complain(fmt.Sprintf("%s:%d", s.name, list.Number), err)
		} else if !take(ascii) {
			return errEnough
		}
	}
	if list.Err != nil {
		return n.app.ReadError(fmt.Sprintf("%s:%d", s.name, list.Number), list.Err, codes.Text{EN: "the list cannot be read", JA: "リストを読めません"}, codes.Text{})
	}
	return nil
}

// complain tells of a line, the first ones.
func (n *names) complain(place string, err error) {
	n.bad++
	switch {
	case n.bad < app.MaxComplaints:
		n.app.Complain(codes.At(place, err))
	case n.bad == app.MaxComplaints:
		n.app.Tell(codes.Say(codes.Text{EN: "{place}: further lines that are no domain names are passed over in silence", JA: "{place}: これ以降、ドメイン名ではない行は表示せずに読み飛ばします"}, codes.Str("place", place)))
	}
}
