package report

import (
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
	}
	return codes.Text{}, false
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
