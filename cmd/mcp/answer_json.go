package mcp

import (
	"encoding/json"
	"strings"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
)

// answer is what a call gives (schema todoku/mcp/1). Its names must not change.
type answer struct {
	Schema     string            `json:"schema"`
	ExitStatus app.ExitStatus    `json:"exit_status"`
	Command    string            `json:"command"`
	Argv       []string          `json:"argv"`
	Notes      []string          `json:"notes"`
	LeftOut    map[string]int    `json:"left_out"`
	Documents  []json.RawMessage `json:"documents"`
}

// SchemaName is what answers call their schema.
const SchemaName = "todoku/mcp/1"

// newAnswer is the answer of a command that wrote lines of documents and told something beside them.
func newAnswer(status app.ExitStatus, again codes.Command, told string, lines []byte) answer {
	re := answer{Schema: SchemaName, ExitStatus: status, Command: page.Command(again), Argv: again.Argv(), Notes: notes(told),
		LeftOut: map[string]int{}}
	re.Documents = bounded(lines, re.LeftOut)
	return re
}

// notes are the lines that a command told beside its result, without the name of the program.
func notes(told string) []string {
	out := []string{}
	for line := range strings.Lines(told) {
		if line = strings.TrimSpace(strings.TrimPrefix(line, "todoku: ")); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// answerSchema is the schema of every answer.
func answerSchema(l codes.Lang) schema {
	object, text := &schema{Type: "object"}, &schema{Type: "string"}
	says := func(kind string, items *schema, t codes.Text) schema {
		return schema{Type: kind, Items: items, Description: t.In(l)}
	}
	return schema{Type: "object", Required: []string{"schema", "exit_status", "command", "argv", "notes", "left_out", "documents"},
		Properties: map[string]schema{
			"schema": {Type: "string"},
			"exit_status": says("integer", nil, codes.Text{
				EN: "of the command: 0 nothing is wrong (diagnose: the cause is known), 1 something is wrong, 2 the arguments are, 3 not everything could be looked at",
				JA: "コマンドの終了ステータス。0 問題なし(diagnose では要因が確定)、1 問題あり、2 引数の誤り、3 調べられないものあり"}),
			"command": says("string", nil, codes.Text{
				EN: "the command line that repeats the call; FILE stands for the text; empty where a value cannot stand in a command",
				JA: "同じ結果を確認できるコマンド。FILE は渡した内容を保存したファイルです。コマンドに書けない値がある場合は空です"}),
			"argv":  says("array", text, codes.Text{EN: "the words of the command", JA: "コマンドの各単語"}),
			"notes": says("array", text, codes.Text{EN: "what the command told beside its result", JA: "結果のほかにコマンドが伝えたこと"}),
			"left_out": says("object", nil, codes.Text{
				EN: "what was too much for an answer, by its name and number", JA: "上限を超えたため省いたものの名前と数"}),
			"documents": says("array", object, codes.Text{
				EN: "the result as the command prints it with --format json; the schema that each names says what stands in it",
				JA: "--format json で出力される結果。内容は各文書の schema が示すスキーマに従います"}),
		}}
}
