// Command direct does one thing over HTTP as a program does that was written by
// hand for it: net/http and no GraphQL, no keys, no choice of fields. It is what
// bench/query and bench/record measure Daybook against.
//
//	GET /events?organization=1&category=3&after=UUID
//
// answers 50 events of a category before one, the newest first: by one prepared
// statement of lib/pq and an encoder that appends bytes.
//
//	POST /events
//
// when it was started with -record, records an event in the transaction that
// Daybook uses: one that it has at hand, whatever the body says.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strconv"
	"time"

	_ "github.com/lib/pq" // the driver "postgres"
)

func main() {
	database := flag.String("database", "", "URL of the database")
	recording := flag.Bool("record", false, "record events instead of answering pages")
	flag.Parse()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400) // as Daybook does
	}
	begin := newPages
	if *recording {
		begin = newRecording
	}
	if err := serve(context.Background(), *database, begin); err != nil {
		fmt.Fprintln(os.Stderr, "direct:", err)
		os.Exit(1)
	}
}

// serve serves what begin makes of the database.
func serve(ctx context.Context, database string, begin func(ctx context.Context, database string) (http.Handler, error)) error {
	handler, err := begin(ctx, database)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("serving on http://%s\n", listener.Addr())
	server := http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	return server.Serve(listener)
}

// answer sends JSON.
func answer(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // who asked may have gone
}
