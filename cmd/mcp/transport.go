package mcp

import (
	"context"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// transport makes a connection that answers what was asked before the end of its input. The library itself gives up on calls
// that are at work when the input ends, so that a script could not pipe its calls in.
type transport struct{ inner sdk.Transport }

// Connect implements sdk.Transport.
func (t transport) Connect(ctx context.Context) (sdk.Connection, error) {
	inner, err := t.inner.Connect(ctx)
	return &connection{Connection: inner, ids: map[jsonrpc.ID]bool{}, closed: make(chan struct{})}, err
}

type connection struct {
	sdk.Connection
	open   sync.WaitGroup // calls that were read and not answered
	mu     sync.Mutex
	ids    map[jsonrpc.ID]bool // theirs; the library answers none whose id is in use
	once   sync.Once
	closed chan struct{}
}

// Read implements sdk.Connection. The end of the input is told when all calls are answered, or the connection is closed.
func (c *connection) Read(ctx context.Context) (jsonrpc.Message, error) {
	m, err := c.Connection.Read(ctx)
	if call, is := m.(*jsonrpc.Request); err == nil && is && call.IsCall() {
		c.begin(call.ID)
	}
	if err != nil {
		answered := make(chan struct{})
		go func() { c.open.Wait(); close(answered) }()
		select {
		case <-answered:
		case <-c.closed:
		case <-ctx.Done():
		}
	}
	return m, err
}

// Write implements sdk.Connection.
func (c *connection) Write(ctx context.Context, m jsonrpc.Message) error {
	if answer, is := m.(*jsonrpc.Response); is {
		defer c.end(answer.ID)
	}
	return c.Connection.Write(ctx, m)
}

func (c *connection) begin(id jsonrpc.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ids[id] {
		c.ids[id] = true
		c.open.Add(1)
	}
}

func (c *connection) end(id jsonrpc.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ids[id] {
		delete(c.ids, id)
		c.open.Done()
	}
}

// Close implements sdk.Connection.
func (c *connection) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Connection.Close()
}
