package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"pathfinder/collector"
	"pathfinder/graphmodel/policy"
	"pathfinder/render"
	"pathfinder/solver"
)

const compareHelp = `Says whether the policy document NEW permits any request that OLD does not, and the
other way round, with a request each that shows it. The answer is about all
requests, not about samples: how the documents are written makes no difference.

Each document is taken by itself, whatever else would have to allow a request.
OLD or NEW may be "-" for stdin. A file holds a document, or what the AWS CLI
prints around one: get-policy-version, get-role-policy, get-role,
get-bucket-policy, describe-policy of organizations and others like them.

What kind of policy the documents are is recognized: those that name principals
are resource policies, or trust policies if they are about assuming roles; others
are identity policies. --type says it for both.

With --fail-on-new-access the exit code is 1 if NEW permits, or could permit, more.
It is 3 when the answer is not certain, and the answer says why.`

// compareTypes are the kinds of documents, as --type names them.
var compareTypes = []string{"identity", "boundary", "session", "trust", "resource", "scp", "rcp", "endpoint"}

func (a *app) compare() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "compare OLD NEW",
		Short: "Whether one policy document permits more than another",
		Long:  compareHelp,
		Example: `  pathfinder compare fixtures/compare/old.json fixtures/compare/new.json
  pathfinder compare --fail-on-new-access fixtures/compare/new.json fixtures/compare/old.json`,
		Args: between(2, 2),
	}
	c := &comparison{app: a}
	c.output.flags(a, cmd, []string{"table", "json"})
	f := cmd.Flags()
	f.StringVar(&c.kind, "type", "", "what kind of policy both are: "+strings.Join(compareTypes, ", ")+" (default: recognized)")
	f.BoolVar(&c.failOnNew, "fail-on-new-access", false, "exit code 1 if the new policy permits more")
	err := cmd.RegisterFlagCompletionFunc("type", cobra.FixedCompletions(compareTypes, cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic("BUG: " + err.Error())
	}
	cmd.RunE = func(_ *cobra.Command, args []string) error { return c.run(args[0], args[1]) }
	return cmd
}

// A comparison holds the flags of compare.
type comparison struct {
	*app
	output
	kind      string
	failOnNew bool
}

func (c *comparison) run(before, after string) error {
	if err := c.resolve(c.app); err != nil {
		return err
	}
	docs, err := c.documents(before, after)
	if err != nil {
		return err
	}
	answer, err := solver.Compare(docs[0], docs[1])
	if err != nil {
		return err
	}
	err = c.write(c.app, func(w io.Writer) error {
		if c.format == "json" {
			return render.JSON(w, answer)
		}
		return render.Compare(w, answer, c.options(c.app, nil))
	})
	if err == nil && c.failOnNew && answer.NewPermitsMore {
		return errCheckFailed
	}
	return finish(err, answer.Exact)
}

// documents reads both files, as policies of one kind.
func (c *comparison) documents(names ...string) (docs [2]*policy.Document, err error) {
	kind, known := policy.ParseKind(c.kind)
	if c.kind != "" && !known {
		return docs, oneOf("type", c.kind, compareTypes)
	}
	if names[0] == "-" && names[1] == "-" {
		return docs, errors.New("only one of the two documents can come from stdin")
	}
	var texts [2][]byte
	for i, name := range names {
		if texts[i], err = c.read(name); err != nil {
			return docs, err
		}
	}
	if !known {
		if kind, err = kindOfBoth(names, texts); err != nil {
			return docs, err
		}
	}
	for i := range docs {
		docs[i] = policy.Parse(texts[i], kind)
		if docs[i].Unreadable() {
			return docs, unreadable(names[i], docs[i])
		}
	}
	return docs, nil
}

// maxPolicySize bounds what is read of a file: AWS takes at most 20 KiB.
const maxPolicySize = 64 << 20

// read returns the text of the document in a file.
func (c *comparison) read(name string) ([]byte, error) {
	in := c.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close() //nolint:errcheck // only read from
		in = f
	}
	file, err := io.ReadAll(io.LimitReader(in, maxPolicySize+1))
	if err == nil && len(file) > maxPolicySize {
		err = errors.New("the file is too large for a policy document")
	}
	var text []byte
	if err == nil {
		text, err = collector.PolicyText(file)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", shownName(name), err)
	}
	return text, nil
}

func shownName(name string) string {
	if name == "-" {
		return "stdin"
	}
	return name
}

// kindOfBoth recognizes the kind of two documents. One without statements is of
// any kind.
func kindOfBoth(names []string, texts [2][]byte) (policy.Kind, error) {
	var kinds [2]policy.Kind
	for i, text := range texts {
		if doc := policy.Parse(text, policy.Resource); len(doc.Statements) > 0 {
			kinds[i] = policy.Recognize(text)
		}
	}
	switch {
	case kinds[0] == policy.KindInvalid, kinds[0] == kinds[1]:
		return cmp.Or(kinds[1], policy.Identity), nil
	case kinds[1] == policy.KindInvalid:
		return kinds[0], nil
	}
	word := func(i int) string { return strings.TrimSuffix(kinds[i].String(), "-policy") }
	return 0, fmt.Errorf("the documents look different in kind: %s %s, %s %s; say what both are with --type %s or --type %s",
		shownName(names[0]), word(0), shownName(names[1]), word(1), word(0), word(1))
}

// maxShown bounds the faults of a file that are told.
const maxShown = 8

// unreadable tells what is wrong with a file that holds no usable document.
func unreadable(name string, doc *policy.Document) error {
	var lines []string
	for _, f := range doc.Faults {
		if f.Severity == policy.Broken && len(lines) < maxShown {
			lines = append(lines, shownName(name)+": "+f.String())
		}
	}
	return errors.New(strings.Join(lines, "\n"))
}
