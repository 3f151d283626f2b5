package check

import (
	"todoku/codes"
	"todoku/diag"
)

// The rules of a change that is only meant.
var (
	ChangeTextDropped = &diag.Rule{
		ID: "change-text-dropped", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 2181 §5", Codes: nil,
		Says: codes.Text{
			EN: "the change takes away a text of {name} that is there today: {record}",
			JA: "この変更により、{name} に現在あるTXTレコードの文字列「{record}」が失われます"},
		Why: codes.Text{
			EN: "the TXT records of a name are one set that is replaced as a whole; a text that others put there, such as the proof of who owns the domain, ends their service when it goes",
			JA: "同じ名前のTXTレコードは1つの集合として丸ごと置き換わります。所有権の確認用など、" +
				"ほかの用途の文字列が消えると、そのサービスが使えなくなることがあります"},
		Fix: codes.Text{
			EN: "keep it beside the new ones where it is still needed (with --set: one for each text of the name)",
			JA: "まだ必要であれば、新しい文字列と一緒に残してください(--set の場合は、文字列ごとに1つずつ指定します)"},
	}

	ChangeAlias = &diag.Rule{
		ID: "change-alias", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 2181 §10.1", Codes: nil,
		Says: codes.Text{
			EN: "{name} would have an alias (CNAME record) and records of the type {type}",
			JA: "この変更により、{name} に別名(CNAMEレコード)と{type}レコードが並ぶことになります"},
		Why: codes.Text{
			EN: "beside a CNAME record nothing may stand: name servers refuse the zone, or answer with the alias alone",
			JA: "CNAMEレコードのある名前にほかのレコードは置けません。DNSサーバーがゾーンを読み込まないか、別名だけを返します"},
		Fix: codes.Text{
			EN: "decide for the alias or for the others, and take the rest away in the same change (--set with the name and the type alone)",
			JA: "別名とほかのレコードのどちらを残すかを決め、もう一方は同じ変更で削除してください" +
				"(--set に名前と種別だけを指定すると削除になります)"},
	}
)
