package collector

import (
	"bytes"
	"errors"

	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/collector/snapshot"
)

// wrappers are where calls of AWS return one policy document, as the names that
// lead to it: to an object, or to a text that holds one.
var wrappers = [][]string{
	{"PolicyVersion", "Document"},        // iam get-policy-version
	{"PolicyDocument"},                   // iam get-role-policy, get-user-policy, get-group-policy; ec2 endpoints
	{"Document"},                         // PolicyVersion by itself
	{"Role", "AssumeRolePolicyDocument"}, // iam get-role
	{"AssumeRolePolicyDocument"},         // Role by itself
	{"Policy", "Content"},                // organizations describe-policy
	{"Policy"},                           // s3api get-bucket-policy, kms get-key-policy, lambda get-policy
	{"Attributes", "Policy"},             // sqs get-queue-attributes, sns get-topic-attributes
	{"ResourcePolicy"},                   // secretsmanager get-resource-policy
	{"policyText"},                       // ecr get-repository-policy
}

// PolicyText returns the text of the policy document in a file: the file itself,
// or what stands in it where the AWS CLI prints a document among other things,
// with the URL-encoding of IAM undone. Lines of an object are those of the file;
// those of a text are its own. A file that holds no document it returns as it
// is, for the parser of policies to explain.
func PolicyText(file []byte) ([]byte, error) {
	file = bytes.TrimPrefix(file, []byte(snapshot.ByteOrderMark))
	trimmed := bytes.TrimSpace(file)
	switch {
	case len(trimmed) == 0:
		return nil, errors.New("the file is empty")
	case trimmed[0] == '"' || bytes.HasPrefix(trimmed, []byte("%7")):
		return encoded(trimmed)
	}
	whole := found{raw: trimmed, at: bytes.IndexByte(file, trimmed[0])}
	if _, ok := whole.member("Statement"); ok {
		return file, nil
	}
	for _, path := range wrappers {
		if in, ok := whole.follow(path); ok {
			if in.raw.Kind() == jsontext.KindString {
				return encoded(in.raw)
			}
			return in.inPlace(file), nil
		}
	}
	return file, nil
}

// encoded returns the document in a JSON text, or in a bare URL-encoded one.
func encoded(raw jsontext.Value) ([]byte, error) {
	if raw[0] == '%' {
		quoted, err := jsontext.AppendQuote(nil, raw)
		if err != nil {
			return nil, err
		}
		raw = quoted
	}
	text, why := snapshot.DocumentText(raw)
	if why != "" {
		return nil, errors.New(why)
	}
	return text, nil
}

// A found value is a part of a file.
type found struct {
	raw jsontext.Value
	at  int // byte offset in the file
}

// follow goes down a path of names to an object or a text.
func (f found) follow(path []string) (found, bool) {
	for _, name := range path {
		var ok bool
		if f, ok = f.member(name); !ok {
			return found{}, false
		}
	}
	kind := f.raw.Kind()
	return f, kind == jsontext.KindBeginObject || kind == jsontext.KindString
}

// member returns the value under a name of an object.
func (f found) member(name string) (found, bool) {
	dec := jsontext.NewDecoder(bytes.NewReader(f.raw), jsontext.AllowDuplicateNames(true))
	if tok, err := dec.ReadToken(); err != nil || tok.Kind() != jsontext.KindBeginObject {
		return found{}, false
	}
	for dec.PeekKind() == jsontext.KindString {
		tok, err := dec.ReadToken()
		if err != nil {
			return found{}, false
		}
		key := tok.String()
		val, err := dec.ReadValue()
		if err != nil {
			return found{}, false
		}
		if key == name {
			return found{raw: val.Clone(), at: f.at + int(dec.InputOffset()) - len(val)}, true
		}
	}
	return found{}, false
}

// inPlace returns the value with blanks for all that stands before it, so that
// its lines and columns are those of the file.
func (f found) inPlace(file []byte) []byte {
	out := make([]byte, 0, f.at+len(f.raw))
	for _, c := range file[:f.at] {
		if c != '\n' {
			c = ' '
		}
		out = append(out, c)
	}
	return append(out, f.raw...)
}
