package storetest

import "daybook/audit"

func changeInterview() interview {
	change := func(filters ...audit.ChangeFilter) audit.Filter { return audit.Filter{Changed: filters} }
	status := func(before, after string) audit.Filter {
		return change(audit.ChangeFilter{Property: "status", Before: jsonOf(before), After: jsonOf(after)})
	}
	operations := func(operations ...audit.ChangeOperation) audit.Filter {
		return change(audit.ChangeFilter{Property: "status", Operations: operations})
	}
	return interview{
		name: "ChangesOfProperties",
		entries: []*audit.Entry{
			labelled("done", changing(changed("status", `"open"`, `"done"`), changed("price", `1.0`, `{"a":1,"b":[2]}`))),
			labelled("open", changing(changed("status", `"done"`, `"open"`), changed("name", `"open"`, `"done"`))),
			labelled("born", changing(changed("status", ``, `"open"`))),
			labelled("gone", changing(changed("status", `"open"`, `null`))),
			labelled("twice", changing(changed("status", `"open"`, `"x"`), changed("status", `"x"`, `"done"`))),
			labelled("bare"),
		},
		questions: []question{
			{audit.Filter{Properties: []string{"status"}}, "done open born gone twice"},
			{audit.Filter{Properties: []string{"price", "name"}}, "done open"},
			{audit.Filter{Properties: []string{"Status", "unknown"}}, ""},
			{status(``, ``), "done open born gone twice"},
			{status(`"open"`, ``), "done gone twice"},
			{status(``, `"done"`), "done twice"},
			{status(`"open"`, `"done"`), "done"},
			{status(` "op\u0065n" `, ``), "done gone twice"},
			{status(`null`, ``), "born"},
			{status(``, ` null `), "gone"},
			{status(`null`, `"open"`), "born"},
			{status(`null`, `null`), ""},
			{operations(audit.OperationAdded), "born"},
			{operations(audit.OperationChanged), "done open twice"},
			{operations(audit.OperationAdded, audit.OperationRemoved), "born gone"},
			{change(audit.ChangeFilter{Property: "status", Operations: []audit.ChangeOperation{audit.OperationAdded}, Before: jsonOf(`"open"`)}), ""},
			{change(audit.ChangeFilter{Property: "name", Before: jsonOf(`"open"`)}), "open"},
			{change(audit.ChangeFilter{Property: "price", Before: jsonOf(`10e-1`)}), "done"},
			{change(audit.ChangeFilter{Property: "price", After: jsonOf(`{ "b" : [2.0], "a" : 1 }`)}), "done"},
			{change(audit.ChangeFilter{Property: "price", After: jsonOf(`{"a":1}`)}), ""},
			{change(
				audit.ChangeFilter{Property: "name"}, audit.ChangeFilter{Property: "status", After: jsonOf(`null`)},
			), "open gone"},
			{change(audit.ChangeFilter{Property: "unknown"}), ""},
			{audit.Filter{Properties: []string{"name"}, Changed: []audit.ChangeFilter{{Property: "status"}}}, "open"},
		},
	}
}

func elementInterview() interview {
	tags := func(f audit.ChangeFilter) audit.Filter {
		f.Property = "tags"
		return audit.Filter{Changed: []audit.ChangeFilter{f}}
	}
	return interview{
		name: "ElementsThatListsGainedOrLost",
		entries: []*audit.Entry{
			labelled("gain", changing(changed("tags", `["a"]`, `["a","vip"]`))),
			labelled("lose", changing(changed("tags", `["a","vip"]`, `["a"]`))),
			labelled("swap", changing(changed("tags", `["a"]`, `["vip"]`))),
			labelled("new", changing(changed("tags", ``, `["vip",{"k":[1, 2]},null]`))),
			labelled("end", changing(changed("tags", `["vip"]`, `null`))),
			labelled("text", changing(changed("tags", `"a"`, `"vip"`))),
			labelled("other", changing(changed("labels", `["a"]`, `["vip"]`))),
		},
		questions: []question{
			{tags(audit.ChangeFilter{Added: jsonOf(`"vip"`)}), "gain swap new"},
			{tags(audit.ChangeFilter{Removed: jsonOf(`"vip"`)}), "lose end"},
			{tags(audit.ChangeFilter{Removed: jsonOf(`"a"`)}), "swap"},
			{tags(audit.ChangeFilter{Added: jsonOf(`"vip"`), Removed: jsonOf(`"a"`)}), "swap"},
			{tags(audit.ChangeFilter{Added: jsonOf(`"vip"`), Before: jsonOf(`["a"]`)}), "gain swap"},
			{tags(audit.ChangeFilter{Added: jsonOf(`"vip"`), Before: jsonOf(`null`)}), "new"},
			{tags(audit.ChangeFilter{Removed: jsonOf(`"vip"`), After: jsonOf(`null`)}), "end"},
			{tags(audit.ChangeFilter{Added: jsonOf(`"vip"`), Operations: []audit.ChangeOperation{audit.OperationChanged}}), "gain swap"},
			{tags(audit.ChangeFilter{Removed: jsonOf(`"vip"`), Operations: []audit.ChangeOperation{audit.OperationRemoved}}), "end"},
			{tags(audit.ChangeFilter{Added: jsonOf(`{"k":[1,2.0]}`)}), "new"},
			{tags(audit.ChangeFilter{Added: jsonOf(`null`)}), "new"},
			{tags(audit.ChangeFilter{Added: jsonOf(`"a"`)}), ""},
			{tags(audit.ChangeFilter{Before: jsonOf(`"a"`)}), "text"},
			{tags(audit.ChangeFilter{Added: jsonOf(`["vip"]`)}), ""},
			{tags(audit.ChangeFilter{Operations: []audit.ChangeOperation{audit.OperationChanged}}), "gain lose swap text"},
		},
	}
}

// redactedInterview: of a redacted value it is known that there was one, never
// which.
func redactedInterview() interview {
	secret := func(f audit.ChangeFilter) audit.Filter {
		f.Property = "secret"
		return audit.Filter{Changed: []audit.ChangeFilter{f}}
	}
	operation := func(operation audit.ChangeOperation) audit.Filter {
		return secret(audit.ChangeFilter{Operations: []audit.ChangeOperation{operation}})
	}
	return interview{
		name: "RedactedChanges",
		entries: []*audit.Entry{
			labelled("set", changing(redacted("secret", audit.OperationAdded))),
			labelled("renewed", changing(redacted("secret", audit.OperationChanged))),
			labelled("dropped", changing(redacted("secret", audit.OperationRemoved))),
			labelled("plain", changing(changed("secret", `"a"`, `"b"`))),
		},
		questions: []question{
			{audit.Filter{Properties: []string{"secret"}}, "set renewed dropped plain"},
			{operation(audit.OperationAdded), "set"},
			{operation(audit.OperationChanged), "renewed plain"},
			{operation(audit.OperationRemoved), "dropped"},
			{secret(audit.ChangeFilter{Before: jsonOf(`"a"`)}), "plain"},
			{secret(audit.ChangeFilter{Before: jsonOf(`null`)}), "set"},
			{secret(audit.ChangeFilter{After: jsonOf(`null`)}), "dropped"},
		},
	}
}
