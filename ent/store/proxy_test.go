package store

import (
	"io"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"daybook/internal/postgrestest"
)

// proxy stands between a store and Postgres and makes the network misbehave.
type proxy struct {
	socket         string // of the server
	holdStatements atomic.Bool
	cutAnswers     atomic.Bool
	roundTrips     atomic.Int64 // times that clients spoke after the server had

	mutex sync.Mutex
	held  []heldStatement
}

// heldStatement is what a client sent before it lost its connection.
type heldStatement struct {
	bytes  []byte
	server net.Conn
}

// proxiedStore is a store that reaches its database through a proxy.
func proxiedStore(t *testing.T) (*Store, *proxy) {
	t.Helper()
	address, err := url.Parse(postgrestest.NewDatabase(t))
	if err != nil {
		t.Fatal(err)
	}
	query := address.Query()
	p := &proxy{socket: filepath.Join(query.Get("host"), ".s.PGSQL."+query.Get("port"))}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go p.accept(listener)
	query.Del("host")
	query.Del("port")
	address.RawQuery, address.Host = query.Encode(), listener.Addr().String()
	return openStore(t, address.String()), p
}

func (p *proxy) accept(listener net.Listener) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return // the test is over
		}
		server, err := net.Dial("unix", p.socket)
		if err != nil {
			client.Close()
			continue
		}
		c := &proxiedConn{proxy: p, client: client, server: server}
		go c.statements()
		go c.answers()
	}
}

// proxiedConn is one connection through the proxy.
type proxiedConn struct {
	*proxy
	client, server net.Conn
	answered       atomic.Bool // the server spoke last
	holding        atomic.Bool
}

func (c *proxiedConn) statements() {
	defer c.client.Close()
	buffer := make([]byte, 1<<16)
	for {
		n, err := c.client.Read(buffer)
		if err != nil {
			if !c.holding.Load() {
				c.server.Close()
			}
			return
		}
		if c.answered.Swap(false) {
			c.roundTrips.Add(1)
		}
		if c.holdStatements.Load() {
			c.hold(append([]byte(nil), buffer[:n]...))
			return
		}
		if _, err := c.server.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (c *proxiedConn) hold(statement []byte) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.holding.Store(true)
	c.held = append(c.held, heldStatement{statement, c.server})
}

func (c *proxiedConn) answers() {
	buffer := make([]byte, 1<<16)
	for !c.holding.Load() {
		n, err := c.server.Read(buffer)
		if err != nil || c.cutAnswers.Load() {
			break
		}
		c.answered.Store(true)
		if _, err := c.client.Write(buffer[:n]); err != nil {
			break
		}
	}
	c.client.Close()
}

// deliver sends what was held to the server and waits for its session to end.
func (p *proxy) deliver(t *testing.T) {
	t.Helper()
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if len(p.held) == 0 {
		t.Fatal("nothing was held")
	}
	for _, held := range p.held {
		if _, err := held.server.Write(held.bytes); err != nil {
			t.Fatal(err)
		}
		if err := held.server.(*net.UnixConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, held.server); err != nil {
			t.Fatal(err)
		}
		held.server.Close()
	}
}
