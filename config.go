package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
	"unicode"

	"daybook/audit"
	"daybook/graph"
)

// config is everything that can be set from outside. This file is the only
// reader of flags and of the environment.
type config struct {
	command string   // serve, import, export, migrate or organization
	args    []string // what stands after the flags

	addr           string
	database       string
	demo           bool
	demoEvents     int
	bootstrapKey   string
	corsOrigins    []string
	logFormat      string
	maxBody        int
	queryTimeout   time.Duration
	queueEvents    int
	writers        int
	exports        int
	introspection  bool
	redaction      *audit.Redaction
	organization   string // import and export: its name or id
	rejects        string // import: where refused lines go
	export         graph.ExportParameters
	grantTo        string // migrate: the run-time role
	shutdownPeriod time.Duration
}

const usage = `Daybook records what happened and answers questions about it.

Usage:
  daybook [flags]                          serve the GraphQL API
  daybook import [flags] FILE|-            record newline-delimited JSON events (the EventInput shape)
  daybook export [flags] FILE|-            write events as lines of JSON or as a table
  daybook migrate [flags]                  bring the database up to date, as its owner
  daybook organization [flags] list
  daybook organization [flags] create NAME make an organization and print its first key
  daybook organization [flags] key NAME    make and print a new administrator key of an organization, by name or id

Each flag can also be set as DAYBOOK_<NAME>, for instance DAYBOOK_DATABASE; a flag wins.
DAYBOOK_BOOTSTRAP_KEY is the secret of the first administrator key on an empty database
(32 characters or more); when it is not set, one is made and printed once.

Flags:
`

// errUsage says that the help was asked for and printed.
var errUsage = errors.New("usage")

// parseConfig reads the arguments (without the program's name) and the
// environment. Errors name the flag or variable at fault.
func parseConfig(args []string, getenv func(string) string, output io.Writer) (c config, err error) {
	c.command = "serve"
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		c.command, args = args[0], args[1:]
	}
	var origins, redact string
	var redactDefaults bool
	flags := flag.NewFlagSet("daybook", flag.ContinueOnError)
	flags.SetOutput(output)
	flags.Usage = func() {
		_, _ = io.WriteString(output, usage)
		flags.PrintDefaults()
	}
	flags.StringVar(&c.addr, "addr", "127.0.0.1:8080", "`host:port` to serve on")
	flags.StringVar(&c.database, "database", "sqlite:daybook.db", "`sqlite:PATH or postgres://...`")
	flags.BoolVar(&c.demo, "demo", false, "fill an empty database with a demo workspace")
	flags.IntVar(&c.demoEvents, "demo-events", 20_000, "how many `events` the demo workspace has")
	flags.StringVar(&origins, "cors-origins", "", "`origins` that browsers may call from, with commas between; * for all")
	flags.StringVar(&c.logFormat, "log-format", "text", "`text or json`")
	flags.IntVar(&c.maxBody, "max-body", 16<<20, "the largest request body, in `bytes`")
	flags.DurationVar(&c.queryTimeout, "query-timeout", 10*time.Second, "how long the database may work on one read")
	flags.IntVar(&c.queueEvents, "queue-events", 20_000, "how many `events` may wait for a commit")
	flags.IntVar(&c.writers, "writers", 4, "how many `connections` record at once (Postgres)")
	flags.IntVar(&c.exports, "exports", 4, "how many `exports` the server runs at once")
	flags.BoolVar(&c.introspection, "introspection", true, "let clients ask for the schema")
	flags.DurationVar(&c.shutdownPeriod, "shutdown-timeout", 20*time.Second, "how long to finish what was accepted when stopping")
	flags.StringVar(&redact, "redact", "", "further `names` of properties and JSON keys whose values are not kept: NAME or SECTION:NAME, with commas between")
	flags.BoolVar(&redactDefaults, "redact-defaults", true, "do not keep the values of passwords, tokens, keys, cookies, card numbers and the like")
	flags.StringVar(&c.organization, "organization", "", "import, export: the organization's `name or id`; may be left out if there is one only")
	flags.StringVar(&c.rejects, "rejects", "", "import: the `file` for refused lines (FILE.rejects.ndjson when left out)")
	flags.StringVar(&c.export.Format, "format", "ndjson", "export: `ndjson or csv`")
	flags.StringVar(&c.export.Filter, "filter", "", "export: an AuditFilter of the API, as `JSON`; all events when left out")
	flags.StringVar(&c.export.Order, "order", "", "export: an AuditOrder of the API, as `JSON`; by recordedAt, oldest first, when left out")
	flags.StringVar(&c.export.Columns, "columns", "", "export: the `columns` of csv, with commas between")
	flags.StringVar(&c.export.After, "after", "", "export: the `cursor` after which to go on")
	flags.StringVar(&c.grantTo, "grant-to", "", "migrate: the run-time `role` that gets what serving needs (Postgres)")

	if err := setFromEnvironment(flags, getenv); err != nil {
		return c, err
	}
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return c, errUsage
	} else if err != nil {
		return c, err
	}
	c.args = flags.Args()
	c.bootstrapKey = getenv("DAYBOOK_BOOTSTRAP_KEY")
	for origin := range strings.SplitSeq(origins, ",") {
		if origin = strings.TrimSpace(origin); origin != "" {
			c.corsOrigins = append(c.corsOrigins, origin)
		}
	}
	if c.redaction, err = redaction(redact, redactDefaults); err != nil {
		return c, err
	}
	return c, c.check()
}

// redaction reads the policy on secrets.
func redaction(names string, defaults bool) (*audit.Redaction, error) {
	var everywhere []string
	if defaults {
		everywhere = append(everywhere, audit.DefaultRedaction...)
	}
	sections := map[string][]string{}
	if names == "" {
		return audit.NewRedaction(everywhere, sections), nil
	}
	for item := range strings.SplitSeq(names, ",") {
		section, name, inSection := strings.Cut(item, ":")
		if section = strings.TrimSpace(section); !inSection {
			section, name = "", item
		}
		// A name without a letter or digit would match nothing, unnoticed.
		if !strings.ContainsFunc(name, letterOrDigit) || inSection && section == "" {
			return nil, fmt.Errorf("--redact has %q; it takes NAME or SECTION:NAME, with commas between", item)
		}
		if inSection {
			sections[section] = append(sections[section], name)
		} else {
			everywhere = append(everywhere, name)
		}
	}
	return audit.NewRedaction(everywhere, sections), nil
}

func letterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// setFromEnvironment gives every flag the value of its variable.
func setFromEnvironment(flags *flag.FlagSet, getenv func(string) string) error {
	var failed error
	flags.VisitAll(func(f *flag.Flag) {
		name := "DAYBOOK_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		value := getenv(name)
		if value == "" || failed != nil {
			return
		}
		if err := flags.Set(f.Name, value); err != nil {
			failed = fmt.Errorf("%s: %w", name, err)
		}
	})
	return failed
}

func (c *config) check() error {
	switch c.command {
	case "serve", "migrate":
		if len(c.args) > 0 {
			return fmt.Errorf("%s takes no argument %q; see --help", c.command, c.args[0])
		}
	case "import":
		if len(c.args) != 1 {
			return errors.New("import takes one argument: a file, or - for standard input")
		}
	case "export":
		if len(c.args) != 1 || c.args[0] == "" {
			return errors.New("export takes one argument: a file, or - for standard output")
		}
	case "organization":
		if !organizationArguments(c.args) {
			return errors.New("organization takes: list, create NAME, or key NAME")
		}
	default:
		return fmt.Errorf("there is no command %q; see --help", c.command)
	}
	if c.logFormat != "text" && c.logFormat != "json" {
		return fmt.Errorf("--log-format is %q; it must be text or json", c.logFormat)
	}
	if c.demoEvents < 1 || c.maxBody < 1 || c.writers < 1 || c.exports < 1 {
		return errors.New("--demo-events, --max-body, --writers and --exports must be 1 or more")
	}
	if c.queueEvents < audit.MaxRecordEvents {
		return fmt.Errorf("--queue-events is %d; it must be %d or more, which is what one call may carry", c.queueEvents, audit.MaxRecordEvents)
	}
	if c.queryTimeout < time.Millisecond || c.shutdownPeriod < time.Millisecond { // to Postgres, less would mean for ever
		return errors.New("--query-timeout and --shutdown-timeout must be 1ms or more")
	}
	return nil
}

func organizationArguments(args []string) bool {
	switch len(args) {
	case 1:
		return args[0] == "list"
	case 2:
		return (args[0] == "create" || args[0] == "key") && args[1] != ""
	}
	return false
}

func (c *config) logger(output io.Writer) *slog.Logger {
	if c.logFormat == "json" {
		return slog.New(slog.NewJSONHandler(output, nil))
	}
	return slog.New(slog.NewTextHandler(output, nil))
}
