package store

import (
	"bufio"
	"context"
	"net"
	"time"
)

// postgresDialer notices within a minute that a server has vanished.
var postgresDialer = dialer{net.Dialer{
	KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 30 * time.Second, Interval: 10 * time.Second, Count: 3},
}}

// dialer is a net.Dialer in the form lib/pq wants.
type dialer struct{ net.Dialer }

func (d dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

func (d dialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return d.DialContext(ctx, network, address)
}

func (d dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := d.Dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &readAheadConn{Conn: conn, ahead: bufio.NewReaderSize(conn, readAheadBytes)}, nil
}

// readAheadBytes are read from a connection at once. A page of events has some
// 50 kB, which lib/pq would read in pieces of 4 kB, a system call each.
const readAheadBytes = 32 << 10

// readAheadConn is a connection that reads more than it is asked for.
type readAheadConn struct {
	net.Conn
	ahead *bufio.Reader
}

func (c *readAheadConn) Read(into []byte) (int, error) { return c.ahead.Read(into) }
