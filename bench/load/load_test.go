package load

import (
	"context"
	"errors"
	"testing"
	"time"
)

func window(length time.Duration) Window {
	return Window{Warm: time.Millisecond, Length: length, Begin: func() {}, End: func() {}}
}

func TestRunCountsWhatIsAnsweredInTheWindow(t *testing.T) {
	call := func(context.Context) (int, error) {
		time.Sleep(100 * time.Microsecond)
		return 7, nil
	}
	result, err := Run(t.Context(), []Call{call, call}, window(50*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	if result.Events == 0 || result.Events%7 != 0 || result.Elapsed < 50*time.Millisecond {
		t.Errorf("result is %+v", result)
	}
	if result.P50 < 100*time.Microsecond || result.P99 < result.P50 {
		t.Errorf("percentiles are %s and %s", result.P50, result.P99)
	}
}

func TestTheFirstErrorEndsARun(t *testing.T) {
	broken := errors.New("broken")
	good := func(context.Context) (int, error) { return 1, nil }
	bad := func(context.Context) (int, error) { return 0, broken }
	if _, err := Run(t.Context(), []Call{good, bad, good}, window(time.Minute)); !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
}

func TestPercentiles(t *testing.T) {
	var list []time.Duration
	for i := range 1000 {
		list = append(list, time.Duration(1000-i))
	}
	if p50, p99 := Percentiles(list); p50 != 501 || p99 != 991 {
		t.Errorf("percentiles are %d and %d", p50, p99)
	}
	if p50, p99 := Percentiles(nil); p50 != 0 || p99 != 0 {
		t.Errorf("percentiles of nothing are %d and %d", p50, p99)
	}
}
