package graph

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"daybook/audit"
)

const (
	// eventInput is the input type whose texts are the domain's to judge: one bad
	// event of a batch must not fail its neighbours.
	eventInput = "EventInput"
	// maxVariableProblems is how many problems of one request's variables are told.
	maxVariableProblems = 10
	// maxListElements is how many elements all lists of one request's variables may
	// have together; decoded, a small one takes a hundred times its text. 500 events
	// with 500 changes each stay below.
	maxListElements = 300_000
)

// errEnoughProblems ends the reading of variables that have many problems.
var errEnoughProblems = errors.New("enough problems")

// decodeVariables reads the variables of a request as the operation declares
// them, in one pass, by the rules of the GraphQL specification for each type and
// without changing a value: a JSON scalar becomes [audit.JSON] with the bytes that
// were sent, other custom scalars a string or json.Number, Int an int64. The
// problems are all CodeBadInput and name the place ("variables/events/3/action").
//
// Text that is not valid Unicode is a problem, except within an EventInput, where
// it becomes a string that is not valid UTF-8.
func decodeVariables(declared []*variable, raw json.RawMessage) (map[string]any, []*audit.Error) {
	d := &variableDecoder{json: jsonReader{text: raw}, path: make([]pathStep, 0, 16)}
	values := make(map[string]any, len(declared))
	if err := d.variables(declared, values); err != nil {
		if syntax := (*jsonError)(nil); errors.As(err, &syntax) {
			d.problems = append(d.problems, audit.BadInput("variables", "The variables are not JSON: %v.", err))
		}
		return nil, d.problems
	}
	for _, v := range declared {
		d.complete(v, values)
	}
	if len(d.problems) > 0 {
		return nil, d.problems[:min(len(d.problems), maxVariableProblems)]
	}
	return values, nil
}

// variableDecoder reads values as their types ask. Its methods return an error
// only when nothing more can be read; what is wrong with a value is noted, and
// the reading goes on after it.
type variableDecoder struct {
	json     jsonReader
	path     []pathStep
	inEvent  bool
	elements int // of all lists so far
	problems []*audit.Error
}

// pathStep is the name of a field, or the index of a list's element if it has none.
type pathStep struct {
	name  string
	index int
}

// variables reads the object of all variables.
func (d *variableDecoder) variables(declared []*variable, values map[string]any) error {
	switch d.json.next() {
	case '{':
		if err := d.json.open(); err != nil {
			return err
		}
	case 'n':
		return errors.Join(d.json.word(), d.json.end())
	case 0:
		return d.json.end()
	default:
		d.problem("must be an object")
		return errEnoughProblems
	}
	for n := 0; ; n++ {
		more, err := d.json.more('}', n)
		if err != nil {
			return err
		}
		if !more {
			return d.json.end()
		}
		if err := d.variable(declared, values); err != nil {
			return err
		}
	}
}

// variable reads one variable. Those that the operation does not declare are
// passed over, as the specification has it.
func (d *variableDecoder) variable(declared []*variable, values map[string]any) error {
	key, err := d.json.key()
	if err != nil {
		return err
	}
	name, _ := key.decode()
	for _, v := range declared {
		if v.name == name {
			return d.member(v.name, v.shape, values, v.read)
		}
	}
	_, err = d.json.skip()
	return err
}

// member reads the value of a declared name into values.
func (d *variableDecoder) member(name string, shape inputShape, values map[string]any, read func(*variableDecoder, inputShape) (any, error)) error {
	d.path = append(d.path, pathStep{name: name})
	defer d.leave()
	if _, twice := values[name]; twice {
		return d.refuse("is given twice")
	}
	value, err := read(d, shape)
	values[name] = value
	return err
}

// complete settles a variable that is missing or null.
func (d *variableDecoder) complete(v *variable, values map[string]any) {
	value, given := values[v.name]
	if !given && v.defaultValue != nil {
		// The document was checked: a literal that has no value is refused there.
		value, _ = v.defaultValue.Value(nil)
		values[v.name], given = value, true
	}
	d.path = append(d.path, pathStep{name: v.name})
	defer d.leave()
	switch {
	case !given && v.shape.nonNull:
		d.problem("is required")
	case given && value == nil && v.needsValue && len(d.problems) == 0:
		d.problem("must not be null where the query uses it")
	}
}

func (d *variableDecoder) leave() { d.path = d.path[:len(d.path)-1] }

// problem notes what is wrong with the value at the path.
func (d *variableDecoder) problem(format string, args ...any) {
	pointer := strings.Builder{}
	pointer.WriteString("variables")
	for _, step := range d.path {
		pointer.WriteByte('/')
		if step.name != "" {
			pointer.WriteString(step.name)
		} else {
			pointer.WriteString(strconv.Itoa(step.index))
		}
	}
	path := pointer.String()
	d.problems = append(d.problems, audit.BadInput(path, "%s %s.", path, fmt.Sprintf(format, args...)))
}

// refuse notes a problem with the next value and passes over it.
func (d *variableDecoder) refuse(format string, args ...any) error {
	d.problem(format, args...)
	_, err := d.json.skip()
	return err
}
