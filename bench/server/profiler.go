package server

import (
	"context"
	_ "embed" // the profiler
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// profiler is a file that is added to Daybook's main package, here only.
//
//go:embed profiler.go.txt
var profiler []byte

// profilerOverlay writes what tells the compiler to add the profiler.
func profilerOverlay(ctx context.Context, folder string) (string, error) {
	root, err := exec.CommandContext(ctx, "go", "list", "-f", "{{.Dir}}", "daybook").Output()
	if err != nil {
		return "", fmt.Errorf("find Daybook: %w", err)
	}
	added := filepath.Join(folder, "profiler.go")
	if err := os.WriteFile(added, profiler, 0o600); err != nil {
		return "", err
	}
	text, err := json.Marshal(map[string]any{"Replace": map[string]string{
		filepath.Join(strings.TrimSpace(string(root)), "profiler_added.go"): added,
	}})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(folder, "overlay.json")
	return overlay, os.WriteFile(overlay, text, 0o600)
}

// Profile has a server with a profiler profile itself for some seconds, and
// writes the profile to a file.
func Profile(ctx context.Context, socket string, seconds int, file string) error {
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://server/debug/pprof/profile?seconds=%d", seconds), nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o644)
}
