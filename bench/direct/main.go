// Command direct answers pages of events as a program does that was written by
// hand for this one question: net/http, one prepared statement of lib/pq, an
// encoder that appends bytes; no GraphQL, no keys, no choice of fields. It is what
// bench/query measures Daybook's reading against.
//
//	GET /events?organization=1&category=3&after=UUID
//
// answers 50 events of a category before one, the newest first.
package main

import (
	"context"
	"database/sql"
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

// connections is how many a Daybook server has for reading.
const connections = 16

// pageSize is how many events a page has.
const pageSize = 50

func main() {
	database := flag.String("database", "", "URL of the database")
	flag.Parse()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400) // as Daybook does
	}
	if err := serve(context.Background(), *database); err != nil {
		fmt.Fprintln(os.Stderr, "direct:", err)
		os.Exit(1)
	}
}

func serve(ctx context.Context, database string) error {
	db, err := sql.Open("postgres", database+"&binary_parameters=yes&random_page_cost=1.1")
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	statement, err := db.PrepareContext(ctx, selectPage)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("serving on http://%s\n", listener.Addr())
	server := http.Server{Handler: handler{statement}, ReadHeaderTimeout: time.Minute}
	return server.Serve(listener)
}

// handler answers pages.
type handler struct{ page *sql.Stmt }

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	rows, err := h.page.QueryContext(r.Context(), query.Get("organization"), query.Get("category"), query.Get("after"), pageSize+1)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer rows.Close()
	body, err := appendPage(make([]byte, 0, 32<<10), rows)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // who asked may have gone
}
