package report

import "todoku/codes"

// commandLabel says what a command of a step is for: not all of them look at something.
func commandLabel(c codes.Command) codes.Text {
	switch name := c.Name(); {
	case name == "letter":
		return codes.Text{EN: "write", JA: "文面"}
	case name == "history" && len(c.Words) > 1 && c.Words[1] == "export":
		return codes.Text{EN: "list", JA: "一覧"}
	case name == "history" && len(c.Words) > 1 && c.Words[1] == "revalidate", c.SendsMail():
		return codes.Text{EN: "run", JA: "実行"}
	}
	return codes.Text{EN: "check", JA: "確認"}
}
