package snapshot

import (
	"github.com/go-json-experiment/json/jsontext"

	"pathfinder/graphmodel/inventory"
)

// resources reads a file of resources.
func (q *quickReader) resources(f *ResourceFile) bool {
	return q.whole(func(name []byte) {
		if string(name) == "Resources" {
			q.list(func() { f.Resources = append(f.Resources, q.resource()) })
			return
		}
		q.skip()
	})
}

func (q *quickReader) resource() *Resource {
	r := new(Resource)
	q.object(func(name []byte) {
		switch string(name) {
		case "Arn":
			r.ARN = q.one()
		case "Type":
			r.Type = q.word()
		case "Name":
			r.Name = q.one()
		case "Account":
			r.Account = q.word()
		case "Region":
			r.Region = q.word()
		case "Tags":
			r.Tags = q.fact(q.tagsAsTheyStand())
		case "Policy":
			r.Policy = q.fact(q.value())
		case "Ownership":
			r.Ownership = q.word()
		default:
			q.setting(r, string(name))
		}
	})
	r.Name = within(r.Name, r.ARN)
	return r
}

// setting reads what few resources have.
func (q *quickReader) setting(r *Resource, name string) {
	switch name {
	case "Encryption":
		q.other(&r.Encryption)
	case "Acl":
		q.other(&r.ACL)
	case "PublicAccessBlock":
		q.other(&r.PublicAccessBlock)
	case "Abac":
		q.other(&r.ABAC)
	case "AbacNotRead":
		q.other(&r.ABACNotRead)
	case "Objects":
		q.other(&r.Objects)
	case "AccessPoint":
		q.other(&r.AccessPoint)
	case "Grants":
		q.other(&r.Grants)
	case "Aliases":
		q.other(&r.Aliases)
	case "Roles":
		q.other(&r.Roles)
	case "InstanceProfile":
		q.other(&r.InstanceProfile)
	case "Urls":
		q.other(&r.URLs)
	case "SharedWith":
		q.other(&r.SharedWith)
	case "VpcId":
		r.VPCID = q.word()
	case "FineGrainedAccessControl":
		q.other(&r.FineGrained)
	default:
		q.skip()
	}
}

// fact reads null or a value.
func (q *quickReader) fact(raw jsontext.Value) Fact[jsontext.Value] {
	if string(raw) == "null" {
		return Fact[jsontext.Value]{Known: inventory.None}
	}
	return Have(raw)
}

// tagsAsTheyStand returns tags that are JSON.
func (q *quickReader) tagsAsTheyStand() Tags {
	raw := q.value()
	if _, ok := q.own.known[string(raw)]; ok || q.bad {
		return raw
	}
	if m, ok := q.tags(raw); ok {
		q.own.known[string(raw)] = m
	} else {
		q.bad = !raw.IsValid()
	}
	return raw
}

// tags reads either form of tags. It is not ok for what it can't read.
func (q *quickReader) tags(raw Tags) (m map[string]string, ok bool) {
	if q == nil {
		return nil, false
	}
	if m, ok = q.tagged[string(raw)]; ok {
		return m, true
	}
	s := scanner{text: raw, words: q.words}
	switch m = make(map[string]string); s.next() {
	case '{':
		s.object(func(name []byte) { m[s.known(name)] = s.word() })
	case '[':
		s.list(func() {
			var key, value string
			seen := 0
			s.object(func(name []byte) {
				switch string(name) {
				case "Key":
					key, seen = s.word(), seen+1
				case "Value":
					value, seen = s.word(), seen+1
				default:
					s.bad = true
				}
			})
			_, twice := m[key]
			s.bad = s.bad || twice || seen != 2
			m[key] = value
		})
	default:
		return nil, false
	}
	if s.bad || s.next() != 0 {
		return nil, false
	}
	if len(q.tagged) < maxWords {
		q.tagged[string(raw)] = m
	}
	return m, true
}
