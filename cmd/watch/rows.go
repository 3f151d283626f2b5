package watch

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"todoku/cmd/app"
	"todoku/cmd/lists"
	"todoku/codes"
)

// maxFields bounds a row of CSV, and maxRow its octets: a quotation mark that is never closed takes in all rows after it.
const (
	maxFields = 1000
	maxRow    = 1 << 20
)

// errLongRow says that maxRow was reached.
var errLongRow = errors.New("row too long")

// rowReader gives the octets of one row, and at most maxRow of them.
type rowReader struct {
	r    io.Reader
	left int
}

func (r *rowReader) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, errLongRow
	}
	n, err := r.r.Read(p[:min(len(p), r.left)])
	r.left -= n
	return n, err
}

// rows reads a column of a CSV file, whose first row may name its columns.
func (n *names) rows(s source, take func(string) bool) error {
	octets := &rowReader{r: s.list}
	in := csv.NewReader(octets)
	in.FieldsPerRecord, in.ReuseRecord = -1, true
	column := -1
	for {
		octets.left = maxRow
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if row, err = n.marked(s.name, row, err); err != nil {
			return err
		}
		if len(row) == 0 { // its first field cannot be told
			continue
		}
		line, _ := in.FieldPos(0)
		row[0] = strings.TrimPrefix(row[0], "\ufeff")
		if column < 0 {
			var head bool
			if column, head, err = n.columnOf(s.name, row); err != nil {
				return err
			}
			if head {
				continue
			}
		}
		name := strings.TrimSpace(cell(row, column))
		if name == "" {
			continue
		}
		ascii, err := app.ParseDomain(name)
		if err != nil {
			n.complain(fmt.Sprintf("%s:%d", s.name, line), err)
		} else if !take(ascii) {
			return errEnough
		}
	}
}

// marked tells of a row whose quotation marks are wrong, of which the fields before them count. Its error is that of the file.
func (n *names) marked(file string, row []string, err error) ([]string, error) {
	remedy := codes.Text{EN: "a field that has a quotation mark stands in quotation marks, and has two of them: \"5\"\" disk\"",
		JA: "引用符を含む項目は全体を引用符で囲み、中の引用符は2つ重ねてください(例: \"5\"\"ディスク\")"}
	var wrong *csv.ParseError
	switch {
	case err == nil:
		return row, nil
	case errors.Is(err, errLongRow):
		return nil, codes.At(file, codes.Wrong(codes.Say(codes.Text{EN: "a row is longer than {n} octets: a quotation mark may be missing",
			JA: "{n}バイトを超える行があります。引用符が閉じられていない可能性があります"}, codes.Num("n", maxRow)), codes.Say(remedy)))
	case errors.As(err, &wrong):
		n.complain(fmt.Sprintf("%s:%d", file, wrong.StartLine), codes.Wrong(codes.Say(codes.Text{
			EN: "the quotation marks of this row, to line {n}, are wrong; its domain counts only where it stands before them",
			JA: "この行({n}行目まで)の引用符に誤りがあります。それより前に書かれたドメインだけを読み取ります"}, codes.Num("n", wrong.Line)), codes.Say(remedy)))
		return row, nil
	}
	return nil, n.app.ReadError(file, err, codes.Text{EN: "the CSV file cannot be read", JA: "CSVファイルを読めません"}, codes.Text{})
}

// columnOf finds the column by the first row, and says whether that row names the columns.
func (n *names) columnOf(file string, first []string) (column int, head bool, err error) {
	if len(first) > maxFields {
		return 0, false, codes.At(file, codes.Wrong(codes.Say(codes.Text{EN: "the first row has more than {n} columns", JA: "1行目に{n}列を超える列があります"}, codes.Num("n", maxFields)), codes.Message{}))
	}
	named := func(words ...string) int {
		return slices.IndexFunc(first, func(s string) bool {
			text := strings.TrimSpace(lists.Text(s))
			return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(text, w) })
		})
	}
	if number, err := strconv.Atoi(n.column); err == nil && number >= 1 && number <= maxFields {
		return number - 1, isHead(cell(first, number-1)), nil
	}
	if n.column != "" {
		if i := named(n.column); i >= 0 {
			return i, true, nil
		}
		return 0, false, codes.At(file, codes.Wrong(codes.Say(codes.Text{EN: "no column is called {name}", JA: "{name} という列がありません"}, codes.Quoted("name", n.column)),
			codes.Say(codes.Text{EN: "give the name of a column in the first row, or its number", JA: "1行目にある列名、または列の番号を指定してください"})))
	}
	if i := named("domain", "domain name", "ドメイン", "ドメイン名"); i >= 0 {
		return i, true, nil
	}
	return 0, isHead(cell(first, 0)), nil
}

// isHead reports whether a cell of the first row is the name of its column rather than a domain.
func isHead(s string) bool {
	_, err := app.ParseDomain(s)
	return err != nil || !strings.Contains(s, ".")
}

// cell is a field as text; "" where the row is too short.
func cell(row []string, i int) string {
	if i < len(row) {
		return lists.Text(row[i])
	}
	return ""
}
