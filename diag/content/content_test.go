package content_test

import (
	"encoding/base64"
	escape "html"
	"strings"
	"testing"

	"todoku/diag/content"
	"todoku/sender/mail"
)

// look reads a mail whose lines end in LF.
func look(text string) *content.Content {
	return content.Look(mail.Open([]byte(strings.ReplaceAll(text, "\n", "\r\n"))), content.Options{})
}

// plain is a mail with a subject and a text.
func plain(subject, text string) string {
	return "From: News <news@example.jp>\nTo: taro@example.net\nSubject: " + subject + "\nMIME-Version: 1.0\n" +
		"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + text
}

// html is a mail with a subject and an HTML text.
func html(subject, text string) string {
	return strings.Replace(plain(subject, text), "text/plain", "text/html", 1)
}

// kinds are the forms and texts of the placeholders of a mail.
func kinds(c *content.Content) string {
	var out []string
	for _, p := range c.Placeholders {
		sure := "?"
		if p.Certain {
			sure = ""
		}
		out = append(out, p.Place+":"+p.Kind+sure+":"+p.Text)
	}
	return strings.Join(out, "; ")
}

// placeholders are mails with their placeholders, as kinds tells them.
func placeholders() []struct{ mail, want string } {
	return []struct{ mail, want string }{
		{plain("{{name}} 様へ", "本文"), "subject:braces:{{name}}"},
		{plain("News", "Dear {{first_name}},\n\nHello."), "text:braces:{{first_name}}"},
		{plain("News", "Dear {{ contact.firstname | default: \"you\" }},\n"), `text:braces:{{ contact.firstname | default: "you" }}`},
		{plain("News", "{{{name}}} 様\n"), "text:braces:{{{name}}}"},
		{plain("News", "{{#if vip}}Thanks{{/if}}\n"), "text:braces:{{#if vip}}; text:braces:{{/if}}"},
		{plain("News", "{% if user.vip %}Thank you{% endif %}\n"), "text:tag:{% if user.vip %}; text:tag:{% endif %}"},
		{plain("News", "Hi *|FNAME|*,\n"), "text:merge:*|FNAME|*"},
		{plain("News", "*|IF:FNAME|*Hi*|END:IF|*\n"), "text:merge:*|IF:FNAME|*; text:merge:*|END:IF|*"},
		{plain("News", "%%name%% 様\n"), "text:percents:%%name%%"},
		{plain("News", "%%First Name%%, hello\n"), "text:percents:%%First Name%%"},
		{plain("News", "Hi %FIRSTNAME%,\n"), "text:percent:%FIRSTNAME%"},
		{plain("News", "%name%様\n"), "text:percent:%name%"},
		{plain("News", "[[name]] 様\n"), "text:brackets:[[name]]"},
		{plain("News", "<%= name %> 様\n"), "text:program:<%= name %>"},
		{plain("News", "Hello ${name},\n"), "text:dollar_braces:${name}"},
		{plain("News", "Hello ${firstName|there},\n"), "text:dollar_braces:${firstName|there}"},
		{plain("News", "$name$ 様\n"), "text:dollar:$name$"},
		{plain("News", "##name## 様\n"), "text:hashes:##name##"},
		{plain("News", "###NAME### 様\n"), "text:hashes:###NAME###"},
		{plain("News", "### heading ###\n#### a\n"), ""},
		{plain("News", "@@name@@ 様\n"), "text:ats:@@name@@"},
		{plain("News", "{$name} 様\n"), "text:dollar_braces:{$name}"},
		{plain("News", "{!firstname_fix},\n"), "text:brace_mark:{!firstname_fix}"},
		{plain("News", "Dear [FIRST NAME],\n"), "text:bracket:[FIRST NAME]"},
		{plain("News", "Dear {name},\n"), "text:brace:{name}"},
		{plain("News", "{会社名} {氏名} 様\n"), "text:brace:{会社名}; text:brace:{氏名}"},
		{plain("News", "{{氏名}} 様\n"), "text:braces:{{氏名}}"},
		{plain("News", "｛｛氏名｝｝ 様\n"), "text:braces:｛｛氏名｝｝"},
		{plain("News", "％％氏名％％ 様\n"), "text:percents:％％氏名％％"},
		{plain("News", "％氏名％ 様\n"), "text:percent:％氏名％"},
		{plain("News", "［氏名］様\n"), "text:bracket:［氏名］"},
		{plain("News", "【氏名】様\n"), "text:corners:【氏名】"},
		{plain("News", "<<会社名>>\n<<お名前>> 様\n"), "text:angles:<<会社名>>; text:angles:<<お名前>>"},
		{plain("News", "«First Name»,\n"), "text:quotes:«First Name»"},
		{plain("News", "〇〇様\n\nお世話になっております。\n"), "text:name_blank:〇〇様"},
		{plain("News", "○○ 様\n\nお世話になっております。\n"), "text:name_blank:○○ 様"},
		{plain("News", "株式会社●●御中\n"), "text:name_blank:●●御中"},
		{plain("News", "△△株式会社\n△△様\n"), "text:name_blank:△△様"},
		{plain("News", "開催日は●月●日です。\n"), "text:date_blank?:●月●日"},
		{plain("News", "XX月XX日に発送します。\n"), "text:date_blank?:XX月XX日"},
		{plain("News", " 様\n\nいつもありがとうございます。\n"), "text:name_missing: 様"},
		{plain("News", "様\n"), "text:name_missing:様"},
		{plain("News", "さん、こんにちは。\n"), "text:name_missing:さん、こんにちは。"},
		{plain("様へのお知らせ", "本文\n"), "subject:name_missing:様へのお知らせ"},
		{plain("【重要】 様へのご案内", "本文\n"), "subject:name_missing:【重要】 様へのご案内"},
		{plain("News", "Dear ,\n\nWe are happy.\n"), "text:name_missing:Dear ,"},
		{plain("News", "Hi , welcome!\n"), "text:name_missing:Hi , welcome!"},
		{plain("News", "Dear Mr. ,\n"), "text:name_missing:Dear Mr. ,"},
		{plain("News", "Dear,\n"), "text:name_missing?:Dear,"},
		{plain("News", "undefined様\n"), "text:program_value:undefined"},
		{plain("News", "Dear null,\n"), "text:program_value:null"},
		{plain("News", "Hello undefined, welcome\n"), "text:program_value:undefined"},
		{plain("News", "合計: NaN円\n"), "text:program_value:NaN"},
		{plain("News", "Total: $undefined\n"), "text:program_value:undefined"},
		{plain("News", "Your items: [object Object]\n"), "text:program_value:[object Object]"},
		{plain("News", "お名前: null\n"), "text:program_value?:null"},
		{plain("News", "Lorem ipsum dolor sit amet\n"), "text:program_value:Lorem ipsum"},
		{plain("News", "ここに本文を入力してください\n"), "text:filler?:ここに本文"},
		{plain("News", "<?= $name ?> 様\n"), "text:program:<?= $name ?>"},
		{plain("News", "#name# 様\n"), "text:hash:#name#"},
		{plain("News", "__氏名__ 様\n"), "text:underscores:__氏名__"},
		{plain("News", "||name|| 様\n"), "text:bars:||name||"},
		{plain("News", "@FIRSTNAME@, hello\n"), "text:at:@FIRSTNAME@"},
		{plain("News", "(氏名)様\n"), "text:parentheses:(氏名)"},
		{plain("News", "「氏名」様\n"), "text:corners:「氏名」"},
		{plain("News", "{{name} 様\n"), "text:brace:{name}"},
		{plain("News", "Dear {0},\n"), "text:brace:{0}"},
		{plain("News", "Dear %s,\n"), "text:program_value:%s"},
		{plain("News", "%s 様\n"), "text:program_value:%s"},
		{plain("News", "Hello @Model.Name\n"), "text:program_value:@Model."},
		{plain("News", "氏名 様\n"), "text:name_word:氏名 様"},
		{plain("News", "会社名 お名前 様\n"), "text:name_word:会社名 お名前 様"},
		{plain("News", "Dear First Name,\n"), "text:name_word:Dear First Name,"},
		{plain("News", "Hi FNAME!\n"), "text:name_word:Hi FNAME!"},
		{plain("News", "Hi [firstname,fallback=there],\n"), "text:bracket:[firstname,fallback=there]"},
		{plain("News", "[[FIRSTNAME OR \"friend\"]], hello\n"), "text:brackets:[[FIRSTNAME OR \"friend\"]]"},
		{plain("News", "[[data:firstname:\"there\"]]\n"), "text:brackets:[[data:firstname:\"there\"]]"},
		{plain("News", "[your-name] 様\n"), "text:bracket:[your-name]"},
		{plain("News", "%%=v(@name)=%%\n"), "text:percents:%%=v(@name)=%%"},
		{plain("News", "$[FNAME|Customer]$\n"), "text:dollar:$[FNAME|Customer]$"},
		{plain("News", "[% member:first_name %]\n"), "text:program:[% member:first_name %]"},
		{plain("News", "{{lead.First Name:default=friend}}\n"), "text:braces:{{lead.First Name:default=friend}}"},
		{plain("News", "https://example.jp/u?id={{id}}\n"), "link:braces:{{id}}"},
		{html("News", "<p>Dear {{<b>name</b>}},</p>"), "html:braces:{{name}}"},
		{html("News", "<p>&lt;%= name %&gt; 様</p>"), "html:program:<%= name %>"},
		{html("News", `<p><a href="*|UNSUB|*">配信停止</a></p>`), "link:merge:*|UNSUB|*"},
		{html("News", `<p><a href="https://example.jp/?m=%%email%%">View</a></p>`), "link:percents:%%email%%"},
		{html("News", `<p>A</p><img src="a.png" alt="{{product}}">`), "html:braces:{{product}}"},
		{html("News", `<div style="display:none">{{preheader}}</div><p>A</p>`), "html:braces:{{preheader}}"},
		{"From: {{sender_name}} <a@example.jp>\nSubject: A\n\nText\n", "From:braces:{{sender_name}}"},
		{"From: a@example.jp\nSubject: =?utf-8?B?e3vmsI/lkI19feanmA==?=\n\nText\n", "subject:braces:{{氏名}}"},
		{"From: a@example.jp\nList-Unsubscribe: <https://example.jp/u/{{token}}>\n\nText\n", "List-Unsubscribe:braces:{{token}}"},
	}
}

func TestPlaceholders(t *testing.T) {
	t.Parallel()
	for _, c := range placeholders() {
		if got := kinds(look(c.mail)); got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.mail[strings.Index(c.mail, "Subject"):], got, c.want)
		}
	}
}

// TestPlaceholdersInHTML: what stands in a plain text is found in HTML in base64 too.
func TestPlaceholdersInHTML(t *testing.T) {
	t.Parallel()
	for _, c := range placeholders() {
		_, text, _ := strings.Cut(c.mail, "8bit\n\n")
		if !strings.HasPrefix(c.want, "text:") || strings.Contains(c.mail, "text/html") {
			continue
		}
		lines := strings.Split(escape.EscapeString(text), "\n")
		page := base64.StdEncoding.EncodeToString([]byte("<html><body><p>" + strings.Join(lines, "</p>\n<p>") + "</p></body></html>"))
		mail := strings.Replace(html("News", page), "8bit", "base64", 1)
		want := strings.ReplaceAll(c.want, "text:", "html:")
		got := kinds(look(mail))
		if got != want && got != strings.ReplaceAll(want, "html:name_missing: 様", "html:name_missing:様") {
			t.Errorf("%q:\n got %s\nwant %s", text, got, want)
		}
	}
}
