package check

import (
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/content"
)

// ContentFacts is what was read of a mail.
type ContentFacts struct {
	*content.Content
	none bool // there was no mail
}

// Looked reports whether there was a mail.
func (f *ContentFacts) Looked() bool { return !f.none }

// Lines shows what the mail holds: its texts, links, images, files and the way to unsubscribe.
func (f *ContentFacts) Lines() []diag.Line {
	if !f.Looked() {
		return []diag.Line{diag.None(codes.Text{EN: "no mail", JA: "メールなし"})}
	}
	out := []diag.Line{f.texts()}
	if n := len(f.Links) + f.More.Links; n > 0 {
		out = append(out, diag.Say(codes.Text{EN: "{n} links", JA: "リンク{n}件"}, codes.Num("n", n)))
	}
	for i, file := range f.Files {
		if i == maxHosts {
			out = append(out, diag.More(len(f.Files)-i))
			break
		}
		out = append(out, diag.Say(codes.Text{EN: "attachment {name}, {size} octets", JA: "添付ファイル {name}、{size}バイト"},
			codes.Str("name", file.Name), codes.Num("size", file.Size)))
	}
	switch u := f.Unsubscribe; {
	case u.OneClick:
		out = append(out, diag.Say(codes.Text{EN: "unsubscribe with one click", JA: "ワンクリックで配信停止できます"}))
	case u.Fields > 0:
		out = append(out, diag.Say(codes.Text{EN: "unsubscribe, with more than one click", JA: "配信停止はワンクリックではありません"}))
	case f.Bulk.Sure:
		out = append(out, diag.None(codes.Text{EN: "no List-Unsubscribe", JA: "List-Unsubscribeなし"}))
	}
	return out
}

// texts says which texts the mail has.
func (f *ContentFacts) texts() diag.Line {
	switch w := f.Words; {
	case w.HTML && w.Plain:
		return diag.Say(codes.Text{EN: "plain text and HTML ({octets} octets), {images} images", JA: "テキストとHTML({octets}バイト)、画像{images}個"},
			codes.Num("octets", f.Markup.Octets), codes.Num("images", f.Markup.Images.All))
	case w.HTML:
		return diag.Say(codes.Text{EN: "HTML only ({octets} octets), {images} images", JA: "HTMLのみ({octets}バイト)、画像{images}個"},
			codes.Num("octets", f.Markup.Octets), codes.Num("images", f.Markup.Images.All))
	case w.Plain:
		return diag.Say(codes.Text{EN: "plain text", JA: "テキストのみ"})
	}
	return diag.None(codes.Text{EN: "no text", JA: "本文なし"})
}
