package altered

import (
	"bytes"
	"regexp"
	"strings"
	"sync"

	"todoku/sender/mail"
)

// sign is a wording that lists and gateways add to mails.
type sign struct {
	kind  Kind
	words func() *regexp.Regexp
}

// compile compiles an expression when it is first needed: the start of the program does not pay for them.
func compile(expr string) func() *regexp.Regexp {
	return func() *regexp.Regexp { return regexp.MustCompile(expr) }
}

// signs are looked for in the texts of a body that could not be explained.
var signs = []sign{
	{BannerAdded, sync.OnceValue(compile(`(?i)\[(external|ext)\]|external (e-?mail|sender|message)|originated (from )?outside|` +
		`outside (of )?(your|the|our) organi[sz]ation|^\W*caution\b|don'?t often get email from|【社外】|【外部】|外部メール|` +
		`社外(から|メール)|外部から(の|受信)`))},
	{FooterAdded, sync.OnceValue(compile(`(?im)^_{20,}\s*$|mailing list\s*$|to unsubscribe (from|send)|listinfo|` +
		`subscribed to the google groups|mailman|this (e-?mail|message) (and any|is confidential|contains confidential|was scanned|` +
		`has been (scanned|checked))|scanned (by|for)|avg\.com|avast\.com|メーリングリスト|ウイルスチェック|` +
		`ウイルススキャン|配信停止は`))},
	{PartRemoved, sync.OnceValue(compile(`(?i)attachments?\b[^\n]{0,80} (was|were|has been|have been) (removed|deleted|blocked|stripped|` +
		`quarantined|replaced)|(removed|blocked|stripped) (an? |the )?attachment|scrubbed|添付ファイル(は|が|` +
		`を)?[^\n]{0,30}(削除|除去|分離|隔離|無害化)`))},
	{Truncated, sync.OnceValue(compile(`(?i)\[?message (clipped|truncated)|以下省略されました`))},
}

// linkServices are hosts to which links of mails are rewritten.
var linkServices = sync.OnceValue(compile(`(?i)://[^/\s]*(safelinks\.protection\.outlook\.com|urldefense\.(proofpoint\.)?com|` +
	`urldefense\.us|linkprotect\.cudasvc\.com|secure-web\.cisco\.com|protect[a-z0-9.-]*\.mimecast\.com|clicktime\.(symantec|` +
	`cloud\.postoffice)\.[a-z.]+|imsva[0-9-]*\.trendmicro\.com|[a-z0-9.-]*ctp\.trendmicro\.com|protection\.sophos\.com|` +
	`protect2?\.fireeye\.com|url\.emailprotection\.link|atpscan\.global\.hornetsecurity\.com)`))

// suspects are the signs of changes in a body whose hash no undoing explains.
func suspects(raw mail.Raw, d doc, s signed, short bool) (list []Change) {
	add := func(c Change) {
		for _, o := range list {
			if o.Kind == c.Kind {
				return
			}
		}
		list = append(list, c)
	}
	root, _ := structure(d)
	for _, f := range raw.All("X-MIME-Autoconverted") { // sendmail: "from 8bit to quoted-printable by host id …"
		if m := autoconverted().FindStringSubmatch(f.Value()); m != nil {
			add(Change{Kind: EncodingChanged, Was: m[1], Now: m[2]})
		}
	}
	for _, p := range root.texts() {
		text, _ := p.decoded(d.body)
		for _, c := range signsIn(text[:min(len(text), 256<<10)], p) {
			c.Part, c.Line = p.id, lineAt(d.body, p.body.from)
			add(c)
		}
	}
	if short || cutOff(d.body, root) {
		add(Change{Kind: Truncated, Line: lineAt(d.body, len(d.body)), Now: excerpt(d.body[max(0, len(d.body)-80):])})
	}
	if p, ok := removal(root); ok {
		add(Change{Kind: PartRemoved, Part: p.id, Now: excerpt([]byte(p.name))})
	}
	if control := bytes.IndexAny(d.body, "\x01\x02\x03\x04\x05\x06\x0e\x0f\x10\x11\x12\x13\x14\x15\x16"); control >= 0 && len(list) == 0 {
		add(Change{Kind: BitsStripped, Line: lineAt(d.body, control), Now: excerpt(d.body[max(0, control-40):min(len(d.body), control+40)])})
	}
	return list
}

// removal finds a part that stands for one that was taken out, or a multipart with too few.
func removal(root *part) (*part, bool) {
	for _, p := range inner(root) {
		lower := strings.ToLower(p.name)
		for _, word := range []string{"removed", "deleted", "attachment-warning", "attachmentwarning", "削除"} {
			if strings.Contains(lower, word) {
				return p, true
			}
		}
	}
	few := root.kind == "multipart/mixed" && len(root.parts) == 1 || strings.HasPrefix(root.kind, "multipart/") && len(root.parts) == 0
	return root, few
}

var autoconverted = sync.OnceValue(compile(`(?i)from (\S+) to (\S+)`))

// signsIn are the signs in one text.
func signsIn(text []byte, p *part) (list []Change) {
	for _, s := range signs {
		where := text
		if s.kind == BannerAdded {
			where = text[:min(len(text), 4<<10)]
			if i := bytes.Index(bytes.ToLower(text), []byte("<body")); i > 0 {
				where = text[i:min(len(text), i+4<<10)]
			}
		}
		at := s.words().FindIndex(where)
		if at == nil {
			continue
		}
		kind := s.kind
		if p.isHTML() && kind == BannerAdded {
			kind = HTMLBannerAdded
		}
		if p.isHTML() && kind == FooterAdded {
			kind = HTMLFooterAdded
		}
		if kind == FooterAdded && p.id != "" && !strings.HasSuffix("."+p.id, ".1") && len(text) < 2000 {
			kind = FooterPartAdded
		}
		list = append(list, Change{Kind: kind, Now: excerpt(where[max(0, at[0]-20):min(len(where), at[1]+80)])})
	}
	if at := linkServices().FindIndex(text); at != nil {
		list = append(list, Change{Kind: LinksRewritten, Now: excerpt(text[max(0, at[0]-5):min(len(text), at[1]+40)])})
	}
	return list
}

// cutOff reports whether the end of a body is missing: that of a multipart, of base64, of HTML.
func cutOff(body []byte, root *part) bool {
	for _, p := range append(inner(root), root) {
		if len(p.parts) > 0 {
			last := p.parts[len(p.parts)-1]
			if _, _, closing, ok := delimiter(body, last.body.to, p.boundary); !ok || !closing {
				return true
			}
		}
	}
	leaves := root.leaves()
	last := leaves[len(leaves)-1]
	raw := bytes.TrimSpace(last.body.of(body))
	switch {
	case last.encoding == "base64":
		_, ok := fromBase64(raw)
		return len(raw) > 0 && (!ok || last == root && !bytes.HasSuffix(body, []byte("\n")))
	case last.encoding == "quoted-printable" && (bytes.HasSuffix(raw, []byte("=")) || len(raw) > 1 && raw[len(raw)-2] == '='):
		return true
	case last.isHTML():
		lower := bytes.ToLower(raw)
		return bytes.Contains(lower, []byte("<html")) && !bytes.Contains(lower, []byte("</html"))
	}
	return root.id == "" && len(root.parts) == 0 && !bytes.HasSuffix(body, []byte("\n")) && len(raw) > 0
}
