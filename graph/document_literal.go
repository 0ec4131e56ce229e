package graph

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/core"

	"daybook/graph/scalar"
)

// losslessLiterals is a rule of validation beside those of the specification: no
// literal may be one that the parser or gqlgen would change without a word (in
// variables the same values are kept exactly), nor a malformed instant.
var losslessLiterals = core.Rule{
	Name: "LosslessLiterals",
	RuleFunc: func(observers *core.Events, addError core.AddErrFunc) {
		check := literalCheck{}
		observers.OnValue(func(_ *core.Walker, value *ast.Value) {
			if problem := check.problem(value); problem != "" {
				addError(core.Message("%s", problem), core.At(value.Position))
			}
		})
	},
}

// literalCheck checks the literals of one document.
type literalCheck struct{ characters []rune }

// problem says what is wrong with a literal, if anything.
func (c *literalCheck) problem(value *ast.Value) string {
	switch {
	case value.Kind == ast.StringValue && !c.isUnicode(value):
		return "The string is not valid Unicode (half of a surrogate pair)."
	case !isCustomScalar(value):
		return ""
	case value.Definition != nil && value.Definition.Name == "DateTime" && value.Kind == ast.StringValue:
		if _, err := scalar.ParseDateTime(value.Raw); err != nil {
			return err.Error()
		}
		return ""
	case value.Kind == ast.IntValue && !isExactInteger(value.Raw), value.Kind == ast.FloatValue && !isExactFloat(value.Raw):
		return "The number " + excerpt([]byte(value.Raw)) + " cannot be kept exactly when it is written in the query; send it in a variable."
	case value.Kind == ast.EnumValue:
		return "The name " + excerpt([]byte(value.Raw)) + " is not a value here; write it in quotation marks."
	}
	return ""
}

// isCustomScalar says whether a literal stands for a custom scalar or a part of
// one, which has no type of its own.
func isCustomScalar(value *ast.Value) bool {
	return value.Definition == nil || value.Definition.Kind == ast.Scalar && !value.Definition.BuiltIn
}

// isUnicode says whether a string's text is as it was written: for half of a
// surrogate pair the parser puts the replacement character.
func (c *literalCheck) isUnicode(value *ast.Value) bool {
	if !strings.ContainsRune(value.Raw, utf8.RuneError) {
		return true
	}
	if c.characters == nil { // positions count characters
		c.characters = []rune(value.Position.Src.Input)
	}
	end := min(value.Position.End, len(c.characters))
	return validText([]byte(string(c.characters[value.Position.Start:end])))
}

// isExactInteger says whether an int64, in which it travels, writes the same.
func isExactInteger(raw string) bool {
	n, err := strconv.ParseInt(raw, 10, 64)
	return err == nil && strconv.FormatInt(n, 10) == raw
}

// isExactFloat says whether a float64, in which it travels, writes the same number.
func isExactFloat(raw string) bool {
	f, err := strconv.ParseFloat(raw, 64)
	digits, exponent, ok := decimal(raw)
	kept, keptExponent, _ := decimal(strconv.FormatFloat(f, 'e', -1, 64))
	return err == nil && ok && digits == kept && exponent == keptExponent
}

// decimal is the signed significant digits of a number and the power of ten they
// are multiplied by.
func decimal(text string) (digits string, exponent int, ok bool) {
	mantissa, power, hasPower := strings.Cut(strings.ToLower(text), "e")
	if hasPower {
		var err error
		if exponent, err = strconv.Atoi(power); err != nil {
			return "", 0, false
		}
	}
	sign := ""
	if strings.HasPrefix(mantissa, "-") {
		sign, mantissa = "-", mantissa[1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	significant := strings.TrimLeft(whole+fraction, "0")
	digits = strings.TrimRight(significant, "0")
	if digits == "" {
		return sign + "0", 0, true
	}
	return sign + digits, exponent - len(fraction) + len(significant) - len(digits), true
}
