package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// progress shows on a terminal how far a long work is: events, rate, share done
// and time left. Elsewhere it shows nothing.
type progress struct {
	output  io.Writer
	title   string
	total   int64 // in units of done; 0: unknown
	done    int64
	events  int
	started time.Time
	shown   time.Time
}

func newProgress(output io.Writer, title string, total int64) *progress {
	p := &progress{title: title, total: total, started: time.Now()}
	if file, ok := output.(*os.File); ok {
		if info, err := file.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			p.output = output
		}
	}
	return p
}

// add notes that events more were dealt with, which are done units of the total.
func (p *progress) add(events int, done int64) {
	p.events, p.done = p.events+events, p.done+done
	if p.output == nil || time.Since(p.shown) < 100*time.Millisecond {
		return
	}
	p.shown = time.Now()
	p.show()
}

func (p *progress) show() {
	seconds := time.Since(p.started).Seconds()
	line := fmt.Sprintf("%s: %d events, %.0f/s", p.title, p.events, float64(p.events)/max(seconds, 0.001))
	if p.total > 0 && p.done > 0 {
		left := time.Duration(seconds * float64(p.total-p.done) / float64(p.done) * float64(time.Second))
		line += fmt.Sprintf(", %d%% done, %s left", p.done*100/p.total, left.Round(time.Second))
	}
	_, _ = fmt.Fprintf(p.output, "\r\x1b[K%s", line)
}

// end leaves the last state on a line of its own.
func (p *progress) end() {
	if p.output == nil {
		return
	}
	p.show()
	_, _ = fmt.Fprintln(p.output)
}

// rate is how many events a second were dealt with so far.
func (p *progress) rate() float64 {
	return float64(p.events) / max(time.Since(p.started).Seconds(), 0.001)
}
