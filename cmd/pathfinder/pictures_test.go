package main

import (
	"bytes"
	"encoding/xml"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pathfinder/collector"
	"pathfinder/graphmodel/inventory"
)

var pictures = flag.String("pictures", "", "also draw each view of each fixture, as a PNG in this `folder`")

// A shot is a view of a fixture: a command line without the snapshot and format.
type shot struct {
	name  string
	words []string
}

// shots lists the views of a snapshot that are worth a look.
func shots(inv *inventory.Inventory) []shot {
	list := []shot{{"access", []string{"graph"}}, {"trust", []string{"graph", "--view", "trust"}}, {"chains", []string{"graph", "--view", "chains"}}}
	if inv.Organization != nil {
		list = append(list, shot{"organization", []string{"graph", "--view", "organization"}})
	}
	var from, to string
	for _, a := range inv.Accounts {
		held := a.Held()
		if len(held.Users)+len(held.Roles)+len(held.Resources) > 0 {
			list = append(list, shot{"account-" + a.ID, []string{"graph", "--account", a.ID}})
		}
		if len(held.Users) > 0 {
			from = held.Users[0].ARN
		}
		if len(held.Resources) > 0 {
			to = held.Resources[0].ARN
		}
	}
	if from != "" {
		list = append(list, shot{"blast", []string{"graph", "--from", from}})
	}
	if to != "" {
		list = append(list, shot{"who-can", []string{"who-can", to}})
	}
	if from != "" && to != "" {
		list = append(list, shot{"paths", []string{"paths", from, to}})
	}
	return list
}

// Every view of every fixture, as DOT: people have looked at the pictures of them, which
// go test ./cmd/pathfinder -run TestPictures -pictures DIR draws.
func TestPictures(t *testing.T) {
	t.Parallel()
	manifests, err := filepath.Glob("../../fixtures/*/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range manifests {
		dir := filepath.Dir(m)
		fixture := filepath.Base(dir)
		inv, err := collector.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range shots(inv) {
			t.Run(fixture+"/"+s.name, func(t *testing.T) {
				t.Parallel()
				golden := filepath.Join("testdata", "pictures", fixture, s.name+".dot")
				var stdout, stderr bytes.Buffer
				words := append(s.words, "-s", dir, "-f", "dot")
				if code := run(words, strings.NewReader(""), &stdout, &stderr, os.Getenv); code != exitAnswered && code != exitIncomplete {
					t.Fatalf("%s: exit code %d\n%s", strings.Join(words, " "), code, stderr.String())
				}
				if *update {
					if err := os.MkdirAll(filepath.Dir(golden), 0o750); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(golden, stdout.Bytes(), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), stdout.String()); diff != "" {
					t.Errorf("%s (-want +got):\n%s", golden, diff)
				}
				if *pictures != "" {
					png := filepath.Join(*pictures, fixture+"-"+s.name+".png")
					if code := run(append(s.words, "-s", dir, "-o", png), strings.NewReader(""), &stdout, &stderr, os.Getenv); code != exitAnswered && code != exitIncomplete {
						t.Errorf("%s: exit code %d\n%s", png, code, stderr.String())
					}
				}
			})
		}
	}
}

// The pictures of the documentation are what the program draws.
func TestDocumentedPictures(t *testing.T) {
	t.Parallel()
	const acme = "../../fixtures/acme"
	for name, words := range map[string][]string{
		"who-can":      {"who-can", "acme-prod-customer-data"},
		"paths":        {"paths", "arn:aws:iam::500000000005:user/developer-1", "acme-prod-customer-data"},
		"trust":        {"graph", "--view", "trust"},
		"trust-dark":   {"graph", "--view", "trust", "--theme", "dark"},
		"account":      {"graph", "--account", "acme-data"},
		"chains":       {"graph", "--view", "chains"},
		"organization": {"graph", "--view", "organization"},
		"blast":        {"graph", "--from", "arn:aws:iam::500000000005:user/developer-1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			if code := run(append(words, "-s", acme, "-f", "svg"), strings.NewReader(""), &stdout, &stderr, os.Getenv); code != exitAnswered {
				t.Fatalf("exit code %d\n%s", code, stderr.String())
			}
			file := filepath.Join("../../docs/pictures", name+".svg")
			if *update {
				if err := os.WriteFile(file, stdout.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			textsApart(t, stdout.Bytes())
			if !bytes.Equal(want, stdout.Bytes()) {
				t.Errorf("%s is not what pathfinder %s draws now; draw it with -update, and look at it", file, strings.Join(words, " "))
			}
		})
	}
}

// textsApart fails when two texts of a picture lie on each other.
func textsApart(t *testing.T, doc []byte) {
	t.Helper()
	var picture struct {
		Texts []svgText `xml:"g"`
	}
	if err := xml.Unmarshal(doc, &picture); err != nil {
		t.Fatal(err)
	}
	texts := flatten(picture.Texts)
	if len(texts) < 10 {
		t.Errorf("%d texts", len(texts))
	}
	for i := range texts {
		a := &texts[i]
		for j := range texts[:i] {
			b := &texts[j]
			if min(a.right(), b.right())-max(a.left(), b.left()) > 1 && min(a.Y, b.Y)-max(a.Y-a.Size*0.7, b.Y-b.Size*0.7) > 1 {
				t.Errorf("%q lies on %q", a.Text, b.Text)
			}
		}
	}
}

// svgText is a text, or a group with others in it.
type svgText struct {
	Groups []svgText `xml:"g"`
	Links  []svgText `xml:"a"`
	Texts  []svgText `xml:"text"`
	X      float64   `xml:"x,attr"`
	Y      float64   `xml:"y,attr"`
	Size   float64   `xml:"font-size,attr"`
	Length float64   `xml:"textLength,attr"`
	Anchor string    `xml:"text-anchor,attr"`
	Text   string    `xml:",chardata"`
}

func flatten(list []svgText) (out []svgText) {
	for i := range list {
		out = append(out, list[i].Texts...)
		out = append(out, flatten(list[i].Groups)...)
		out = append(out, flatten(list[i].Links)...)
	}
	return out
}

func (x *svgText) left() float64 {
	switch x.Anchor {
	case "middle":
		return x.X - x.Length/2
	case "end":
		return x.X - x.Length
	}
	return x.X
}

func (x *svgText) right() float64 { return x.left() + x.Length }
