package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"daybook/internal/postgrestest"
)

// testKey is the first administrator's secret in these tests.
const testKey = "a-secret-of-more-than-32-characters-for-tests"

// asProgram makes this test binary behave as the program itself, so that tests
// can start real processes and kill them.
const asProgram = "DAYBOOK_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		os.Exit(0)
	}
	postgrestest.Main(m)
}

// eachEngine runs a test on a fresh database of every engine.
func eachEngine(t *testing.T, test func(t *testing.T, database string)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, "sqlite:"+filepath.Join(t.TempDir(), "daybook.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, postgrestest.NewDatabase(t))
	})
}

// runProgram runs a command to its end, in process, and gives its output.
func runProgram(t *testing.T, args ...string) (string, error) {
	t.Helper()
	return runProgramEnv(t, testEnvironment, args...)
}

func runProgramEnv(t *testing.T, getenv func(string) string, args ...string) (string, error) {
	t.Helper()
	var stdout bytes.Buffer
	err := run(t.Context(), args, environment{getenv, strings.NewReader(""), &stdout, testLog{t}})
	return stdout.String(), err
}

func testEnvironment(name string) string {
	return map[string]string{"DAYBOOK_BOOTSTRAP_KEY": testKey}[name]
}

// testLog shows the program's log as the test's.
type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

// server is a running Daybook.
type server struct {
	t       *testing.T
	base    string // http://127.0.0.1:port
	kill    func() // as kill -9; nil in process
	process int    // its number; 0 in process
}

var baseInOutput = regexp.MustCompile(`http://[0-9.]+:[0-9]+`)

// serve starts a server in this process, on a free port; it ends with the test.
func serve(t *testing.T, database string, args ...string) *server {
	t.Helper()
	return serveLogging(t, io.Discard, database, args...)
}

// serveLogging is serve with the server's log.
func serveLogging(t *testing.T, log io.Writer, database string, args ...string) *server {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	output, stdout := io.Pipe()
	ended := make(chan error, 1)
	args = append([]string{"--addr", "127.0.0.1:0", "--database", database}, args...)
	go func() {
		err := run(ctx, args, environment{testEnvironment, strings.NewReader(""), stdout, log})
		_ = stdout.CloseWithError(fmt.Errorf("the server ended: %w", err))
		ended <- err
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with: %v", err)
		}
	})
	return &server{t: t, base: readBase(t, output)}
}

// serveProcess starts a server as a process of its own.
func serveProcess(t *testing.T, database string, args ...string) *server {
	t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"--addr", "127.0.0.1:0", "--database", database}, args...)...)
	cmd.Env = append(os.Environ(), asProgram+"=1", "DAYBOOK_BOOTSTRAP_KEY="+testKey)
	endWithTests(cmd)
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var once sync.Once
	kill := func() {
		once.Do(func() {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		})
	}
	t.Cleanup(kill)
	return &server{t: t, base: readBase(t, output), kill: kill, process: cmd.Process.Pid}
}

// readBase waits until the server says where it is, and reads on after that.
func readBase(t *testing.T, output io.Reader) string {
	t.Helper()
	var seen strings.Builder
	buffer := make([]byte, 4096)
	for {
		n, err := output.Read(buffer)
		seen.Write(buffer[:n])
		if base := baseInOutput.FindString(seen.String()); base != "" && strings.Contains(seen.String(), "\n") {
			go func() { _, _ = io.Copy(io.Discard, output) }()
			return base
		}
		if err != nil {
			t.Fatalf("the server did not start: %v\n%s", err, seen.String())
		}
	}
}

// answer is a GraphQL answer.
type answer struct {
	Status int             `json:"-"`
	Data   json.RawMessage `json:"data"`
	Errors []struct {
		Message    string         `json:"message"`
		Path       []any          `json:"path"`
		Extensions map[string]any `json:"extensions"`
	} `json:"errors"`
}

// post sends a query with a key. It fails only when no answer comes.
func (s *server) post(key, query string, variables any) (answer, error) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return answer{}, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.t.Context()), 30*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+"/graphql", bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	a := answer{Status: response.StatusCode}
	return a, json.NewDecoder(response.Body).Decode(&a)
}

// query sends a query as the administrator and reads its data.
func (s *server) query(query string, variables, into any) {
	s.t.Helper()
	s.queryAs(testKey, query, variables, into)
}

func (s *server) queryAs(key, query string, variables, into any) {
	s.t.Helper()
	a, err := s.post(key, query, variables)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := decode(a, into); err != nil {
		s.t.Fatalf("%.200s\n%v", query, err)
	}
}

// decode reads the data of an answer without errors.
func decode(a answer, into any) error {
	if len(a.Errors) > 0 {
		return fmt.Errorf("%+v", a.Errors)
	}
	return json.Unmarshal(a.Data, into)
}

// testData is the folder of the real events. Without it the test is skipped,
// except in CI.
func testData(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("DAYBOOK_TEST_DATA")
	switch {
	case folder != "":
	case os.Getenv("CI") != "":
		t.Fatal("DAYBOOK_TEST_DATA is not set, and CI may not skip this")
	default:
		t.Skip("DAYBOOK_TEST_DATA is not set: the real events are not at hand")
	}
	return folder
}
