// Command tutorial serves an audit log as the GraphQL tutorial of ent builds its
// server: gqlgen and ent with entgql, generated from ent/schema, everything as it
// comes. It is what bench/query measures Daybook's reading against.
//
// It is a module of its own, because Daybook does not need what it needs. What is
// generated is not kept here: bench/query generates it in the user's cache.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"

	"github.com/99designs/gqlgen/graphql/handler"
	_ "github.com/lib/pq"

	"tutorial/ent"
)

func main() {
	database := flag.String("database", "", "URL of the database")
	migrate := flag.Bool("migrate", false, "make the tables, and nothing else")
	flag.Parse()
	client, err := ent.Open("postgres", *database)
	if err != nil {
		log.Fatal(err)
	}
	if *migrate {
		if err := client.Schema.Create(context.Background()); err != nil {
			log.Fatal(err)
		}
		return
	}
	http.Handle("/graphql", handler.NewDefaultServer(NewExecutableSchema(Config{Resolvers: &Resolver{client}})))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("serving on http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, nil))
}
