package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"pathfinder/collector"
	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/policy"
	"pathfinder/render"
	"pathfinder/solver"
)

const compareHelp = `Says whether the policy document NEW permits any request that OLD does not, and the
other way round, with a request each that shows it. The answer is about all
requests, not about samples: how the documents are written makes no difference.

Each document is taken by itself, whatever else would have to allow a request.
Keys are taken as texts, so that a value can decide which AWS never gives a key.
OLD or NEW may be "-" for stdin. A file holds a document, or what the AWS CLI
prints around one: get-policy-version, get-role-policy, get-role,
get-bucket-policy, describe-policy of organizations and others like them.

Principals of the account that owns a resource are let in by being named, without
policies of their own, or only where these allow, too, when just their account is
named. So it matters whose the resource is, or the role: --account says it where
the documents don't. Unsaid, such a difference is one that could be.

What kind of policy the documents are is recognized: those that name principals
are resource policies, or trust policies if they are about assuming roles; others
are identity policies. --type says it for both.

With --principal it compares what principals reach instead: the one in two
snapshots, or two of them (--principal-b), each itself and through roles. The
first snapshot is --snapshot-a, the second --snapshot-b, or the first again. With
--plan or --template the second is as it will be after the apply or the deployment.

With --fail-on-new-access the exit code is 1 if NEW permits, or could permit, more.
It is 3 when the answer is not certain, and the answer says why.`

// compareTypes are the kinds of documents, as --type names them.
var compareTypes = []string{"identity", "boundary", "session", "trust", "resource", "scp", "rcp", "endpoint"}

func (a *app) compare() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "compare OLD NEW",
		Short: "Whether one policy document, or principal, may more than another",
		Long:  compareHelp,
		Example: `  pathfinder compare fixtures/compare/old.json fixtures/compare/new.json
  pathfinder compare --fail-on-new-access fixtures/compare/new.json fixtures/compare/old.json
  pathfinder compare --snapshot-a fixtures/delegation --principal user1 --principal-b user3`,
		Args: between(0, 2),
	}
	c := &comparison{app: a}
	c.output.flags(a, cmd, []string{"table", "json"})
	f := cmd.Flags()
	f.StringVar(&c.kind, "type", "", "what kind of policy both are: "+strings.Join(compareTypes, ", ")+" (default: recognized)")
	f.StringVar(&c.owner, "account", "", "the account `ID` that owns the resource or role of the policies (default: as their resources say)")
	f.BoolVar(&c.failOnNew, "fail-on-new-access", false, "exit code 1 if the new policy permits more")
	err := cmd.RegisterFlagCompletionFunc("type", cobra.FixedCompletions(compareTypes, cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic("BUG: " + err.Error())
	}
	f.StringVar(&c.snapshots[0], "snapshot-a", "", "compare effective permissions: the snapshot of the first principal")
	f.StringVar(&c.snapshots[1], "snapshot-b", "", "the snapshot of the second principal (default: that of the first)")
	f.StringVar(&c.principals[0], "principal", "", "the `PRINCIPAL` whose effective permissions are compared")
	f.StringVar(&c.principals[1], "principal-b", "", "the other `PRINCIPAL` (default: the same)")
	c.overlayFlags(a, f)
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		switch effective := c.snapshots != [2]string{} || c.principals != [2]string{} || len(c.list) > 0; {
		case effective && len(args) > 0:
			return errors.New("compare two files, or principals with --snapshot-a and --principal, not both")
		case effective:
			return c.runEffective()
		case len(args) != 2:
			return errors.New("compare takes two files, or --snapshot-a and --principal")
		}
		return c.run(args[0], args[1])
	}
	return cmd
}

// runEffective compares what principals reach.
func (c *comparison) runEffective() error {
	if err := c.resolve(c.app); err != nil {
		return err
	}
	if c.snapshots[0] == "" {
		c.snapshots[0] = c.env(snapshotEnv)
	}
	switch {
	case c.kind != "":
		return errors.New("--type is about documents; principals have none")
	case c.owner != "":
		return errors.New("--account is about documents; snapshots say whose a resource is")
	case c.snapshots[0] == "":
		return errors.New("which snapshot? give --snapshot-a PATH")
	case c.principals[0] == "":
		return errors.New("whose permissions? give --principal")
	case c.snapshots[1] == "" && c.principals[1] == "" && len(c.list) == 0:
		return errors.New("compared with what? give --snapshot-b, or --principal-b, or --plan, or --template")
	case c.snapshots[1] == "" && len(c.list) > 0:
		c.snapshots[1] = c.snapshots[0] // as it is, and as it will be
	}
	accounts := map[string]string{}
	var solvers [2]*solver.Solver
	for i, path := range c.snapshots {
		if path == "" {
			solvers[i] = solvers[0]
			continue
		}
		var changes overlays
		if i == 1 {
			changes = c.overlays
		}
		inv, err := changes.openWith(c.app, path)
		if err != nil {
			return err
		}
		for _, a := range inv.Accounts {
			accounts[a.ID] = a.Name
		}
		if solvers[i], err = solver.New(solver.Config{Inventory: inv}); err != nil {
			return err
		}
	}
	answer, err := solver.CompareAccess(solvers[0], c.principals[0], solvers[1], cmp.Or(c.principals[1], c.principals[0]))
	if err != nil {
		return err
	}
	return c.answer(answer, accounts)
}

// answer writes the answer and decides the exit code.
func (c *comparison) answer(answer *solver.CompareAnswer, accounts map[string]string) error {
	err := c.write(c.app, func(w io.Writer) error {
		if c.format == "json" {
			return render.JSON(w, answer)
		}
		return render.Compare(w, answer, c.options(c.app, accounts))
	})
	if err == nil && c.failOnNew && answer.NewPermitsMore {
		return errCheckFailed
	}
	return finish(err, answer.Exact)
}

// A comparison holds the flags of compare.
type comparison struct {
	*app
	output
	overlays
	kind       string
	owner      string
	failOnNew  bool
	snapshots  [2]string
	principals [2]string
}

func (c *comparison) run(before, after string) error {
	if err := c.resolve(c.app); err != nil {
		return err
	}
	docs, err := c.documents(before, after)
	if err != nil {
		return err
	}
	switch kind := docs[0].Kind; {
	case c.owner == "":
	case !arn.IsAccountID(c.owner):
		return fmt.Errorf("--account %q: give an account id of 12 digits", c.owner)
	case kind != policy.Resource && kind != policy.Trust:
		return fmt.Errorf("--account is about policies of resources and trust policies; these are of type %s", kind)
	}
	answer, err := solver.Compare(docs[0], docs[1], c.owner)
	if err != nil {
		return err
	}
	return c.answer(answer, nil)
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

// read returns the text of the document in a file.
func (c *comparison) read(name string) (text []byte, err error) {
	if name == "-" {
		text, err = readPolicy(c.stdin, shownName(name))
	} else {
		text, err = readPolicyFile(name)
	}
	if err != nil {
		return nil, err
	}
	if text, err = collector.PolicyText(text); err != nil {
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
	if kind, ok := sameKind(kinds, texts); ok {
		return kind, nil
	}
	word := func(i int) string { return strings.TrimSuffix(kinds[i].String(), "-policy") }
	return 0, fmt.Errorf("the documents look different in kind: %s %s, %s %s; say what both are with --type %s or --type %s",
		shownName(names[0]), word(0), shownName(names[1]), word(1), word(0), word(1))
}

// sameKind finds the kind that two documents have in common, of which one was
// changed so that it looks like another: one that names neither principals nor
// resources is what the other one is, and of a trust and a resource policy
// without a resource to speak about both are trust policies.
func sameKind(kinds [2]policy.Kind, texts [2][]byte) (policy.Kind, bool) {
	named := func(k policy.Kind) bool { return k == policy.Trust || k == policy.Resource }
	switch {
	case named(kinds[0]) && kinds[1] == policy.Identity:
		return kinds[0], !speaksOfResources(texts[1], "")
	case named(kinds[1]) && kinds[0] == policy.Identity:
		return kinds[1], !speaksOfResources(texts[0], "")
	case !named(kinds[0]) || !named(kinds[1]):
		return 0, false
	}
	if speaksOfResources(texts[0], "*") || speaksOfResources(texts[1], "*") {
		return policy.Resource, true
	}
	return policy.Trust, true
}

// speaksOfResources reports whether a document names resources other than one.
func speaksOfResources(text []byte, but string) bool {
	for _, st := range policy.Parse(text, policy.Resource).Statements {
		for i := range st.Resources {
			if st.Resources[i].Text != but {
				return true
			}
		}
	}
	return false
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
