package limit

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"daybook/audit"
	"daybook/bench/load"
	"daybook/bench/process"
)

// Pgbench runs the load generator that comes with Postgres: each connection runs
// a script, again and again.
type Pgbench struct {
	program string
	folder  string
	files   []string // of scripts, with weights
}

// NewPgbench writes the scripts for events of a range of organizations into an
// empty folder. program is the path of pgbench.
func NewPgbench(ctx context.Context, db *sql.DB, rows *Rows, first, last audit.OrganizationID, program, folder string) (*Pgbench, error) {
	if _, err := db.ExecContext(ctx, "CREATE SEQUENCE IF NOT EXISTS "+sequenceName); err != nil {
		return nil, err
	}
	p := &Pgbench{program: program, folder: folder}
	for _, s := range rows.scripts(first, last) {
		name := filepath.Join(folder, fmt.Sprintf("insert-%d.sql", s.changes))
		if err := os.WriteFile(name, []byte(s.text), 0o600); err != nil {
			return nil, err
		}
		p.files = append(p.files, fmt.Sprintf("%s@%d", name, s.weight))
	}
	return p, nil
}

// NewScripts has pgbench run scripts, each transaction one of them by chance. It
// writes them into an empty folder.
func NewScripts(scripts []string, program, folder string) (*Pgbench, error) {
	p := &Pgbench{program: program, folder: folder}
	for i, text := range scripts {
		name := filepath.Join(folder, fmt.Sprintf("script-%d.sql", i))
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			return nil, err
		}
		p.files = append(p.files, name)
	}
	return p, nil
}

// connecting is what pgbench is given beside the window to open its connections
// and plan its statements. It knows whole seconds only.
const connecting = time.Second

// Run measures with that many connections on the database of an address. It
// says also how much processor time pgbench itself took.
func (p *Pgbench) Run(ctx context.Context, address string, connections int, window load.Window) (load.Result, time.Duration, error) {
	seconds := int((window.Length + connecting + time.Second - 1) / time.Second)
	args := []string{
		"--no-vacuum", "--protocol=prepared", "--log", "--log-prefix=" + filepath.Join(p.folder, "log"),
		"--client=" + strconv.Itoa(connections), "--jobs=" + strconv.Itoa(min(2, connections)), "--time=" + strconv.Itoa(seconds),
	}
	for _, file := range p.files {
		args = append(args, "--file="+file)
	}
	var output process.Output
	command := process.Program{Path: p.program, Args: append(args, address), Output: &output, Env: []string{
		"LC_ALL=C", "PGOPTIONS=-c plan_cache_mode=force_generic_plan", // planned once, which is best here
	}}.Command()
	window.Begin()
	if err := command.Start(); err != nil {
		return load.Result{}, 0, err
	}
	stopped := context.AfterFunc(ctx, func() { _ = command.Process.Kill() })
	err := command.Wait()
	stopped()
	window.End()
	if err != nil {
		return load.Result{}, 0, fmt.Errorf("pgbench: %w\n%.2000s", err, output.String())
	}
	result, err := p.readLogs(window.Length)
	return result, command.ProcessState.UserTime() + command.ProcessState.SystemTime(), err
}

// transaction is a line of pgbench's log.
type transaction struct {
	took time.Duration
	at   time.Time // when it was done
}

// readLogs reads the transactions of the window, which ends with the last, and
// removes the logs.
func (p *Pgbench) readLogs(length time.Duration) (load.Result, error) {
	var all []transaction
	files, err := filepath.Glob(filepath.Join(p.folder, "log.*"))
	if err != nil {
		return load.Result{}, err
	}
	for _, file := range files {
		if all, err = readLog(all, file); err != nil {
			return load.Result{}, err
		}
		if err := os.Remove(file); err != nil {
			return load.Result{}, err
		}
	}
	if len(all) == 0 {
		return load.Result{}, errors.New("pgbench: no transaction was logged")
	}
	var end time.Time
	for _, t := range all {
		if t.at.After(end) {
			end = t.at
		}
	}
	begin := end.Add(-length)
	var latencies []time.Duration
	for _, t := range all {
		if t.at.After(begin) {
			latencies = append(latencies, t.took)
		}
	}
	result := load.Result{Events: int64(len(latencies)), Elapsed: length}
	result.P50, result.P99 = load.Percentiles(latencies)
	return result, nil
}

func readLog(to []transaction, name string) ([]transaction, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // it was only read
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		// client_id transaction_no time script_no time_epoch time_us
		var client, number, took, script, seconds, micros int64
		if _, err := fmt.Sscan(lines.Text(), &client, &number, &took, &script, &seconds, &micros); err != nil {
			return nil, fmt.Errorf("read the log of pgbench: %w", err)
		}
		to = append(to, transaction{time.Duration(took) * time.Microsecond, time.Unix(seconds, micros*1000)})
	}
	return to, lines.Err()
}
