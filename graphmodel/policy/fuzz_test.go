package policy_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"pathfinder/graphmodel/policy"
)

// Whatever the text: nothing panics, faults lie inside of it, and a document
// of which nothing was left out survives being written and read.
func FuzzParse(f *testing.F) {
	paths, err := filepath.Glob("testdata/faults/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for i, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, byte(i))
	}
	f.Add([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotPrincipal":{"AWS":["1"],"Service":"x"},"NotAction":"s3:*",`+
		`"NotResource":["arn:aws:s3:::${aws:x, 'a'}*"],"Condition":{"ForAnyValue:StringLikeIfExists":{"aws:TagKeys":["a",true,5]}}}]}`), byte(policy.Resource))
	f.Fuzz(func(t *testing.T, text []byte, kind byte) {
		d := policy.Parse(text, policy.Kind(kind%9))
		for _, fault := range append(d.Faults, d.Review()...) {
			inside(t, text, fault)
			if fault.Statement >= len(d.Statements) {
				t.Errorf("%v is about statement %d of %d", fault, fault.Statement, len(d.Statements))
			}
		}
		for _, s := range d.Statements {
			exercise(s)
		}
		if !d.Damaged() {
			reread(t, d)
		}
	})
}

// exercise runs all that a statement can be asked.
func exercise(s *policy.Statement) {
	ctx := policy.Values{
		"aws:x": policy.Single("a"), "aws:tagkeys": policy.List([]string{"a", ""}), "aws:username": {State: policy.Open},
	}
	s.MatchAction("s3", "getobject")
	for i := range s.Resources {
		r := &s.Resources[i]
		p, _, _ := r.Expand(ctx)
		p.Match("arn:aws:s3:::data/a")
		r.OpenCondition(ctx, "arn:aws:s3:::data/a")
	}
	for i := range s.Conditions {
		c := &s.Conditions[i]
		c.Test(ctx)
		c.Complement()
		resolved := c.Resolve(ctx)
		resolved.Test(ctx)
	}
}

// Dates, numbers and addresses of any spelling: an operator and its negation
// differ, no value is both below and above another, and equal is equal both ways.
func FuzzConditionValues(f *testing.F) {
	f.Add("2026-01-31T10:00:00Z", "2026-01-31")
	f.Add("1767225600", "2026")
	f.Add("-2.50", "0007")
	f.Add("10.0.0.0/8", "10.1.2.3")
	f.Add("::ffff:10.0.0.1", "10.0.0.0/33")
	f.Add("99999999999999999999", "9999-12-31T23:59:59.999999999+23:59")
	f.Fuzz(func(t *testing.T, policyValue, requestValue string) {
		test := func(operator, a, b string) policy.Truth {
			c := policy.NewCondition(operator, "aws:x", []string{a})
			return c.Test(present("aws:x", b))
		}
		for _, pair := range [][2]string{
			{"NumericEquals", "NumericNotEquals"},
			{"DateEquals", "DateNotEquals"},
			{"IpAddress", "NotIpAddress"},
			{"StringLike", "StringNotLike"},
			{"ArnLike", "ArnNotLike"},
		} {
			if test(pair[0], policyValue, requestValue) != -test(pair[1], policyValue, requestValue) {
				t.Errorf("%s and %s of %q and %q agree", pair[0], pair[1], policyValue, requestValue)
			}
		}
		for _, order := range []string{"Numeric", "Date"} {
			less := test(order+"LessThan", policyValue, requestValue)
			more := test(order+"GreaterThan", policyValue, requestValue)
			same := test(order+"Equals", policyValue, requestValue)
			if (less+more+same != -1) && (less+more+same != -3) {
				t.Errorf("%s: %q is below %v, above %v, equal to %v %q", order, requestValue, less, more, same, policyValue)
			}
			if test(order+"Equals", requestValue, policyValue) != same {
				t.Errorf("%sEquals of %q and %q depends on the side", order, policyValue, requestValue)
			}
			if max(less, same) != test(order+"LessThanEquals", policyValue, requestValue) {
				t.Errorf("%sLessThanEquals of %q and %q", order, policyValue, requestValue)
			}
		}
		if at, ok := policy.ParseDate(requestValue); ok && test("DateEquals", requestValue, requestValue) != policy.True {
			t.Errorf("%v is not itself", at)
		}
	})
}

// What a template resolves to says the same as the template.
func FuzzResolve(f *testing.F) {
	f.Add("x-${aws:u}*", "x-a*b", true)
	f.Add("${*}${?}${$}${", "*?$${", true)
	f.Add("${aws:none, 'a*'}?", "a*b", false)
	f.Add("${}${,}${a,b}", "${}${,}${a,b}", true)
	f.Fuzz(func(t *testing.T, text, value string, modern bool) {
		version := policy.Version2012
		if !modern {
			version = policy.Version2008
		}
		d := policy.Parse([]byte(`{"Version":"`+version+`","Statement":{`+allow+`,"Condition":{"StringLike":{"aws:x":`+quoted(text)+`}}}}`), policy.Resource)
		if d.Damaged() || bytes.ContainsRune([]byte(text+value), '\uFFFD') {
			return
		}
		c := d.Statements[0].Conditions[0]
		ctx := present("aws:u", value, "aws:x", value)
		resolved := c.Resolve(ctx)
		if got, want := resolved.Test(ctx), c.Test(ctx); got != want {
			t.Errorf("%q is %v for %q, resolved as %q it is %v", text, want, value, resolved.Values, got)
		}
	})
}
