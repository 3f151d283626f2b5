package codes

import "strings"

// spelling gives words the form that the expressions know: German without umlauts, slips that servers made, and what is no word at
// all. Texts are in lower case.
var spelling = strings.NewReplacer(
	"’", "'", "`", "'", "ё", "е",
	// The scheme of a URL says nothing about TLS.
	"ssl://", "", "tls://", "", "smtps://", "", "smtp://", "",
	// Umlauts written as two letters, by the stems that mail servers use; "ue" is not always one ("queue").
	"ueber", "über", "verfueg", "verfüg", "gueltig", "gültig", "empfaeng", "empfäng", "zulaess", "zuläss", "verzoeger", "verzöger",
	"fuell", "füll", "verschluessel", "verschlüssel", "unterstuetz", "unterstütz", "moeglich", "möglich", "benoetig", "benötig",
	"haeufig", "häufig", "gewuenscht", "gewünscht", "geloescht", "gelöscht", "groesse", "größe", "groeße", "größe",
	"zu gross", "zu groß",
	"kuendigt", "kündigt", "loest", "löst",
	"zurueck", "zurück", "laenge", "länge", "anhaeng", "anhäng", "unzustaend",
	"unzuständ", "fuer ", "für ",
	// Slips
	"unkown", "unknown", "unknown usr", "unknown user", "unknown", "unknown", "unknow", "unknown", "unknwon", "unknown",
	"uknown", "unknown", "unknonw", "unknown", "unkonwn", "unknown",
	"dosn't", "doesn't", "dosen't", "doesn't", "doesnot", "does not", "dont ", "don't ", "doesnt", "doesn't", "does'nt", "doesn't",
	"exsit", "exist", "exsist", "exist", "exits on", "exists on", "not exits", "not exist", "t exits", "t exist", "exixt", "exist",
	"no sush ", "no such ", "no sutch ", "no such ", "no suck ", "no such ",
	"recepient", "recipient", "reciepient", "recipient", "recipent ", "recipient ", "recipiant", "recipient", "receipient", "recipient",
	"usre ", "user ", "reciever", "receiver", "recieve", "receive", "acount", "account", "mailbxo", "mailbox", "maibox", "mailbox",
	"adress unknown", "address unknown", "unknown adress", "unknown address", "adress not", "address not", "adress is", "address is",
	"adress rejected", "address rejected", "invalid adress", "invalid address", "adress does", "address does", "mail adress ", "mail address ",
	"exeeded", "exceeded", "exceded", "exceeded", "excedded", "exceeded", "quata", "quota", "quotta", "quota",
	"unavaliable", "unavailable", "unavailble", "unavailable", "unavalible", "unavailable", "invaild", "invalid", "inavlid", "invalid",
	"permited", "permitted", "temporarely", "temporarily", "temporarly", "temporarily", "temporally", "temporarily",
	"suspened", "suspended", "authetication", "authentication", "autentication", "authentication", "relaing", "relaying",
	"rejeted", "rejected", "blackist", "blacklist", "conection", "connection", "timeouted", "timed out", "greylsit", "greylist",
)

// plain gives a text in lower case in the form that the expressions know.
func plain(text string) string { return spelling.Replace(strings.ToLower(text)) }

// withoutJoints is a word of several that underscores join, as several: "SPAM_SUSPECT". "" for any other word.
func withoutJoints(word string) string {
	if !strings.Contains(word, "_") || strings.ContainsAny(word, "./@\\=") {
		return ""
	}
	return strings.Trim(strings.ReplaceAll(word, "_", " "), " ")
}
