package paste

import (
	"strings"

	"todoku/codes"
)

// stage reads where in the session it happened, from the words: what a system names, else what the words of a program mean.
func (p pasted) stage() codes.Stage {
	low := p.sought()
	if s := stageNamed(low); s != "" {
		return p.stageOfProgram(s)
	}
	for _, w := range stageWords {
		if low.has(w.words) {
			return w.stage
		}
	}
	return ""
}

// StageNamed is the part of the session that words such as "in reply to RCPT TO command" name; "" for none.
func StageNamed(words string) codes.Stage { return stageNamed(soughtIn(lower(words))) }

// stageIntros stand before the name of a part of the session.
var stageIntros = [...]string{
	"timed out while ", "timeout after ", "in reply to ", "in response to ", " while ", "command: '", "command: \"", "\"command\":\"",
	"error at ", "failed at ", "rejected at ", "refused at ", "rejected after ", "stage: ", "stage=", "phase: ", "phase=",
}

// stageOutros stand behind the name of a command that failed. "Helo command rejected" is what a server says, at any command.
var stageOutros = [...]string{
	" command failed", "command failed", " failed: ", " rejected: ", " error: ", " was rejected: ",
	"コマンドへの応答", "への応答", "に対する応答", "コマンドの応答", "の応答",
	"コマンドが拒否", "コマンドに失敗",
}

// stageNamed is the part of the session that a text in lower case names last; "" for none.
func stageNamed(words sought) (stage codes.Stage) {
	last := -1
	for _, intro := range stageIntros {
		at := words.last(intro)
		if at <= last {
			continue
		}
		if s := stageOf(words.low[at+len(intro):]); s != "" {
			stage, last = s, at
		}
	}
	for _, outro := range stageOutros {
		at := words.last(outro)
		if at <= last {
			continue
		}
		if s := stageBefore(words.low[:at]); s != "" {
			stage, last = s, at
		}
	}
	return stage
}

// stageBefore is the part of the session whose name a text ends with: "MAIL FROM", "AUTH PLAIN".
func stageBefore(s string) codes.Stage {
	s = s[strings.LastIndexAny(s, "\n:>*[(\"'。、「")+1:]
	words := strings.Fields(s)
	for n := 1; n <= 2 && n <= len(words); n++ {
		name := strings.Join(words[len(words)-n:], " ")
		for _, c := range commandNames {
			if name == c.begin || strings.HasPrefix(name, c.begin+" ") {
				return c.stage
			}
		}
	}
	return ""
}

// commandNames are the commands of a session, as programs name them in their messages.
var commandNames = [...]stageName{
	{"mail from", codes.StageMail}, {"mail", codes.StageMail}, {"rcpt to", codes.StageRcpt}, {"rcpt", codes.StageRcpt},
	{"data end", codes.StageBody}, {"end of data", codes.StageBody}, {"data", codes.StageData},
	{"ehlo", codes.StageEHLO}, {"helo", codes.StageEHLO}, {"lhlo", codes.StageEHLO}, {"starttls", codes.StageSTARTTLS},
	{"auth", codes.StageAuth}, {"password", codes.StageAuth}, {"username", codes.StageAuth},
}

// stageWords are what programs say at a part of the session, whatever the server answered, in lower case.
var stageWords = [...]struct {
	words string
	stage codes.Stage
}{
	{"msmtp: authentication failed", codes.StageAuth}, {"invalid login", codes.StageAuth},
	{"'eauth'", codes.StageAuth}, {"\"eauth\"", codes.StageAuth}, {"authenticationfailedexception", codes.StageAuth},
	{"smtpauthenticationerror", codes.StageAuth}, {"failed to authenticate on smtp server", codes.StageAuth},
	{"could not authenticate", codes.StageAuth}, {"unable to authenticate to ", codes.StageAuth},
	{"authentication failed (method ", codes.StageAuth}, {"authenticator \"", codes.StageAuth}, {"login denied", codes.StageAuth},
	{"possible duplicate", codes.StageBody},
	{"smtpconnecterror: (5", codes.StageConnect}, {"invalid greeting", codes.StageConnect}, {"refused to talk to me", codes.StageConnect},
	{"cannot get initial ok message", codes.StageConnect}, {"接続直後", codes.StageConnect}, {"接続時の応答", codes.StageConnect},
	{"smtpheloerror", codes.StageEHLO},
	{"smtpsenderrefused", codes.StageMail}, {"smtpsenderfailedexception", codes.StageMail}, {"sendernotaccepted", codes.StageMail},
	{"envelope from address", codes.StageMail}, {"the following from address failed", codes.StageMail},
	{"smtprecipientsrefused", codes.StageRcpt}, {"smtpaddressfailedexception", codes.StageRcpt},
	{"recipientnotaccepted", codes.StageRcpt}, {"all recipients were rejected", codes.StageRcpt},
	{"the following recipients failed", codes.StageRcpt}, {"smtpdataerror", codes.StageBody}, {"messagenotaccepted", codes.StageBody},
}

// stageOfProgram is the stage s, which a program names by its command, where its own code tells more: to nodemailer DATA is the
// message as well.
func (p pasted) stageOfProgram(s codes.Stage) codes.Stage {
	if s == codes.StageData && p.sought().hasAny([]string{"'emessage'", "\"emessage\""}) {
		return codes.StageBody
	}
	return s
}

// stageName is a name, or its beginning, and the part of the session that has it.
type stageName struct {
	begin string
	stage codes.Stage
}

// stageNames are beginnings of what systems call the parts of a session.
var stageNames = [...]stageName{
	{"end of data", codes.StageBody}, {"final data", codes.StageBody}, {"message body", codes.StageBody},
	{"data block", codes.StageBody}, {"message content", codes.StageBody},
	{"rcpt", codes.StageRcpt}, {"mail from", codes.StageMail}, {"mail command", codes.StageMail},
	{"data end", codes.StageBody}, {"data", codes.StageData}, {"text", codes.StageBody}, {".", codes.StageBody},
	{"ehlo", codes.StageEHLO}, {"helo", codes.StageEHLO}, {"lhlo", codes.StageEHLO},
	{"starttls", codes.StageSTARTTLS}, {"tls", codes.StageSTARTTLS}, {"auth", codes.StageAuth},
	{"password", codes.StageAuth}, {"username", codes.StageAuth}, {"user & password", codes.StageAuth}, {"login", codes.StageAuth},
	{"initial", codes.StageConnect}, {"server greeting", codes.StageConnect}, {"greeting", codes.StageConnect},
	{"connect", codes.StageConnect}, {"banner", codes.StageConnect},
	{"quit", codes.StageQuit}, {"rset", codes.StageQuit},
}

// stageOf reads such a name, in lower case, with the words before it.
func stageOf(s string) codes.Stage {
	for more := true; more; {
		more = false
		for _, w := range [...]string{"sending ", "receiving ", "performing ", "the ", "pipelined ", "our ", "<"} {
			if rest, ok := strings.CutPrefix(s, w); ok {
				s, more = rest, true
			}
		}
	}
	for _, n := range stageNames {
		if strings.HasPrefix(s, n.begin) {
			return n.stage
		}
	}
	return ""
}
