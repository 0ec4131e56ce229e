package process

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"time"
)

// Build compiles a command of this module, such as "daybook/bench/direct", into a
// folder, and gives the path of the program.
func Build(ctx context.Context, command, folder string) (string, error) {
	binary := filepath.Join(folder, filepath.Base(command))
	if output, err := exec.CommandContext(ctx, "go", "build", "-o", binary, command).CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", command, err, output)
	}
	return binary, nil
}

var announced = regexp.MustCompile(`http://(127\.0\.0\.1:\d+)`)

// StartServer runs a program that prints where it listens, waits for that, and
// gives it as host:port. Stop it after use. It replaces the program's Output.
func StartServer(ctx context.Context, program Program) (started *Process, host string, err error) {
	var output Output
	program.Output = &output
	if started, err = Start(program); err != nil {
		return nil, "", err
	}
	for {
		if found := announced.FindStringSubmatch(output.String()); found != nil {
			return started, found[1], nil
		}
		select {
		case <-started.Done():
			return nil, "", fmt.Errorf("%s has ended: %s", program.Path, output.String())
		case <-ctx.Done():
			started.Stop(syscall.SIGTERM)
			return nil, "", ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}
