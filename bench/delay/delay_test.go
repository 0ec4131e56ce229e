package delay

import (
	"context"
	"io"
	"net"
	"testing"
	"time"
)

// echo answers each connection with what it sends.
func echo(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				_, _ = io.Copy(conn, conn)
				conn.Close()
			}()
		}
	}()
	return listener.Addr().String()
}

func TestEverythingArrivesLater(t *testing.T) {
	const roundTrip = 20 * time.Millisecond
	proxy, err := Listen(context.Background(), echo(t), roundTrip)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", proxy.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"first", "other"} {
		begun := time.Now()
		if _, err := io.WriteString(conn, text); err != nil {
			t.Fatal(err)
		}
		answer := make([]byte, len(text))
		if _, err := io.ReadFull(conn, answer); err != nil || string(answer) != text {
			t.Fatalf("%q came back as %q, %v", text, answer, err)
		}
		if took := time.Since(begun); took < roundTrip {
			t.Errorf("%q came back after %s, before it could", text, took)
		}
	}
	if err := proxy.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err == nil {
		t.Error("the connection outlives the proxy")
	}
}
