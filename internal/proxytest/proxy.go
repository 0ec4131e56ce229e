// Package proxytest stands between a program and Postgres and makes the network
// misbehave: it loses statements and answers, delays them, and delivers late
// what its sender has given up.
package proxytest

import (
	"io"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Cut says what is lost of a round trip, together with its connection.
type Cut int

// The cuts.
const (
	Nothing   Cut = iota
	Statement     // it does not reach the server
	Answer        // the server has done what was asked
)

// Proxy is an address that leads to a Postgres server.
type Proxy struct {
	url             string
	network, server string

	roundTrips atomic.Int64
	delay      atomic.Int64
	holding    atomic.Bool

	mu   sync.Mutex
	cut  func(roundTrip int64) Cut
	held []heldStatement
}

// heldStatement is what a client sent before it lost its connection.
type heldStatement struct {
	bytes  []byte
	server net.Conn
}

// Start opens a proxy to the server of a database, until the test ends.
func Start(tb testing.TB, database string) *Proxy {
	tb.Helper()
	address, err := url.Parse(database)
	if err != nil {
		tb.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { listener.Close() })
	p := &Proxy{network: "tcp", server: address.Host}
	query := address.Query()
	if folder := query.Get("host"); folder != "" {
		p.network, p.server = "unix", filepath.Join(folder, ".s.PGSQL."+query.Get("port"))
		query.Del("host")
		query.Del("port")
	}
	address.RawQuery, address.Host = query.Encode(), listener.Addr().String()
	p.url = address.String()
	go p.accept(listener)
	return p
}

// URL is the address of the database through the proxy.
func (p *Proxy) URL() string { return p.url }

// RoundTrips is how often a client spoke after the server had.
func (p *Proxy) RoundTrips() int64 { return p.roundTrips.Load() }

// CutWhere asks, for each round trip from now on, what is lost of it; nil loses
// nothing. Round trips count from 1 and include those of connecting.
func (p *Proxy) CutWhere(cut func(roundTrip int64) Cut) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = nil
	if cut != nil {
		begin := p.roundTrips.Load()
		p.cut = func(roundTrip int64) Cut { return cut(roundTrip - begin) }
	}
}

// Delay keeps everything back for a while in both directions.
func (p *Proxy) Delay(d time.Duration) { p.delay.Store(int64(d)) }

// Hold keeps what clients send from the server, and breaks their connections;
// [Proxy.Deliver] sends it after all.
func (p *Proxy) Hold(hold bool) { p.holding.Store(hold) }

// Deliver sends what was held to the server and waits for its sessions to end.
func (p *Proxy) Deliver(tb testing.TB) {
	tb.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.held) == 0 {
		tb.Fatal("nothing was held")
	}
	for _, held := range p.held {
		if err := held.deliver(); err != nil {
			tb.Fatal(err)
		}
	}
	p.held = nil
}

func (h heldStatement) deliver() error {
	defer h.server.Close()
	if _, err := h.server.Write(h.bytes); err != nil {
		return err
	}
	if half, ok := h.server.(interface{ CloseWrite() error }); ok {
		if err := half.CloseWrite(); err != nil {
			return err
		}
	}
	_, err := io.Copy(io.Discard, h.server)
	return err
}

func (p *Proxy) accept(listener net.Listener) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return // the test is over
		}
		server, err := net.Dial(p.network, p.server)
		if err != nil {
			client.Close()
			continue
		}
		c := &conn{Proxy: p, client: client, server: server}
		go c.statements()
		go c.answers()
	}
}

// next counts a round trip and says what is lost of it.
func (p *Proxy) next() Cut {
	roundTrip := p.roundTrips.Add(1)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cut == nil {
		return Nothing
	}
	return p.cut(roundTrip)
}

func (p *Proxy) wait() { time.Sleep(time.Duration(p.delay.Load())) }
