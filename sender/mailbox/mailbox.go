package mailbox

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"iter"
	"net"
	"os"
	"strings"
	"time"

	"todoku/codes"
)

// Item is one thing that waits: a mail, or a file with many mails or lines.
type Item struct {
	Name     string    // for people: a file name, "imap://host/INBOX;UID=7", "-"
	ID       string    // the same as long as it holds the same: UIDVALIDITY/UID, a UIDL, a path with size and time
	Mark     string    // what Options.Mark gives where the next look is to begin behind this item; "" where there is no such place
	Modified time.Time // when it was written or received; zero where nobody tells
	Mail     bool      // it is one mail, and can be moved or deleted; else a file, standard input

	// Open gives what it holds. It is read and closed before the next item is asked for, and before a Move or Delete.
	Open func(context.Context) (io.ReadCloser, error)
}

// Box is what a user named, open.
type Box interface {
	// Items streams what is there, in the order of time as far as it is known. An item that cannot be reached is an error
	// of its own; whoever goes on gets the next one.
	Items(context.Context) iter.Seq2[Item, error]
	// Move puts mails, named by their ID, into another folder of the same mailbox, which is made where it is not there.
	// What is gone already is no error. ErrCannot says that this is no mailbox with folders.
	Move(ctx context.Context, ids []string, folder string) error
	// Delete removes mails for good. ErrCannot says that this holds no single mails. It counts when it returns.
	Delete(ctx context.Context, ids []string) error
	// Wait returns when something new may be there, at the latest after a time.
	Wait(ctx context.Context, atMost time.Duration) error
	Close() error
}

// Options say how a Box is opened. The zero value opens files.
type Options struct {
	// OpenFile opens a file, or standard input for "-". nil is os.Open and os.Stdin.
	OpenFile func(ctx context.Context, name string) (io.ReadCloser, error)
	// Stat looks at what the user named. nil is os.Stat.
	Stat   func(name string) (fs.FileInfo, error)
	Tell   func(codes.Message)  // what is passed over, in which order files are read; nil: nobody wants to know
	Passed func(id string) bool // items that need not be given again, by their ID; nil: all are given
	Mark   func() string        // of the last item that need not be given again, at each look; "" or nil begins with the first

	// Of mailboxes on servers.
	Dial    func(ctx context.Context, network, address string) (net.Conn, error) // nil goes out to the world
	Roots   *x509.CertPool                                                       // that certificates are verified with; nil: the system's
	Timeout time.Duration                                                        // of one step; 0 is 30 s
	Plain   bool                                                                 // without TLS, also where the server offers it
	User    string                                                               // where the URL names none
	Bearer  bool                                                                 // the secret is a token for XOAUTH2
	Secret  func(ctx context.Context, host, user string) (string, error)         // asked once, when the server wants it
}

// The kinds of errors.
var (
	ErrCannot  = errors.New("this mailbox cannot do that")
	ErrLogin   = errors.New("the server refused the login")
	ErrNoTLS   = errors.New("the server offers no TLS")
	ErrTooLong = errors.New("the mail is too large")
)

// Open opens what a user named. The error is a *codes.UserError.
func Open(ctx context.Context, name string, o Options) (Box, error) {
	if o.OpenFile == nil {
		o.OpenFile = openFile
	}
	if o.Stat == nil {
		o.Stat = os.Stat
	}
	if o.Tell == nil {
		o.Tell = func(codes.Message) {}
	}
	if o.Mark == nil {
		o.Mark = func() string { return "" }
	}
	if o.Passed == nil {
		o.Passed = func(string) bool { return false }
	}
	if !strings.Contains(name, "://") {
		return openFiles(name, o)
	}
	a, err := parseAddress(name)
	if err != nil {
		return nil, err
	}
	if a.user == "" {
		a.user = o.User
	}
	if a.isPOP() {
		return openPOP(ctx, a, o)
	}
	return openIMAP(ctx, a, o)
}

func openFile(_ context.Context, name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(os.Stdin), nil
	}
	return os.Open(name)
}

// cannot is ErrCannot for a mailbox.
func cannot(name string) error {
	return &codes.UserError{Place: name, Kind: ErrCannot,
		Says: codes.Say(codes.Text{EN: "no mails can be moved or deleted here", JA: "ここではメールの移動や削除はできません"}),
		Remedy: codes.Say(codes.Text{EN: "name a Maildir, a directory of .eml files or a mailbox on a server; on POP3 mails can only be deleted",
			JA: "Maildir、.eml ファイルのディレクトリ、サーバーのメールボックスを指定してください(POP3では削除のみ可能です)"})}
}
