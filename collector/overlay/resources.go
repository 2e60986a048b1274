package overlay

import (
	"slices"

	"pathfinder/collector/snapshot"
	"pathfinder/graphmodel/arn"
	"pathfinder/graphmodel/inventory"
)

// A place is where a resource stands in the snapshot.
type place struct {
	account string
	file    int
	at      int
}

// resources returns the places of all resources by ARN.
func (e *Editor) resources() map[string]place {
	if e.where == nil {
		e.where = make(map[string]place)
		for _, a := range e.s.Accounts {
			for f, file := range a.Resources {
				for i, r := range file.Resources {
					e.where[r.ARN] = place{a.Info.ID, f, i}
				}
			}
		}
	}
	return e.where
}

// Resource returns a copy of the resource with this ARN, and whether there is
// one.
func (e *Editor) Resource(text string) (snapshot.Resource, bool) {
	p, ok := e.resources()[text]
	if !ok {
		return snapshot.Resource{}, false
	}
	return *e.find(p.account).Resources[p.file].Resources[p.at], true
}

// PutResource puts a resource into the folder of an account, in place of one of
// its ARN wherever that stands.
func (e *Editor) PutResource(account string, r snapshot.Resource) {
	if p, ok := e.resources()[r.ARN]; ok {
		list := e.account(p.account).Resources[p.file].Resources
		if !same(list[p.at], &r) {
			list[p.at] = &r
			e.did(r.ARN, "changed")
		}
		return
	}
	a := e.account(account)
	if len(a.Resources) == 0 {
		a.Resources = []*snapshot.ResourceFile{{}}
	}
	f := a.Resources[0]
	f.Resources = append(f.Resources, &r)
	e.where[r.ARN] = place{account, 0, len(f.Resources) - 1}
	e.did(r.ARN, "created")
}

// EditResource changes the resource with this ARN; what names what is changed,
// such as "policy". change may replace fields, and must not write to what they
// point to. One that the snapshot does not hold becomes a gap.
func (e *Editor) EditResource(text, what string, change func(r *snapshot.Resource)) {
	p, ok := e.resources()[text]
	if !ok {
		e.Gap(snapshot.Gap{
			Account: arn.Account(text), Region: arn.Region(text), Service: arn.Service(text), What: text,
			Why: "a change of its " + what + " is left out: the snapshot does not hold the resource",
		})
		return
	}
	before := e.find(p.account).Resources[p.file].Resources[p.at]
	after := *before
	change(&after)
	if after.Policy.Known == inventory.Have && before.Policy.Known == inventory.Have && sameDocument(before.Policy.Value, after.Policy.Value) {
		after.Policy = before.Policy
	}
	if after.Tags.Known == inventory.Have && before.Tags.Known == inventory.Have && sameTags(before.Tags.Value, after.Tags.Value) {
		after.Tags = before.Tags
	}
	if same(before, &after) {
		return
	}
	e.account(p.account).Resources[p.file].Resources[p.at] = &after
	e.did(text, what+" changed")
}

// RemoveResource takes a resource away with everything about it.
func (e *Editor) RemoveResource(text string) {
	p, ok := e.resources()[text]
	if !ok {
		return
	}
	f := e.account(p.account).Resources[p.file]
	f.Resources = slices.Delete(f.Resources, p.at, p.at+1)
	e.where = nil // all behind it moved
	e.did(text, "removed")
}
