package event

// category is what a service's own word for a reason means.
type category struct {
	reason string // id of the reason
	action Action // what happened, where the word tells more than the kind does
}

// reasonWords say a reason in words that codes understands, for records that have nothing but a category.
var reasonWords = map[string]string{
	"user_unknown":      "user unknown",
	"address_syntax":    "invalid address syntax",
	"mailbox_disabled":  "mailbox disabled",
	"mailbox_full":      "mailbox full",
	"domain_unknown":    "domain not found",
	"dns_failure":       "DNS lookup failed",
	"too_large":         "message too large",
	"spam":              "message rejected as spam",
	"virus":             "virus detected",
	"content_refused":   "message content rejected",
	"message_format":    "message is not RFC 5322 compliant",
	"ip_reputation":     "poor reputation of your IP address",
	"policy":            "rejected by policy",
	"dmarc":             "message failed DMARC",
	"relay_denied":      "relaying denied",
	"rate_limited":      "too many messages, rate limited",
	"suppressed":        "recipient is on the suppression list",
	"connection_failed": "connection timed out",
	"expired":           "message expired",
	"system_error":      "internal server error",
	"protocol_error":    "protocol error",
	"sender_refused":    "sender address rejected",
	"greylisted":        "greylisted",
	"mail_loop":         "mail loop detected",
}

// categories are the words of the services, as squeeze writes them. These mean the same whoever uses them; a service may have
// others of its own.
var categories = map[string]category{
	// Amazon SES: bounceSubType, delayType
	"noemail":                        {reason: "user_unknown"},
	"suppressed":                     {reason: "suppressed"},
	"onaccountsuppressionlist":       {reason: "suppressed"},
	"unsubscribedrecipient":          {reason: "suppressed"},
	"mailboxfull":                    {reason: "mailbox_full"},
	"messagetoolarge":                {reason: "too_large"},
	"contentrejected":                {reason: "content_refused"},
	"attachmentrejected":             {reason: "content_refused"},
	"customtimeoutexceeded":          {reason: "expired", action: Expired},
	"internalfailure":                {reason: "system_error"},
	"recipientservererror":           {reason: "system_error"},
	"spamdetected":                   {reason: "spam"},
	"ipfailure":                      {reason: "ip_reputation"},
	"transientcommunicationfailure":  {reason: "connection_failed"},
	"byoiphostnamelookupunavailable": {reason: "dns_failure"},
	"sendingdeferral":                {reason: "rate_limited"},

	// SendGrid: bounce_classification, reasons of "dropped"
	"invalidaddress":                {reason: "user_unknown"},
	"reputation":                    {reason: "ip_reputation"},
	"frequencyorvolumetoohigh":      {reason: "rate_limited"},
	"mailboxunavailable":            {reason: "mailbox_disabled"},
	"bouncedaddress":                {reason: "suppressed"},
	"unsubscribedaddress":           {reason: "suppressed"},
	"unsubscribed":                  {reason: "suppressed"},
	"spamreportingaddress":          {reason: "suppressed"},
	"groupunsubscribed":             {reason: "suppressed"},
	"recipientlistoverpackagequota": {reason: "rate_limited"},
	"spamcontent":                   {reason: "spam"},
	"invalidsmtpapiheader":          {reason: "message_format"},

	// Mailgun: reason
	"suppressbounce":      {reason: "suppressed"},
	"suppresscomplaint":   {reason: "suppressed"},
	"suppressunsubscribe": {reason: "suppressed"},
	"suppressautoremove":  {reason: "suppressed"},
	"greylisted":          {reason: "greylisted"},
	"espblock":            {reason: "policy"},

	// Postmark: Type
	"blocked":             {reason: "policy"},
	"ispblock":            {reason: "policy"},
	"spamnotification":    {reason: "spam"},
	"virusnotification":   {reason: "virus"},
	"dnserror":            {reason: "domain_unknown"},
	"addresschange":       {reason: "user_unknown"},
	"manuallydeactivated": {reason: "suppressed"},
	"inactiverecipient":   {reason: "suppressed"},
	"bademailaddress":     {reason: "address_syntax"},
	"dmarcpolicy":         {reason: "dmarc"},
	"smtpapierror":        {reason: "system_error"},
	"unconfirmed":         {reason: "suppressed"},

	// Mandrill: bounce_description
	"badmailbox":      {reason: "user_unknown"},
	"invaliddomain":   {reason: "domain_unknown"},
	"mailboxinactive": {reason: "mailbox_disabled"},
	"messagetoobig":   {reason: "too_large"},
	"ruledenied":      {reason: "policy"},
	"invalidsender":   {reason: "sender_refused"},

	// PowerMTA: bounceCat
	"inactivemailbox":    {reason: "mailbox_disabled"},
	"baddomain":          {reason: "domain_unknown"},
	"quotaissues":        {reason: "mailbox_full"},
	"noanswerfromhost":   {reason: "connection_failed"},
	"badconnection":      {reason: "connection_failed"},
	"badconfiguration":   {reason: "system_error"},
	"invalidsendersetup": {reason: "sender_refused"},
	"messageexpired":     {reason: "expired", action: Expired},
	"policyrelated":      {reason: "policy"},
	"relayingissues":     {reason: "relay_denied"},
	"routingerrors":      {reason: "dns_failure"},
	"spamblock":          {reason: "spam"},
	"spamrelated":        {reason: "spam"},
	"contentrelated":     {reason: "content_refused"},
	"virusrelated":       {reason: "virus"},
	"protocolerrors":     {reason: "protocol_error"},
}
