package cloudformation

import (
	"cmp"
	"strings"

	"pathfinder/graphmodel/arn"
)

// An identity is what other parts of a template can know of a resource.
type identity struct {
	typ        string
	name       string // physical name
	arn        string
	ref        *value // what Ref gives
	attributes map[string]*value
	generated  bool   // the name is a placeholder
	why        string // set when nothing of this is known
	busy       bool
}

// generated ends the names that stand for those that AWS makes up.
const generatedName = "GENERATED"

// identity works out the identity of a resource; nil when there is none.
func (s *stack) identity(id string) *identity {
	if done := s.ids[id]; done != nil {
		if done.busy {
			return &identity{why: "its name depends on itself"}
		}
		return done
	}
	r := s.resources.get(id)
	if r == nil || r.kind != kindObject {
		return nil
	}
	if s.d.chain >= maxChain {
		return &identity{why: "it refers on too far"}
	}
	s.d.chain++
	defer func() { s.d.chain-- }()
	mark := &identity{busy: true}
	s.ids[id] = mark
	typ, _ := r.get("Type").scalar()
	s.ids[id] = s.identify(id, typ, r.get("Properties"))
	return s.ids[id]
}

func (s *stack) identify(id, typ string, props *value) *identity {
	d, known := described[typ]
	physical := s.physical[id].id
	if !known {
		out := &identity{typ: typ}
		if physical == "" {
			out.why = "what AWS calls a resource of type " + short(typ) + " is known once it is there"
			return out
		}
		out.name, out.ref = physical, text(physical)
		return out
	}
	out := &identity{typ: typ}
	if why := s.place(out, d, id, physical, props); why != "" {
		return &identity{typ: typ, why: why}
	}
	out.attributes = make(map[string]*value)
	for attribute, form := range d.attributes {
		if s.region != "" || !strings.Contains(form, "{region}") {
			out.attributes[attribute] = text(s.fill(form, out))
		}
	}
	out.ref = text(s.fill(d.ref, out))
	return out
}

// place gives a resource its name and ARN; why says that it can't be.
func (s *stack) place(out *identity, d description, id, physical string, props *value) (why string) {
	if d.regional && s.region == "" {
		return "the region is not known; give --template-region REGION"
	}
	if d.regional || out.typ == "AWS::S3::Bucket" {
		s.regional()
	}
	var path string
	if d.path {
		v := s.resolve(props.get("Path"), id)
		if v.kind == kindUnknown {
			return v.text
		}
		path, _ = v.scalar()
		if path = cmp.Or(path, "/"); path[0] != '/' || path[len(path)-1] != '/' {
			return "its path " + quote(path) + " does not begin and end with a slash"
		}
	}
	given := s.resolve(props.get(d.name), id)
	switch name, ok := given.scalar(); {
	case physical != "":
		out.name = physicalName(d, physical)
	case d.name != "" && ok && name != "":
		out.name = name
	case d.name != "" && given.kind == kindUnknown:
		return given.text
	default:
		out.name, out.generated = s.placeholder(d, id), true
	}
	if d.derive != nil {
		if out.name, why = d.derive(s, out.name, id, props); why != "" {
			return why
		}
		out.generated = strings.Contains(out.name, generatedName)
	}
	out.arn = s.fill(strings.Replace(d.arn, "{path}", path, 1), out)
	if d.ref == "{arn}" && likeARN(physical, out.arn) {
		out.arn = physical
	}
	if physical == "" && out.typ == "AWS::SecretsManager::Secret" { // one that is there keeps its random part
		out.arn = cmp.Or(s.d.secret(s.account, s.region, out.name), out.arn)
	}
	return ""
}

// placeholder stands for the name that CloudFormation makes up: the name of the
// stack, the logical id and some random characters.
func (s *stack) placeholder(d description, id string) string {
	name := s.called + "-" + id + "-" + generatedName
	if d.prefix != "" {
		name = strings.Replace(d.prefix, "{region}", s.region, 1) + name
	}
	if d.lower {
		return strings.ToLower(name)
	}
	return name
}

// likeARN reports whether two ARNs are of one kind.
func likeARN(a, b string) bool {
	kind := func(text string) string {
		res := arn.Resource(text)
		if i := strings.IndexByte(res, '/'); i >= 0 {
			res = res[:i+1]
		} else if i := strings.IndexByte(res, ':'); i >= 0 {
			res = res[:i+1]
		} else {
			res = ""
		}
		return arn.Service(text) + ":" + res
	}
	return arn.Is(a) && arn.Is(b) && kind(a) == kind(b)
}

// physicalName returns the name in a physical id, which may be an ARN or a URL.
func physicalName(d description, physical string) string {
	switch {
	case strings.HasPrefix(physical, "https://"): // a queue
		return physical[strings.LastIndexByte(physical, '/')+1:]
	case arn.Is(physical):
		res := arn.Resource(physical)
		head, _, _ := strings.Cut(d.arn[strings.LastIndexByte(d.arn, ':')+1:], "{")
		if d.path {
			return res[strings.LastIndexByte(res, '/')+1:]
		}
		if fields := strings.SplitN(d.arn, ":", 6); len(fields) == 6 {
			head, _, _ = strings.Cut(fields[5], "{")
		}
		return strings.TrimPrefix(res, head)
	}
	return physical
}

// fill writes out a form such as "{name}.s3.{suffix}".
func (s *stack) fill(form string, out *identity) string {
	return strings.NewReplacer(
		"{name}", out.name, "{piped}", strings.ReplaceAll(out.name, "/", "|"), "{arn}", out.arn, "{partition}", s.partition, "{region}", s.region,
		"{account}", s.account, "{suffix}", urlSuffix(s.partition),
	).Replace(form)
}
