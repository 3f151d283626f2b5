package report

import (
	"fmt"
	"strconv"
	"strings"

	"todoku/codes"
	"todoku/diag/spf"
)

// valueText gives words to the values that findings carry as names: statuses
// and kinds of faults. Machines see the name itself.
func valueText(d codes.Datum) (codes.Text, bool) {
	switch d.Key {
	case "status":
		t, ok := absences()[d.String()]
		return t, ok
	case "problem":
		if strings.HasPrefix(d.String(), "x509: ") {
			return certificateText(d.String()), true
		}
		t, ok := spfProblems()[spf.FaultKind(d.String())]
		return t, ok
	case "offset": // people count from 1 on
		n, err := strconv.Atoi(d.String())
		return codes.Same(strconv.Itoa(n + 1)), err == nil
	case "fault":
		t, ok := tagFaults()[d.String()]
		return t, ok
	case "further":
		return furtherText(d.String()), true
	case "expected":
		return expectedText(d.String()), true
	}
	return codes.Text{}, false
}

// furtherText tells of more faults of a record, "base64@21, word@30", behind what is told of the first.
func furtherText(list string) (t codes.Text) {
	for f := range strings.SplitSeq(list, ", ") {
		kind, at, ok := strings.Cut(f, "@")
		n, err := strconv.Atoi(at)
		words, known := tagFaults()[kind]
		if !ok || err != nil || !known {
			continue
		}
		if t.IsZero() {
			t = codes.Text{EN: "; also: ", JA: "。ほかの誤り: "}
		} else {
			t.EN, t.JA = t.EN+", ", t.JA+"、"
		}
		t.EN += fmt.Sprintf("%s (position %d)", words.EN, n+1)
		t.JA += fmt.Sprintf("%s(%dバイト目)", words.JA, n+1)
	}
	return t
}

// expectedText says what could stand in a record of tags, without the notation of the standards.
func expectedText(s string) codes.Text {
	switch s {
	case "%x20-7E":
		return codes.Text{EN: "plain letters, digits and signs (ASCII)", JA: "半角の英数字と記号(ASCII)"}
	case "A-Z a-z 0-9 + / =":
		return codes.Text{EN: "letters, digits, + and /, with = at the end only", JA: "半角の英数字と + と /(= は末尾だけ)"}
	case "4 × n [A-Za-z0-9+/=]":
		return codes.Text{EN: "the key in full", JA: "公開鍵の全体"}
	case "A-Z a-z":
		return codes.Text{EN: "capital and small letters as the key has them", JA: "大文字と小文字を区別した文字列"}
	case "RSAPublicKey | SubjectPublicKeyInfo":
		return codes.Text{EN: "the RSA key in full", JA: "RSA公開鍵の全体"}
	case "32 bytes":
		return codes.Text{EN: "an ed25519 key (44 characters)", JA: "ed25519の公開鍵(44文字)"}
	}
	if once, ok := strings.CutPrefix(s, "1 × "); ok {
		return codes.Text{EN: once + " once", JA: once + " は1回だけ"}
	}
	if words := strings.Split(s, " | "); len(words) > 1 {
		last := len(words) - 1
		return codes.Text{EN: strings.Join(words[:last], ", ") + " or " + words[last], JA: strings.Join(words, "、") + " のいずれか"}
	}
	return codes.Same(s)
}

// tagFaults are the kinds of faults that make a DKIM key or a DMARC record hard to read; a kind means the same in both.
func tagFaults() map[string]codes.Text {
	return map[string]codes.Text{
		"version":       {EN: "the version is missing or wrong", JA: "バージョンがないか、正しくありません"},
		"version-late":  {EN: "v must be the first tag", JA: "v は先頭に置く必要があります"},
		"leading-space": {EN: "blanks before v", JA: "v の前に空白があります"},
		"empty-tag":     {EN: "nothing between two semicolons", JA: "セミコロンの間が空です"},
		"no-equals":     {EN: "a semicolon or \"=\" is missing", JA: "セミコロンか「=」が抜けています"},
		"tag-name":      {EN: "not the name of a tag", JA: "タグの名前として正しくありません"},
		"tag-case":      {EN: "the name of this tag is written small", JA: "タグの名前は小文字で書く必要があります"},
		"duplicate-tag": {EN: "the same tag once more", JA: "同じタグが重複しています"},
		"character":     {EN: "a character that is not allowed here", JA: "使用できない文字です"},
		"escaped":       {EN: "the backslash belongs into zone files only", JA: "「\\」はゾーンファイル用の記号で、レコードには不要です"},
		"empty-value":   {EN: "the value is missing", JA: "値がありません"},
		"value":         {EN: "this tag has no such value", JA: "このタグに指定できない値です"},
		"uri":           {EN: "not an address where reports can go", JA: "レポートの宛先として正しくありません"},
		"size":          {EN: "not a size", JA: "サイズとして正しくありません"},
		"missing-p":     {EN: "p with the key is missing", JA: "公開鍵を示す p がありません"},
		"base64":        {EN: "a character that a key does not have, or part of the key is missing", JA: "公開鍵に使えない文字があるか、一部が欠けています"},
		"not-a-key":     {EN: "this is no key of the type that k names", JA: "k で示した種類の公開鍵として読み取れません"},
		"exponent":      {EN: "no signature can be verified with this key", JA: "この公開鍵では署名を検証できません"},
		"hash":          {EN: "sha256 is missing", JA: "sha256 がありません"},
		"service":       {EN: "the key is not for mail", JA: "メール用の鍵になっていません"},
		"word":          {EN: "not a word that can stand here", JA: "ここに書ける語ではありません"},
		"too-long":      {EN: "longer than what is read", JA: "読み取れる長さを超えています"},
		// Those of MTA-STS and TLS-RPT.
		"empty-field":     {EN: "nothing between two semicolons", JA: "セミコロンの間が空です"},
		"no-value":        {EN: "a name and a value are meant to stand here", JA: "名前と値の形になっていません"},
		"key":             {EN: "not a name that can stand here", JA: "ここに書ける名前ではありません"},
		"mx":              {EN: "not a host name, nor \"*.\" with one", JA: "ホスト名でも「*.」付きのホスト名でもありません"},
		"missing-key":     {EN: "this is missing", JA: "必要な項目がありません"},
		"missing-rua":     {EN: "rua with the destination is missing", JA: "送信先を示す rua がありません"},
		"byte-order-mark": {EN: "a byte order mark stands before the text", JA: "先頭にバイト順マーク(BOM)があります"},
		"line-end":        {EN: "the line does not end as lines do", JA: "改行コードが正しくありません"},
		"no-policy":       {EN: "nothing of a policy is in it", JA: "ポリシーの項目がありません"},
	}
}

func absences() map[string]codes.Text {
	return map[string]codes.Text{
		"nxdomain":  {EN: "the name does not exist", JA: "この名前はDNSに存在しません"},
		"nodata":    {EN: "the name has no such record", JA: "該当するレコードがありません"},
		"near-miss": {EN: "only a TXT record that receivers do not take for one", JA: "SPFレコードとは認識されないTXTレコードだけがあります"},
		"other-txt": {EN: "only other TXT records", JA: "ほかのTXTレコードだけがあります"},
		"elsewhere": {EN: "the record there sends the reports to another host", JA: "そこにあるレコードは、レポートを別のホストへ送るよう指定しています"},
		"alias":     {EN: "the name is an alias (CNAME) of a name without such a record", JA: "この名前は別名(CNAME)で、その先に該当するレコードがありません"},
	}
}

func spfProblems() map[spf.FaultKind]codes.Text {
	return map[spf.FaultKind]codes.Text{
		spf.FaultVersion:     {EN: "the record must begin with v=spf1", JA: "レコードは v=spf1 で始める必要があります"},
		spf.FaultCharacter:   {EN: "a character that is not allowed here", JA: "使用できない文字です"},
		spf.FaultMechanism:   {EN: "there is no such mechanism", JA: "このような機構(mechanism)はありません"},
		spf.FaultModifier:    {EN: "not a modifier name", JA: "修飾子の名前として正しくありません"},
		spf.FaultColon:       {EN: "redirect and exp take \"=\" instead of \":\"", JA: "redirect と exp には「:」ではなく「=」を使います"},
		spf.FaultEquals:      {EN: "\"=\" and a name are missing", JA: "「=」と名前がありません"},
		spf.FaultBlank:       {EN: "no blank may stand within it", JA: "途中に空白は入れられません"},
		spf.FaultNoArgument:  {EN: "something must follow here", JA: "値が指定されていません"},
		spf.FaultArgument:    {EN: "nothing may follow here", JA: "ここに値は指定できません"},
		spf.FaultIP4:         {EN: "not an IPv4 address", JA: "IPv4アドレスとして正しくありません"},
		spf.FaultIP6:         {EN: "not an IPv6 address", JA: "IPv6アドレスとして正しくありません"},
		spf.FaultCIDR:        {EN: "not a prefix length", JA: "プレフィックス長として正しくありません"},
		spf.FaultMacro:       {EN: "\"%\" must begin a macro, or be written %%", JA: "「%」はマクロの始まりに使うか、%% と書きます"},
		spf.FaultMacroLetter: {EN: "there is no such macro letter here", JA: "ここでは使えないマクロ文字です"},
		spf.FaultDomain:      {EN: "not a complete domain name", JA: "完全なドメイン名ではありません"},
		spf.FaultAddress:     {EN: "an address needs ip4: or ip6:", JA: "IPアドレスには ip4: または ip6: を使います"},
		spf.FaultDuplicate:   {EN: "this modifier may stand only once", JA: "この修飾子は1回しか指定できません"},
	}
}
