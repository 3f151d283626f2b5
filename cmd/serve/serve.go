// Package serve holds the command that offers the others in a browser. A request becomes a command line, which runs inside
// the program as a guest: it opens no file of the machine. What it prints becomes the page, so that a page says what a
// terminal would.
package serve

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/serve/guard"
	"todoku/cmd/stores"
	"todoku/cmd/usage"
	"todoku/codes"
)

// Runner runs a command line with an app, as cmd.Execute does.
type Runner func(context.Context, *app.App, []string) app.ExitStatus

// options are the flags of `serve`.
type options struct {
	listen       string
	hosts        []string
	tokenFile    string
	userHeader   string
	proxies      []netip.Prefix
	allowPrivate bool
	history      string
	store        stores.Flags // of watched domains
	maxUpload    int          // MiB
	rate         int          // command lines a minute, of one user
	atOnce       int          // command lines at once, of one user
	questions    int          // questions to DNS a minute, of one user

	token string // of tokenFile
}

// Where `serve` listens, and its bounds, unless told otherwise.
const (
	defaultListen = "127.0.0.1:8420"
	defaultUpload = 256
	defaultRate   = 1200
	defaultAtOnce = 4
	defaultAsked  = 20_000
)

// New makes the command `serve`.
func New(a *app.App, run Runner) *cobra.Command {
	o := &options{listen: defaultListen, maxUpload: defaultUpload, rate: defaultRate, atOnce: defaultAtOnce, questions: defaultAsked}
	c := a.Command(app.About{
		Use:   "serve",
		Uses:  []string{usage.World},
		Short: codes.Text{EN: "todoku in a browser, for those who use no terminal", JA: "ブラウザーで todoku を使えるようにします"},
		Long: codes.Text{
			EN: "Answers a browser until Ctrl-C: look up a code, paste a bounce, check a domain,\ngo through the guide, count the failures of a log, write a letter. What a page\nshows is what the command would print; each page names its command.\n\nOnly this machine can ask (loopback). --listen elsewhere needs --token-file, or\na proxy that names the user (--user-header, --proxy), and the names by which the\nserver is asked (--host). Whoever asks opens no file of this machine, and cannot\nmake it connect to private addresses unless --allow-private is given. Uploads\nare read as they come and not stored.",
			JA: "Ctrl-C で終了するまで、ブラウザーからの利用を受け付けます。コードの検索、エラーメール\nの診断、ドメインの検査、ガイド、ログの集計、文面の作成ができます。ページの内容は\nコマンドの出力と同じで、どのページにも対応するコマンドが表示されます。\n\n既定では、このコンピューター(ループバック)からのみ利用できます。--listen でほかの\nアドレスを使うには、--token-file、または利用者名を渡すプロキシ(--user-header と\n--proxy)が必要です。アクセスに使うホスト名は --host で指定します。利用者がこの\nコンピューターのファイルを開いたり、プライベートアドレスに接続させたりすることは\nできません(後者は --allow-private で許可できます)。アップロードされたファイルは\n読み取るだけで、保存しません。"},
		Example: codes.Text{
			EN: "  todoku serve\n  todoku serve --lab\n  todoku serve --listen 192.0.2.10:8420 --host mailcheck.example.jp \\\n    --token-file /etc/todoku/token\n  todoku serve --user-header X-Remote-User --host mailcheck.example.jp",
			JA: "  todoku serve\n  todoku serve --lab\n  todoku serve --listen 192.0.2.10:8420 --host mailcheck.example.jp \\\n    --token-file /etc/todoku/token\n  todoku serve --user-header X-Remote-User --host mailcheck.example.jp"},
		Exit: []app.ExitLine{
			{Status: app.ExitOK, Means: codes.Text{EN: "ended without an interrupt", JA: "中断されずに終了しました"}},
			{Status: app.ExitUnknown, Means: codes.Text{EN: "the address cannot be listened on", JA: "そのアドレスでは待ち受けできません"}},
		},
	}, func(ctx context.Context, _ []string) error { return serve(app.Serve(ctx, a), a, run, o) })
	o.flags(a, c)
	return c
}

func (o *options) flags(a *app.App, c *cobra.Command) {
	t := func(en, ja string) string { return a.T(codes.Text{EN: en, JA: ja}) }
	fs := c.Flags()
	fs.Var(app.ValueOf(&o.listen, guard.ParseListen, "ADDR:PORT"), "listen", t("address to listen on (default 127.0.0.1:8420)",
		"待ち受けるアドレス(既定は 127.0.0.1:8420)"))
	fs.Var(app.ListOf(&o.hosts, app.ParseDomain, "NAME"), "host", t("name by which browsers ask the server (repeatable)",
		"ブラウザーがアクセスに使うホスト名(複数指定可)"))
	fs.Var(app.ValueOf(&o.tokenFile, app.ParseNonEmpty, "FILE"), "token-file", t("file whose first line visitors have to know",
		"利用者に入力を求めるトークンを1行目に書いたファイル"))
	fs.Var(app.ValueOf(&o.userHeader, parseFieldName, "NAME"), "user-header", t("field in which a proxy names the user",
		"プロキシが利用者名を渡すヘッダーの名前"))
	fs.Var(app.ListOf(&o.proxies, app.ParsePrefix, "ADDR|CIDR"), "proxy", t("who may name a user (default: loopback; repeatable)",
		"利用者名を渡せるプロキシ\n(既定はループバック。複数指定可)"))
	fs.BoolVar(&o.allowPrivate, "allow-private", false, t("also connect to private addresses",
		"プライベートアドレスにも接続します"))
	fs.Var(app.ValueOf(&o.history, app.ParseNonEmpty, "FILE"), "history", t("history that visitors may read (default: none)",
		"利用者が閲覧できる送信履歴のファイル(既定はなし)"))
	o.store.Add(a, fs, codes.Text{EN: "watched domains that visitors may see (default: none)", JA: "利用者が閲覧できる監視対象(既定はなし)"})
	fs.Var(app.ValueOf(&o.maxUpload, parseFrom1, "MIB"), "max-upload", t("largest upload, in MiB (default 256)",
		"アップロードの上限(MiB。既定は 256)"))
	fs.Var(app.ValueOf(&o.rate, parseFrom1, "N"), "rate", t("runs a minute of one user (default 1200)",
		"1人の利用者が1分間に実行できる回数(既定は 1200)"))
	fs.Var(app.ValueOf(&o.questions, parseFrom1, "N"), "questions", t("DNS questions a minute of one user (default 20000)",
		"1人の利用者が1分間に送れるDNSの問い合わせ数\n(既定は 20000)"))
	fs.Var(app.ValueOf(&o.atOnce, parseFrom1, "N"), "at-once", t("runs at once of one user (default 4)",
		"1人の利用者が同時に実行できる数(既定は 4)"))
}

// parseFieldName takes the name of a header field (RFC 9110 §5.1).
func parseFieldName(s string) (string, error) {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	}) {
		return http.CanonicalHeaderKey(s), nil
	}
	return "", codes.Wrong(codes.Say(codes.Text{EN: "{value} is no name of a header field", JA: "{value} はヘッダーの名前ではありません"}, codes.Quoted("value", s)),
		codes.Say(codes.Text{EN: "give one such as X-Remote-User", JA: "X-Remote-User のように指定してください"}))
}

// parseFrom1 takes a number from 1 to a million.
func parseFrom1(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 1_000_000 {
		return 0, codes.Wrong(codes.Say(codes.Text{EN: "{value} is no number from 1 on", JA: "{value} は1以上の数ではありません"}, codes.Quoted("value", s)), codes.Message{})
	}
	return n, nil
}

// minToken is how long a token has to be, in octets: shorter ones can be guessed.
const minToken = 16

// check completes the options. It refuses an address that others reach where nothing tells who they are.
func (o *options) check(ctx context.Context, a *app.App) error {
	if o.tokenFile != "" {
		data, err := a.Read(ctx, o.tokenFile, app.Want{Limit: 64 << 10, Text: true})
		if err != nil {
			return a.ReadError("--token-file", err, codes.Text{EN: "the token cannot be read", JA: "トークンを読めません"},
				codes.Text{EN: "give a file whose first line is the token", JA: "1行目にトークンを書いたファイルを指定してください"})
		}
		line, _, _ := strings.Cut(string(data), "\n")
		if o.token = strings.TrimSpace(line); len(o.token) < minToken {
			return codes.At("--token-file", codes.Wrong(codes.Say(codes.Text{EN: "the token has fewer than {n} characters", JA: "トークンが{n}文字未満です"}, codes.Num("n", minToken)),
				codes.Say(codes.Text{EN: "write a long random one into the first line of the file", JA: "推測されない長いトークンをファイルの1行目に書いてください"})))
		}
	}
	if o.userHeader != "" && o.token != "" {
		return codes.At("--user-header", codes.Wrong(codes.Say(codes.Text{EN: "--token-file and --user-header exclude each other", JA: "--token-file と --user-header は同時に指定できません"}),
			codes.Say(codes.Text{EN: "give the one by which visitors are known", JA: "どちらか一方を指定してください"})))
	}
	if len(o.proxies) > 0 && o.userHeader == "" {
		return codes.At("--proxy", codes.Wrong(codes.Say(codes.Text{EN: "it does nothing without --user-header", JA: "--user-header がないと何の働きもしません"}),
			codes.Say(codes.Text{EN: "name the field of the user with --user-header", JA: "利用者名のヘッダーを --user-header で指定してください"})))
	}
	if len(o.proxies) == 0 {
		o.proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	}
	if at := netip.MustParseAddrPort(o.listen); !at.Addr().Unmap().IsLoopback() && o.token == "" && o.userHeader == "" {
		return codes.At("--listen", codes.Wrong(codes.Say(codes.Text{EN: "others could ask through {address}, whoever they are", JA: "{address} では、誰でも利用できてしまいます"}, codes.Str("address", o.listen)),
			codes.Say(codes.Text{EN: "add --token-file FILE, or --user-header NAME behind a proxy that names the user", JA: "--token-file FILE、または利用者名を渡すプロキシの背後で --user-header NAME を指定してください"})))
	}
	return nil
}

// Bounds of the server.
const (
	maxMemory      = 144 << 20 // from which on the garbage is collected more often
	maxConnections = 512       // of those that wait for a request the oldest gives way
	maxHeader      = 16 << 10
	headerPatience = 5 * time.Second
	idlePatience   = 30 * time.Second
	drainPatience  = 5 * time.Second
)

// serve answers until the context ends.
func serve(ctx context.Context, a *app.App, run Runner, o *options) error {
	if err := o.check(ctx, a); err != nil {
		return err
	}
	if a.OwnsProcess {
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(maxMemory))
	}
	s, err := newServer(ctx, a, run, o)
	if err != nil {
		return err
	}
	defer s.close()
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", o.listen)
	if err != nil {
		return guard.CannotListen(err)
	}
	bounded := guard.Bounded(l, maxConnections)
	web := &http.Server{ConnState: bounded.State, Handler: s.handler(), ReadHeaderTimeout: headerPatience, IdleTimeout: idlePatience,
		MaxHeaderBytes: maxHeader, ErrorLog: quiet(), BaseContext: func(net.Listener) context.Context { return s.ctx }}
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(bounded) }()
	a.Tell(codes.Say(codes.Text{EN: "listening on http://{address}/ (Ctrl-C ends it)", JA: "http://{address}/ で受け付けています(Ctrl-C で終了します)"}, codes.Str("address", l.Addr().String())))
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	s.stop() // what is under way ends with what is known
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainPatience)
	defer cancel()
	if web.Shutdown(drain) != nil {
		_ = web.Close()
	}
	return nil
}
