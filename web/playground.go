// Package web serves what a person opens in a browser. Everything is embedded in the
// binary and comes from the server's own origin.
package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
)

//go:embed playground/*.html playground/*.js playground/*.css playground/*.svg
//go:embed playground/queries playground/vendor
var files embed.FS

const playgroundPath = "/playground"

// contentSecurityPolicy lets the playground load and call its own origin and nothing
// else. Inline styles are needed by GraphiQL's editors, data: images and fonts by its
// style sheet; there is no inline script.
const contentSecurityPolicy = "default-src 'none'; script-src 'self'; " +
	"style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Playground serves the GraphQL playground: the page at /playground and its files below
// /playground/. The page sends its queries to /graphql of the same origin. Register it
// for both "/playground" and "/playground/".
//
// It panics when the embedded files are not what they should be, which a test rules out.
func Playground() http.Handler {
	assets, err := playgroundAssets()
	if err != nil {
		panic(fmt.Sprintf("web: playground: %v", err))
	}
	return secured(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == playgroundPath+"/" {
			http.Redirect(w, r, playgroundPath, http.StatusPermanentRedirect)
			return
		}
		found, ok := assets[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		found.ServeHTTP(w, r)
	})
}

// PlaygroundURL is the address that opens the playground of a server, such as
// "http://127.0.0.1:8080", with an API key already set. The key travels in the fragment,
// which browsers do not send, and the page removes it from the address bar.
func PlaygroundURL(server, key string) string {
	address := strings.TrimSuffix(server, "/") + playgroundPath
	if key == "" {
		return address
	}
	return address + "#key=" + url.PathEscape(key)
}

// Root sends a browser that opens "/" to the playground. Any other path is not found.
func Root() http.Handler {
	return secured(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		http.Redirect(w, r, playgroundPath, http.StatusFound)
	})
}

// secured refuses methods other than GET and HEAD and sets the headers every answer to a
// browser carries.
func secured(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", contentSecurityPolicy)
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("X-Content-Type-Options", "nosniff")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			header.Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		next(w, r)
	})
}

// playgroundAssets maps each path the playground answers to its file.
func playgroundAssets() (map[string]*asset, error) {
	queries, err := ReadyQueries()
	if err != nil {
		return nil, err
	}
	list, err := json.Marshal(queries)
	if err != nil {
		return nil, err
	}
	assets := map[string]*asset{playgroundPath + "/queries.json": newAsset("queries.json", func() []byte { return list }, revalidate)}
	err = fs.WalkDir(files, "playground", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(name, queriesFolder+"/") {
			return err
		}
		read := func() []byte {
			body, _ := files.ReadFile(name) // it is there
			return body
		}
		assets["/"+name] = newAsset(name, read, cachingOf(name))
		return nil
	})
	if err != nil {
		return nil, err
	}
	index := playgroundPath + "/index.html"
	assets[playgroundPath] = assets[index]
	delete(assets, index)
	return assets, nil
}

// cachingOf says how long browsers may keep a file: for good when its folder carries its
// version, else only as long as the server confirms it.
func cachingOf(name string) cacheControl {
	if folder := path.Dir(name); path.Dir(folder) == "playground/vendor" {
		return immutable
	}
	return revalidate
}
