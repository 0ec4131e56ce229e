package proxytest

import (
	"net"
	"sync/atomic"
)

// conn is one connection through the proxy.
type conn struct {
	*Proxy
	client, server net.Conn
	answered       atomic.Bool // the server spoke last
	loseAnswer     atomic.Bool
	kept           atomic.Bool // the server's end is with what is held
}

// statements carries what the client says, until one of the ends is lost.
func (c *conn) statements() {
	defer c.client.Close()
	buffer := make([]byte, 1<<16)
	c.answered.Store(true) // connecting is a round trip too
	for {
		n, err := c.client.Read(buffer)
		if err != nil {
			break
		}
		if c.answered.Swap(false) {
			cut := c.next()
			if cut == Statement {
				break
			}
			c.loseAnswer.Store(cut == Answer)
		}
		if c.holding.Load() {
			c.keep(append([]byte(nil), buffer[:n]...))
			return
		}
		c.wait()
		if _, err := c.server.Write(buffer[:n]); err != nil {
			break
		}
	}
	c.server.Close()
}

func (c *conn) keep(statement []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept.Store(true)
	c.held = append(c.held, heldStatement{statement, c.server})
}

// answers carries what the server says.
func (c *conn) answers() {
	defer c.client.Close()
	buffer := make([]byte, 1<<16)
	for !c.kept.Load() {
		n, err := c.server.Read(buffer)
		if err != nil || c.loseAnswer.Load() {
			return
		}
		c.answered.Store(true)
		c.wait()
		if _, err := c.client.Write(buffer[:n]); err != nil {
			return
		}
	}
}
