package service

import (
	"context"
	"slices"

	"pathfinder/collector/live/internal/call"
)

// Scope says how often a service is read.
type Scope uint8

// The scopes.
const (
	ScopeInvalid Scope = iota
	Organization       // once, in the account where the caller is
	Global             // once in each account
	Regional           // in every region of each account
)

// A Service describes what is read of one service of AWS.
type Service struct {
	Name       string // as --only names it: "sqs"
	Title      string // as AWS writes it: "Amazon SQS"
	What       string // what is not known when nothing could be read: "queues"
	Scope      Scope
	Types      []string         // of the resources it finds, as CloudFormation names them
	Operations []call.Operation // all that Read calls
	// Lists is how many calls of an empty account or region take; each thing
	// that is found takes up to Each more.
	Lists, Each int
	// InRegions is how many more calls a global service takes in each region.
	InRegions int
	Read      func(context.Context, *Unit) error

	// Config lists the types of AWS Config for everything Read finds, none when
	// Config does not record all of it: where Config records them and has none,
	// there is nothing to read.
	Config []string
	// FromConfig reads what Config recorded instead of asking the service, and asks
	// it for what an item lacks; nil for services that are always asked.
	FromConfig func(context.Context, *Unit, []ConfigItem) error
}

// All lists the services, in the order in which people read them.
func All() []Service { return slices.Clone(table) }

// Names lists the names of all services.
func Names() []string {
	var names []string
	for i := range table {
		names = append(names, table[i].Name)
	}
	return names
}

// ops makes operations whose permission has the name of the operation:
// ops("SQS", "sqs", "ListQueues") needs sqs:ListQueues.
func ops(service, prefix string, names ...string) []call.Operation {
	var out []call.Operation
	for _, name := range names {
		out = append(out, call.Operation{Service: service, Name: name, Actions: []string{prefix + ":" + name}})
	}
	return out
}

// op makes an operation whose permissions have other names.
func op(service, name string, actions ...string) call.Operation {
	return call.Operation{Service: service, Name: name, Actions: actions}
}
