// Package glyph has the signs that stand for kinds of nodes in pictures: our own, simple
// lines in a box of 16 × 16.
package glyph

import (
	"maps"
	"slices"
	"strings"
)

// Glyph is the sign that stands in a node, a number for each; 0 for none.
type Glyph int

// The glyphs.
const (
	None Glyph = iota
	User
	Role
	Group
	Root
	Account
	Unit
	Organization
	Public
	Service
	Provider
	Bucket
	Key
	Queue
	Topic
	Table
	Function
	Secret
	Resource
)

// Last is the last of them.
const Last = Resource

var glyphs = map[string]Glyph{
	"user": User, "role": Role, "group": Group, "root": Root, "account": Account, "unit": Unit,
	"organization": Organization, "public": Public, "service": Service, "provider": Provider, "resource": Resource,
	"AWS::S3::Bucket": Bucket, "AWS::KMS::Key": Key, "AWS::SQS::Queue": Queue, "AWS::SNS::Topic": Topic,
	"AWS::DynamoDB::Table": Table, "AWS::Lambda::Function": Function, "AWS::SecretsManager::Secret": Secret,
}

// Of returns the glyph of a node.
func Of(kind, typ string) Glyph {
	if g, ok := glyphs[typ]; ok && strings.HasPrefix(typ, "AWS::") {
		return g
	}
	return glyphs[kind]
}

// Strokes returns the lines of a glyph.
func Strokes(g Glyph) []Stroke { return strokes[g] }

// A Stroke is a line of a glyph in a box of 16 × 16: of points, or a circle.
type Stroke struct {
	Points []float64 // x, y, x, y …
	Closed bool
	Circle [3]float64 // x, y, radius; radius 0 for none
}

func line(points ...float64) Stroke  { return Stroke{Points: points} }
func shape(points ...float64) Stroke { return Stroke{Points: points, Closed: true} }
func circle(x, y, r float64) Stroke  { return Stroke{Circle: [3]float64{x, y, r}} }

// glyphs are our own signs for kinds of nodes.
var strokes = map[Glyph][]Stroke{
	User:         {circle(8, 5, 3), line(2, 14.5, 2.6, 11.5, 5, 9.8, 11, 9.8, 13.4, 11.5, 14, 14.5)},
	Role:         {shape(1, 11.5, 15, 11.5, 15, 13, 1, 13), line(4, 11.5, 4.7, 4, 8, 5.2, 11.3, 4, 12, 11.5)},
	Group:        {circle(5.5, 5.5, 2.5), circle(11.5, 6.5, 2), line(1, 14, 1.6, 11, 3.5, 9.6, 7.5, 9.6, 9.4, 11, 10, 14), line(11, 10, 13, 10, 14.6, 11.4, 15, 14)},
	Root:         {shape(2, 13, 2, 4.5, 5.5, 8, 8, 3, 10.5, 8, 14, 4.5, 14, 13)},
	Account:      {shape(2, 3, 14, 3, 14, 13.5, 2, 13.5), line(2, 6.5, 14, 6.5), line(4.5, 9.5, 8, 9.5), line(4.5, 11.5, 10.5, 11.5)},
	Unit:         {shape(1.5, 3.5, 6, 3.5, 7.5, 5.5, 14.5, 5.5, 14.5, 13, 1.5, 13)},
	Organization: {shape(6, 2, 10, 2, 10, 5, 6, 5), shape(1.5, 11, 5.5, 11, 5.5, 14, 1.5, 14), shape(10.5, 11, 14.5, 11, 14.5, 14, 10.5, 14), line(8, 5, 8, 8, 3.5, 8, 3.5, 11), line(8, 8, 12.5, 8, 12.5, 11)},
	Public:       {circle(8, 8, 6.5), line(1.5, 8, 14.5, 8), line(8, 1.5, 5.6, 4.5, 5, 8, 5.6, 11.5, 8, 14.5, 10.4, 11.5, 11, 8, 10.4, 4.5, 8, 1.5)},
	Service:      {shape(8, 1.5, 13.6, 4.7, 13.6, 11.3, 8, 14.5, 2.4, 11.3, 2.4, 4.7), circle(8, 8, 2.5)},
	Provider:     {shape(1.5, 3.5, 14.5, 3.5, 14.5, 12.5, 1.5, 12.5), circle(5, 7, 1.6), line(2.8, 11, 3.4, 9.8, 6.6, 9.8, 7.2, 11), line(9, 6.5, 12.8, 6.5), line(9, 9, 12.8, 9)},
	Bucket:       {line(2, 4, 4, 13.5, 12, 13.5, 14, 4), shape(2, 4, 5, 2.6, 11, 2.6, 14, 4, 11, 5.4, 5, 5.4)},
	Key:          {circle(4.8, 8, 3), line(7.8, 8, 15, 8, 15, 11), line(12, 8, 12, 10.5)},
	Queue:        {line(1.5, 4, 14.5, 4), line(1.5, 12, 14.5, 12), shape(3, 6, 5, 6, 5, 10, 3, 10), shape(7, 6, 9, 6, 9, 10, 7, 10), shape(11, 6, 13, 6, 13, 10, 11, 10)},
	Topic:        {circle(4, 8, 2), line(7.2, 5.2, 8.2, 8, 7.2, 10.8), line(10, 3.6, 11.6, 8, 10, 12.4), line(12.6, 2, 14.8, 8, 12.6, 14)},
	Table:        {shape(2, 3, 14, 3, 14, 13, 2, 13), line(2, 6.3, 14, 6.3), line(2, 9.6, 14, 9.6), line(6.5, 3, 6.5, 13)},
	Function:     {line(5.5, 4, 1.5, 8, 5.5, 12), line(10.5, 4, 14.5, 8, 10.5, 12), line(9, 3, 7, 13)},
	Secret:       {shape(3, 7, 13, 7, 13, 14, 3, 14), line(5, 7, 5, 4.2, 6.4, 2.4, 9.6, 2.4, 11, 4.2, 11, 7), line(8, 9.5, 8, 11.5)},
	Resource:     {shape(8, 1.5, 14, 4.7, 14, 11.3, 8, 14.5, 2, 11.3, 2, 4.7), line(2, 4.7, 8, 8, 14, 4.7), line(8, 8, 8, 14.5)},
}

// Names lists the kinds and types that have a glyph, sorted.
func Names() []string { return slices.Sorted(maps.Keys(glyphs)) }
