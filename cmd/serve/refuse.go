package serve

import (
	"errors"
	"math"
	"net/http"
	"strconv"

	"todoku/cmd/serve/guard"
	"todoku/codes"
)

// refuse writes the page of a request that may not pass.
func (s *server) refuse(w http.ResponseWriter, r *http.Request, why guard.Reason) {
	s.metrics.refused.Add(1)
	hurry(w, r)
	if why == guard.NoToken {
		s.askToken(w, r, http.StatusUnauthorized, "")
		return
	}
	title, says := refusalText(why)
	f := s.frame(w, r, title)
	f.Secret = ""
	show(w, why.Status(), "refused", f, says.In(f.Lang))
}

// refuseRun writes the page of a command line that did not run.
func (s *server) refuseRun(w http.ResponseWriter, r *http.Request, err error) {
	var no *refusal
	if !errors.As(err, &no) {
		no = &refusal{reason: guard.Busy}
	}
	w.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(no.wait.Seconds())))))
	s.refuse(w, r, no.reason)
}

// refusalText says what a refusal means.
func refusalText(why guard.Reason) (title, says codes.Text) {
	switch why {
	case guard.ForeignHost:
		return codes.Text{EN: "This server is not asked by that name", JA: "このホスト名ではアクセスできません"},
			codes.Text{EN: "Ask it by its address, or name it with --host where it is started.", JA: "アドレスでアクセスするか、サーバーの起動時に --host でホスト名を指定してください。"}
	case guard.ForeignOrigin:
		return codes.Text{EN: "The form stands on another page", JA: "ほかのサイトのページからの送信です"},
			codes.Text{EN: "Open this server itself and send the form there.", JA: "このサーバーのページを開いて送信してください。"}
	case guard.NoProxy:
		return codes.Text{EN: "Only the proxy may ask", JA: "プロキシを経由してアクセスしてください"},
			codes.Text{EN: "Users are known by a proxy; its address is given with --proxy.", JA: "利用者の確認にプロキシを使用しています(プロキシのアドレスは --proxy で指定します)。"}
	case guard.NoUser:
		return codes.Text{EN: "The proxy named no user", JA: "利用者名が渡されていません"},
			codes.Text{EN: "It has to set the field of --user-header once, and to remove what a browser sends in it.", JA: "プロキシで --user-header のヘッダーを1つだけ設定し、ブラウザーが送った同名のヘッダーは取り除いてください。"}
	case guard.BadForm:
		return codes.Text{EN: "This form is no longer valid", JA: "フォームの有効期限が切れています"},
			codes.Text{EN: "Open the page again and send it once more. Cookies are needed.", JA: "ページを開き直して、もう一度送信してください(Cookieが必要です)。"}
	case guard.BadMethod:
		return codes.Text{EN: "This is not asked that way", JA: "この方法ではアクセスできません"}, codes.Text{EN: "Open the page in a browser.", JA: "ブラウザーでページを開いてください。"}
	case guard.TooLarge:
		return codes.Text{EN: "That is too large", JA: "サイズが上限を超えています"},
			codes.Text{EN: "Give only the lines about the error, or a smaller file (.gz is read through).", JA: "エラーに関する行だけを入力するか、ファイルを小さくしてください(ログは .gz でも読み取れます)。"}
	case guard.TooMany:
		return codes.Text{EN: "Too many runs at once", JA: "実行回数が上限を超えました"}, codes.Text{EN: "Wait a little, then try again.", JA: "少し待ってから、もう一度お試しください。"}
	}
	return codes.Text{EN: "The server is busy", JA: "サーバーが混み合っています"}, codes.Text{EN: "Wait a little, then try again.", JA: "少し待ってから、もう一度お試しください。"}
}

// notFound writes the page of an address that leads nowhere.
func (s *server) notFound(w http.ResponseWriter, r *http.Request) {
	f := s.frame(w, r, codes.Text{EN: "There is nothing here", JA: "ページがありません"})
	show(w, http.StatusNotFound, "refused", f, f.T("Results are kept for 24 hours, and fewer where many are made.",
		"結果は24時間保持されます(件数が多い場合は、それより早く削除されます)。"))
}

// askToken writes the page on which a visitor gives the token.
func (s *server) askToken(w http.ResponseWriter, r *http.Request, status int, problem string) {
	show(w, status, "login", s.frame(w, r, codes.Text{EN: "Who are you?", JA: "トークンの入力"}), problem)
}

// login takes the token. It is reached without one: what it needs of the guard it asks itself.
func (s *server) login(w http.ResponseWriter, r *http.Request) {
	if s.guard.RightToken(r, r.PostForm.Get("token")) {
		s.guard.LetIn(w, r)
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	f := s.frame(w, r, codes.Text{})
	s.askToken(w, r, http.StatusUnauthorized, f.T("This is not the token, or it was tried too often: wait a minute.",
		"トークンが正しくないか、試行回数が多すぎます(1分ほど待ってからお試しください)。"))
}
