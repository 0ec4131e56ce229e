package graph

import "github.com/vektah/gqlparser/v2/ast"

// inputKind says how a named input type is read.
type inputKind uint8

const (
	inputScalar inputKind = iota // a scalar of our own: text or a number
	inputString
	inputID
	inputInt
	inputFloat
	inputBoolean
	inputJSON
	inputDateTime
	inputEnum
	inputObject
)

var inputKinds = map[string]inputKind{
	"String": inputString, "ID": inputID, "Int": inputInt, "Float": inputFloat, "Boolean": inputBoolean, "JSON": inputJSON, "DateTime": inputDateTime,
}

// inputType is a named type of the schema, prepared for reading values.
type inputType struct {
	name   string
	kind   inputKind
	values map[string]string // of an enum: the names

	fields   map[string]*inputField // of an input object
	required []*inputField          // those that have neither null nor a default to fall back to
	oneOf    bool
	isEvent  bool
}

type inputField struct {
	name         string
	shape        inputShape
	defaultValue *ast.Value
}

// inputShape is a type as a field or variable uses it: with its lists and
// non-nulls around the named type.
type inputShape struct {
	nonNull bool
	item    *inputShape // of a list, else nil
	named   *inputType
}

// inputTypes are all input types of a schema by name.
type inputTypes map[string]*inputType

func newInputTypes(schema *ast.Schema) inputTypes {
	types := inputTypes{}
	for name, definition := range schema.Types {
		if definition.IsInputType() {
			types[name] = &inputType{name: name}
		}
	}
	for name, t := range types {
		types.fill(t, schema.Types[name])
	}
	return types
}

func (types inputTypes) fill(t *inputType, definition *ast.Definition) {
	switch definition.Kind {
	case ast.Enum:
		t.kind = inputEnum
		t.values = make(map[string]string, len(definition.EnumValues))
		for _, value := range definition.EnumValues {
			t.values[value.Name] = value.Name
		}
	case ast.InputObject:
		t.kind = inputObject
		t.oneOf = definition.Directives.ForName("oneOf") != nil
		t.isEvent = t.name == eventInput
		types.fillFields(t, definition)
	default:
		t.kind = inputKinds[t.name]
	}
}

func (types inputTypes) fillFields(t *inputType, definition *ast.Definition) {
	t.fields = make(map[string]*inputField, len(definition.Fields))
	for _, f := range definition.Fields {
		field := &inputField{name: f.Name, shape: types.shape(f.Type), defaultValue: f.DefaultValue}
		t.fields[f.Name] = field
		if f.Type.NonNull && f.DefaultValue == nil {
			t.required = append(t.required, field)
		}
	}
}

func (types inputTypes) shape(t *ast.Type) inputShape {
	if t.Elem != nil {
		item := types.shape(t.Elem)
		return inputShape{nonNull: t.NonNull, item: &item}
	}
	return inputShape{nonNull: t.NonNull, named: types[t.NamedType]}
}

// variable is one variable that an operation declares.
type variable struct {
	name         string
	shape        inputShape
	defaultValue *ast.Value
	// read reads a value, as [variableDecoder.value] does unless an operation has a
	// better way.
	read func(d *variableDecoder, shape inputShape) (any, error)
	// needsValue says that the operation uses it where null cannot stand, although
	// its type allows it: where a default takes the place of an absent value.
	needsValue bool
}

// variables reads the declarations of a validated operation.
func (types inputTypes) variables(operation *ast.OperationDefinition) []*variable {
	variables := make([]*variable, len(operation.VariableDefinitions))
	for i, definition := range operation.VariableDefinitions {
		variables[i] = &variable{
			name: definition.Variable, shape: types.shape(definition.Type), defaultValue: definition.DefaultValue,
			read: (*variableDecoder).value,
		}
	}
	return variables
}
