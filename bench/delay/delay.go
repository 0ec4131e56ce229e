// Package delay makes a network slower: a TCP proxy that takes its time, as a
// longer cable does. It does not make the cable narrower.
package delay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// Proxy forwards connections to one address.
type Proxy struct {
	listener    net.Listener
	target      string
	roundTrip   time.Duration
	connections sync.WaitGroup
	stop        context.CancelFunc
}

// Listen forwards what comes to a free port of this machine to target, so that
// a round trip takes that much longer. Close it after use.
func Listen(ctx context.Context, target string, roundTrip time.Duration) (*Proxy, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("delaying proxy: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	p := &Proxy{listener: listener, target: target, roundTrip: roundTrip, stop: stop}
	p.connections.Go(func() { p.accept(ctx) })
	return p, nil
}

// Port is where the proxy listens.
func (p *Proxy) Port() int { return p.listener.Addr().(*net.TCPAddr).Port }

// Close ends the proxy and all its connections.
func (p *Proxy) Close() error {
	p.stop()
	err := p.listener.Close()
	p.connections.Wait()
	return err
}

func (p *Proxy) accept(ctx context.Context) {
	for {
		client, err := p.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			p.connections.Go(func() { p.forward(ctx, client) })
		}
	}
}

// forward serves one connection until either side ends it.
func (p *Proxy) forward(ctx context.Context, client net.Conn) {
	defer func() { _ = client.Close() }() // it may be closed
	server, err := new(net.Dialer).DialContext(ctx, "tcp", p.target)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	ended := context.AfterFunc(ctx, func() {
		_ = client.Close()
		_ = server.Close()
	})
	defer ended()
	var directions sync.WaitGroup
	// All of it on the way there: timers of less than a millisecond are not exact,
	// and who waits for an answer cannot tell.
	directions.Go(func() { pass(server, client, p.roundTrip) })
	directions.Go(func() { pass(client, server, 0) })
	directions.Wait()
}

// piece is what was read at once.
type piece struct {
	data []byte
	at   time.Time // when it may arrive
}

// pass copies one direction. Reading goes on while earlier pieces are on their
// way, so only time is added. When the source ends, so does the other side.
func pass(to io.WriteCloser, from io.Reader, later time.Duration) {
	pieces := make(chan piece, 1024)
	var writer sync.WaitGroup
	writer.Go(func() {
		failed := false
		for one := range pieces {
			time.Sleep(time.Until(one.at))
			if !failed {
				_, err := to.Write(one.data)
				failed = err != nil // the rest is read and dropped
			}
		}
		_ = to.Close()
	})
	for {
		buffer := make([]byte, 32<<10)
		n, err := from.Read(buffer)
		if n > 0 {
			pieces <- piece{buffer[:n], time.Now().Add(later)}
		}
		if err != nil {
			break
		}
	}
	close(pieces)
	writer.Wait()
}
