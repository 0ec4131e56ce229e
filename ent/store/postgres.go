package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"entgo.io/ent/dialect"
	"github.com/lib/pq"

	"daybook/audit"
)

const (
	postgresConnectTimeout = 10 * time.Second
	postgresWriteTimeout   = 30 * time.Second
	postgresLockTimeout    = 10 * time.Second
	// postgresSpareWriters are connections beside the recording ones, for keys
	// and look-ups.
	postgresSpareWriters = 4
)

func connectPostgres(address string, options Options) (writer, reader *sql.DB, err error) {
	config, err := pq.NewConfig(address)
	if err != nil {
		return nil, nil, withoutAddress(err)
	}
	writer, err = openPostgres(config.Clone(), options.Writers+postgresSpareWriters, postgresWriteTimeout, false)
	if err != nil {
		return nil, nil, err
	}
	reader, err = openPostgres(config.Clone(), options.Readers, options.ReadTimeout, true)
	if err != nil {
		return nil, nil, errors.Join(err, writer.Close())
	}
	return writer, reader, nil
}

// withoutAddress drops the address, and with it the password, from the errors
// of package url.
func withoutAddress(err error) error {
	if urlError := (*url.Error)(nil); errors.As(err, &urlError) {
		return urlError.Err
	}
	return err
}

func openPostgres(config pq.Config, connections int, timeout time.Duration, readOnly bool) (*sql.DB, error) {
	// One round trip a query, and bytes go to uuid columns as they are. JSON
	// columns are json, because jsonb has a binary form of its own.
	config.BinaryParameters = true
	if config.SSLMode == "" {
		config.SSLMode = pq.SSLModePrefer // the driver's own default is about to change
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = postgresConnectTimeout
	}
	if config.ApplicationName == "" {
		config.ApplicationName = "daybook"
	}
	setRuntime(config.Runtime, timeout, readOnly)
	connector, err := pq.NewConnectorConfig(config)
	if err != nil {
		return nil, err
	}
	connector.Dialer(postgresDialer)
	return pool(sql.OpenDB(connector), connections), nil
}

// setRuntime sets what the promises of the store rest on, whatever the server's
// defaults are. The address may only choose time limits, keepalives and a
// stronger synchronous_commit.
func setRuntime(runtime map[string]string, timeout time.Duration, readOnly bool) {
	runtime["TimeZone"] = "UTC"
	runtime["default_transaction_isolation"] = "read committed"
	runtime["default_transaction_read_only"] = strconv.FormatBool(readOnly)
	if runtime["synchronous_commit"] != "remote_apply" {
		runtime["synchronous_commit"] = "on"
	}
	for name, value := range map[string]string{
		"client_min_messages":             "warning",
		"jit":                             "off", // a page ends before a compiled plan would have paid
		"lock_timeout":                    milliseconds(postgresLockTimeout),
		"random_page_cost":                "1.1", // pages in order of an index, from memory or flash
		"seq_page_cost":                   "1.1", // rows side by side are seldom of one organization
		"statement_timeout":               milliseconds(timeout),
		"tcp_keepalives_idle":             "30",
		"tcp_keepalives_interval":         "10",
		"tcp_keepalives_count":            "3",
		"max_parallel_workers_per_gather": "0", // to start one takes longer than most reads
	} {
		if _, given := runtime[name]; !given {
			runtime[name] = value
		}
	}
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// checkEncoding refuses a Postgres database that cannot keep every text.
func (s *Store) checkEncoding(ctx context.Context) error {
	if s.dialect != dialect.Postgres {
		return nil
	}
	var encoding string
	if err := s.reader.QueryRowContext(ctx, "SHOW server_encoding").Scan(&encoding); err != nil {
		return fmt.Errorf("%w: %w", audit.ErrUnavailable, err)
	}
	if encoding != "UTF8" {
		return fmt.Errorf("the database's encoding is %s; it must be UTF8", encoding)
	}
	return nil
}
