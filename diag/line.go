package diag

import "todoku/codes"

// Line is one line of what a check saw: words in two languages with values in their places. A printer fills and wraps
// them.
type Line struct {
	Says   codes.Text // "{n} bits"
	Data   codes.Data
	Indent int        // columns to the right of the lines that this one belongs to
	Total  codes.Text // what stands in a column of numbers at the right, or over it; filled like Says
	Note   codes.Text // what stands behind Total
	Absent bool       // it says that something is not there: beside an error nobody knows
}

// Say is a line of words with their values.
func Say(words codes.Text, data ...codes.Datum) Line { return Line{Says: words, Data: data} }

// Show is a line that reads the same in every language: "{host}  {addresses}".
func Show(values string, data ...codes.Datum) Line { return Say(codes.Same(values), data...) }

// None is a line that says that something is not there.
func None(words codes.Text) Line { return Line{Says: words, Absent: true} }

// NoRecord is the line of a check that found no record to look at.
func NoRecord() Line { return None(codes.Text{EN: "no record", JA: "レコードなし"}) }

// More is the line under a list that has n items more than are shown.
func More(n int) Line {
	return Say(codes.Text{EN: "and {n} more", JA: "ほか{n}件"}, codes.Num("n", n))
}

// And is the line with words added to its end. The keys of data are not in the line yet.
func (l Line) And(words codes.Text, data ...codes.Datum) Line {
	l.Says.EN += words.EN
	l.Says.JA += words.JA
	l.Data = append(l.Data[:len(l.Data):len(l.Data)], data...)
	return l
}

// AndShow is And with words that read the same in every language.
func (l Line) AndShow(values string, data ...codes.Datum) Line {
	return l.And(codes.Same(values), data...)
}

// By is the line that many columns further to the right.
func (l Line) By(columns int) Line {
	l.Indent += columns
	return l
}
