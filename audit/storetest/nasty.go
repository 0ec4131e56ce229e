package storetest

import "strings"

// nastyStrings are texts that storage tends to change, to mix up or to take for
// something else. NUL is not among them: validation refuses it.
func nastyStrings() []string {
	return []string{
		"",
		" ",
		"  lead and trail  ",
		"trailing newline\n",
		"\r\n\t\v\f\b\x1b[31m\x01\x1f\x7f",
		"null", "NULL", "true", "0", "1e3", "007", "-0", "NaN",
		`"`, `'`, "''", "`", `\`, `\\`, `\n`, `\u0000`, `\x00`, `{"a":1}`, `[]`, `{}`, `,`, "a\x1fb",
		"'; DROP TABLE events; --", `1' OR '1'='1`, "$1", "?", ":name", "@p1", "--", "/* */", "E'\\x41'", "{1,2}", "(1,2)",
		"%", "_", "%%", "a%b", "a_b", "*", "[a-z]", "^$",
		"<script>alert(1)</script>", "&amp;", "%00%0a",
		"case", "CASE", "Case",
		"é", "e\u0301", // one letter, composed and decomposed
		"Å", "\u212b", "A\u030a",
		"ß", "ss", "ẞ", "İ", "i\u0307", "ı", "ﬁ", "fi", "Σ", "σ", "ς",
		"\u202eright to left\u202c", "\u200fمرحبا\u200e", "שלום", "\u2066isolated\u2069",
		"👩\u200d👩\u200d👧\u200d👦", "👍🏽", "🇩🇪", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
		"z\u0310\u0351\u0357\u036d\u036a\u0328\u0324\u0323",
		"a\u00a0b", "a\u200bb", "a\u2060b", "\ufeffbom", "\u00adsoft",
		"line\u2028separator", "paragraph\u2029separator", "\u0085", "\ufffd", "\ufffe", "\uffff", "\U0010ffff",
		"田中さんにあげて下さい", "\U00020000", "ᚠᛇᚻ",
		strings.Repeat("long ", 90),
		strings.Repeat("\U0001f600", 120),
	}
}

// longString is longer than what a database keeps within a row.
func longString() string { return strings.Repeat("0123456789 ünïcode \" \\ ", 2000) }

// nastyJSON are JSON values of which parsing would lose something.
func nastyJSON() []string {
	nested := strings.Repeat(`[{"a": `, 32) + `"core"` + strings.Repeat(` }]`, 32)
	return []string{
		`true`, `false`, `0`, `-0`, `0.0`, `-0.0`, `1`, `1.0`, `1.00`, `10e-1`, `1E0`, `1e+0`,
		`1e400`, `-1e-400`, `9007199254740993`, `18446744073709551616`, `0.1000000000000000055511151231257827`,
		`3.141592653589793238462643383279502884197169399375105820974944592307816406286208998628034825342117067982148086513282`,
		`""`, `" "`, `"null"`, `"\u0041"`, `"\/"`, `"/"`, `"\b\f\n\r\t\"\\"`, `"\u001f"`, `"\u2028"`, "\"\u2028\u2029\"",
		`"\ud83d\ude00"`, `"😀"`, `"\uD83D\uDE00"`, `"<>&"`, `"\u003c"`, `"\\u0000"`, "\"\u007f\ufffd\ufeff\"",
		`[]`, `[ ]`, `{}`, `{ }`, `[null]`, `[null,null]`, `{"a":null}`, `[[],{}]`, `[1,[2,[3]]]`,
		`{"b":1,"a":2}`, `{"a":2,"b":1}`, `{"":0}`, `{" ":0}`, `{"\"":"]"}`, `{"a,b":"c}d"}`, `["}",{"]":"["}]`,
		`{"before":1,"after":2,"redacted":true}`, `[{"property":"x","operation":1}]`,
		" {\n\t\"a\" :\r\n [ 1 , 2 ] }\t\n", `  1  `, "\t\"x\"\n",
		`{"A":1,"a":1,"á":1,"a\u0301":1}`, `{"1":1,"10":2,"9":3}`,
		nested,
		`"` + strings.Repeat(`x`, 100_000) + `"`,
		`[` + strings.Repeat(`1.50, `, 20_000) + `0]`,
	}
}
