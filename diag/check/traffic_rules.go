package check

import (
	"todoku/codes"
	"todoku/diag"
)

// The rules about mails that were sent.
var (
	TrafficRefused = &diag.Rule{
		ID: "traffic-refused", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 7208 §8.4", Codes: []string{"42550"},
		Says: codes.Text{
			EN: "with the change, {mails} of {all} mails {span} would not have been taken: {receivers}",
			JA: "この変更により、{span}の{all}通のうち{mails}通が受け付けられなくなります: {receivers}"},
		Why: codes.Text{
			EN: "they were taken; for mails of {domain} from {ip}, SPF goes from {was} to {result}, and nothing else meets what these receivers ask for",
			JA: "受け付けられていたメールです。{ip} から送る {domain} のメールのSPFの結果が{was}から{result}になり、" +
				"受信側の要件を満たすものがなくなります"},
		Fix: codes.Text{
			EN: "keep what lets {ip} send (today: {mechanism}), or move this sender first",
			JA: "{ip} を許可している設定(現在は {mechanism})を残すか、先にこの送信元を移してください"},
	}

	TrafficSPFLost = &diag.Rule{
		ID: "traffic-spf-lost", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 7208 §8.4", Codes: []string{"42550"},
		Says: codes.Text{
			EN: "with the change, {mails} of {all} mails {span} would have been refused unless DKIM passes: {receivers}",
			JA: "この変更により、{span}の{all}通のうち{mails}通が、DKIMに成功しないかぎり拒否されます: {receivers}"},
		Why: codes.Text{
			EN: "for mails of {domain} from {ip}, SPF goes from {was} to {result}; whether they are signed is not known",
			JA: "{ip} から送る {domain} のメールのSPFの結果が{was}から{result}になります。DKIM署名があるかどうかは分かりません"},
		Fix: codes.Text{
			EN: "keep what lets {ip} send (today: {mechanism}); if the mails are signed, name the selector with --selector and look again",
			JA: "{ip} を許可している設定(現在は {mechanism})を残してください。DKIM署名がある場合は --selector でセレクターを指定して、もう一度検査してください"},
	}

	TrafficWeaker = &diag.Rule{
		ID: "traffic-weaker", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 7208 §8.4", Codes: nil,
		Says: codes.Text{
			EN: "with the change, SPF would no longer pass for {mails} of {all} mails {span} ({was}, then {result})",
			JA: "この変更により、{span}の{all}通のうち{mails}通のSPFが成功しなくなります({was}から{result})"},
		Why: codes.Text{
			EN: "mails of {domain} from {ip} would then depend on DKIM, or on receivers that ask for nothing",
			JA: "{ip} から送る {domain} のメールが届くかどうかは、DKIMまたは受信側の対応しだいになります"},
		Fix: codes.Text{
			EN: "keep what lets {ip} send (today: {mechanism}), unless nothing is sent from there any more",
			JA: "今後も送信する場合は、{ip} を許可している設定(現在は {mechanism})を残してください"},
	}

	TrafficSPFFails = &diag.Rule{
		ID: "traffic-spf-fails", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 7208 §8", Codes: nil,
		Says: codes.Text{
			EN: "{mails} of {all} mails {span} were sent from {ip}, for which SPF gives {result}",
			JA: "{span}の{all}通のうち{mails}通が {ip} から送信されていますが、そのSPFの結果は{result}です"},
		Why: codes.Text{
			EN: "mails of {domain} from there arrive only where DKIM passes, or where nobody asks",
			JA: "そこから送る {domain} のメールは、DKIMに成功するか、受信側が確認しない場合にしか届きません"},
		Fix: codes.Text{
			EN: "find out whose address it is; if it sends for you, add it to the SPF record of {domain}",
			JA: "だれのIPアドレスかを確認し、自社のために送信している場合は {domain} のSPFレコードに追加してください"},
	}

	TrafficMended = &diag.Rule{
		ID: "traffic-mended", Severity: diag.Info, Owner: diag.OwnerDNS, Ref: "RFC 7208 §8", Codes: nil,
		Says: codes.Text{
			EN: "with the change, SPF would pass for {mails} of {all} mails {span} ({was} today)",
			JA: "この変更により、{span}の{all}通のうち{mails}通のSPFが成功するようになります(現在は{was})"},
		Why: codes.Text{
			EN: "the change lets {ip} send for {domain}",
			JA: "この変更で、{ip} から {domain} のメールを送れるようになります"},
		Fix: codes.Text{
			EN: "make sure that {ip} is yours or your sending service's, then publish the change",
			JA: "{ip} が自社または配信サービスのものであることを確認してから、変更を公開してください"},
	}
)
