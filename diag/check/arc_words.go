package check

import (
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag/arc"
)

// arcFault says what is wrong with a chain. Field and tag are put into the words of arcReasons.
func arcFault(f arc.Fault) codes.Text {
	t, ok := arcReasons()[f.Reason]
	if !ok {
		t = codes.Same(string(f.Reason))
	}
	if f.Declared() {
		return codes.Text{EN: "the chain was broken already when it came there (cv=fail)", JA: "受け取った時点で検証に失敗していました(cv=fail)"}
	}
	if f.Tag == "" || len(f.Tag) > 8 {
		f.Tag = "…"
	}
	fill := strings.NewReplacer("<field>", f.Kind.Field(), "<tag>", f.Tag)
	return codes.Text{EN: fill.Replace(t.EN), JA: fill.Replace(t.JA)}
}

// arcReasons has words for every reason of an ARC chain; <field> is the name of the header field, <tag> that of the tag.
func arcReasons() map[arc.Reason]codes.Text {
	return map[arc.Reason]codes.Text{
		arc.TooManySets:     {EN: "there are more than 50 sets", JA: "セットが50個を超えています"},
		arc.BadInstance:     {EN: "the number (i=) of <field> is not from 1 to 50", JA: "<field> の番号(i=)が1から50の数ではありません"},
		arc.MissingHeader:   {EN: "<field> is missing", JA: "<field> がありません"},
		arc.DuplicateHeader: {EN: "<field> is there more than once", JA: "<field> が重複しています"},
		arc.InstanceGap:     {EN: "this set is missing", JA: "このセットがありません"},
		arc.MissingTag:      {EN: "<tag>= of <field> is missing or cannot be read", JA: "<field> の <tag>= がないか、読み取れません"},
		arc.DuplicateTag:    {EN: "<tag>= stands twice in <field>", JA: "<field> の <tag>= が重複しています"},
		arc.BadCV: {EN: "cv= of ARC-Seal is not what it must be there: none in the first set, pass in the others",
			JA: "ARC-Seal の cv= が正しくありません(最初のセットは none、ほかは pass)"},
		arc.BadAlgorithm:        {EN: "the algorithm (a=) of <field> is not one that counts", JA: "<field> のアルゴリズム(a=)は使用できないものです"},
		arc.BadCanonicalization: {EN: "the canonicalization (c=) of <field> is not known", JA: "<field> の正規化の方式(c=)に対応していません"},
		arc.SealHTag: {EN: "h= of <field> may not be there, or names ARC-Seal",
			JA: "<field> に、あってはならない h= があるか、h= にARC-Sealが含まれています"},
		arc.NoKey:       {EN: "there is no usable key for <field>", JA: "<field> の検証に使える公開鍵がありません"},
		arc.KeyRevoked:  {EN: "the key of <field> is revoked", JA: "<field> の鍵が失効しています"},
		arc.KeyTooSmall: {EN: "the key of <field> has less than 1024 bits", JA: "<field> の鍵の長さが1024ビット未満です"},
		arc.BodyHashMismatch: {EN: "the body of the mail was changed after this server had signed it",
			JA: "このサーバーが署名した後で、メールの本文が変更されています"},
		arc.MessageMismatch: {EN: "a header field of the mail was changed after this server had signed it, or another key signed",
			JA: "このサーバーが署名した後でメールのヘッダーが変更されたか、別の鍵で署名されています"},
		arc.SealMismatch: {EN: "an ARC field of this set or of one before was changed after it was sealed, or another key sealed",
			JA: "このセットまたは以前のセットのARCヘッダーが署名後に変更されたか、別の鍵で署名されています"},
	}
}

// arcChange says which part of a mail no longer fits an AMS, of which the reasons are given; nothing where they say nothing
// of the mail.
func arcChange(reasons []string) codes.Text {
	body, header := slices.Contains(reasons, string(arc.BodyHashMismatch)), slices.Contains(reasons, string(arc.MessageMismatch))
	switch {
	case body && header:
		return codes.Text{EN: "its header and body", JA: "ヘッダーと本文"}
	case body:
		return codes.Text{EN: "its body", JA: "本文"}
	case header:
		return codes.Text{EN: "its header, unless it was signed wrongly", JA: "ヘッダー(署名が誤っていた可能性もあります)"}
	}
	return codes.Text{}
}
