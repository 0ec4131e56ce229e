package load

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
)

// Request is one HTTP request, built beforehand: the callers share the machine
// with what they measure and should take little of it.
type Request struct {
	raw    []byte
	events int
	// want is a text that only an answer of success contains.
	want []byte
}

// Post builds a POST of a GraphQL body that records that many events. The
// secret may be empty. want is a text that only an answer of success contains.
func Post(host, secret string, body []byte, events int, want string) Request {
	var raw bytes.Buffer
	raw.WriteString("POST /graphql HTTP/1.1\r\nHost: " + host + "\r\nAccept: application/json\r\nContent-Type: application/json\r\n")
	if secret != "" {
		raw.WriteString("Authorization: Bearer " + secret + "\r\n")
	}
	raw.WriteString("Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n")
	raw.Write(body)
	return Request{raw: raw.Bytes(), events: events, want: []byte(want)}
}

// Get builds a GET of a path that counts as one event. The secret may be empty.
// want is a text that only an answer of success contains.
func Get(host, secret, path, want string) Request {
	raw := "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n"
	if secret != "" {
		raw += "Authorization: Bearer " + secret + "\r\n"
	}
	return Request{raw: []byte(raw + "\r\n"), events: 1, want: []byte(want)}
}

// Connection is a connection that is kept alive. One caller uses it.
type Connection struct {
	conn   net.Conn
	reader *bufio.Reader
	answer bytes.Buffer
}

// Connect opens a connection. Close it after use.
func Connect(ctx context.Context, host string) (*Connection, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", host)
	if err != nil {
		return nil, err
	}
	return &Connection{conn: conn, reader: bufio.NewReaderSize(conn, 16<<10)}, nil
}

// Close ends the connection.
func (c *Connection) Close() error { return c.conn.Close() }

// Send sends a request and reads the answer. It fails unless that is a success.
func (c *Connection) Send(request Request) error {
	if _, err := c.conn.Write(request.raw); err != nil {
		return err
	}
	response, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	defer response.Body.Close()
	c.answer.Reset()
	if _, err := io.Copy(&c.answer, response.Body); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if response.StatusCode != http.StatusOK || !bytes.Contains(c.answer.Bytes(), request.want) {
		return fmt.Errorf("the answer is %s: %.500s", response.Status, c.answer.Bytes())
	}
	return nil
}

// Fetch sends a request and gives the answer's body, which the next call
// overwrites. It fails as Send does.
func (c *Connection) Fetch(request Request) ([]byte, error) {
	err := c.Send(request)
	return c.answer.Bytes(), err
}

// Caller sends requests[first], requests[first+step] and so on, around and
// around.
func (c *Connection) Caller(requests []Request, first, step int) Call {
	next := first
	return func(context.Context) (int, error) {
		request := requests[next%len(requests)]
		next += step
		return request.events, c.Send(request)
	}
}
