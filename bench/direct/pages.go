package main

import (
	"context"
	"database/sql"
	"net/http"
)

// connections is how many a Daybook server has for reading.
const connections = 16

// pageSize is how many events a page has.
const pageSize = 50

// pages answers pages.
type pages struct{ page *sql.Stmt }

func newPages(ctx context.Context, database string) (http.Handler, error) {
	db, err := sql.Open("postgres", database+"&binary_parameters=yes&random_page_cost=1.1")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	statement, err := db.PrepareContext(ctx, selectPage)
	if err != nil {
		return nil, err
	}
	return pages{statement}, nil
}

// ServeHTTP implements [http.Handler].
func (p pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	rows, err := p.page.QueryContext(r.Context(), query.Get("organization"), query.Get("category"), query.Get("after"), pageSize+1)
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
	answer(w, body)
}
