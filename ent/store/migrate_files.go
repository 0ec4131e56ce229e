package store

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

//go:embed migrations/*/*.sql
var migrationFiles embed.FS

// migration is one file of migrations/ENGINE: 0001_tables.sql is version 1. A
// file that was released is never edited again.
type migration struct {
	version int
	name    string // without the ending: 0001_tables
	sql     string
	sum     string // SHA-256 of sql, hexadecimal
}

// loadMigrations lists an engine's migrations by version: 1, 2, 3 ...
func loadMigrations(folder string) ([]migration, error) {
	return readMigrations(migrationFiles, path.Join("migrations", folder))
}

func readMigrations(files fs.FS, folder string) ([]migration, error) {
	entries, err := fs.ReadDir(files, folder)
	if err != nil {
		return nil, err
	}
	list := make([]migration, 0, len(entries))
	for i, entry := range entries {
		text, err := fs.ReadFile(files, path.Join(folder, entry.Name()))
		if err != nil {
			return nil, err
		}
		number, _, _ := strings.Cut(entry.Name(), "_")
		if version, err := strconv.Atoi(number); err != nil || version != i+1 {
			return nil, fmt.Errorf("migration %s: expected number %d", entry.Name(), i+1)
		}
		sum := sha256.Sum256(text)
		list = append(list, migration{
			version: i + 1,
			name:    strings.TrimSuffix(entry.Name(), ".sql"),
			sql:     string(text),
			sum:     hex.EncodeToString(sum[:]),
		})
	}
	return list, nil
}
