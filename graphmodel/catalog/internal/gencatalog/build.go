package main

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"pathfinder/graphmodel/catalog/internal/packed"
)

// build makes the tables from the newest source and its older overlay.
func build(now, old fs.FS) (*packed.Tables, error) {
	src, err := readSource(now, true)
	if err != nil {
		return nil, err
	}
	over, err := readSource(old, false)
	if err != nil {
		return nil, fmt.Errorf("overlay: %w", err)
	}
	applyOverlay(src, over)
	slices.SortFunc(src.services, func(a, b service) int { return cmp.Compare(a.prefix+":", b.prefix+":") })
	b := newBuilder(src)
	if err := b.addKeys(); err != nil {
		return nil, err
	}
	for _, s := range src.services {
		if err := b.addService(s); err != nil {
			return nil, fmt.Errorf("service %s: %w", s.prefix, err)
		}
	}
	b.out.KeyLists, b.out.RefLists, b.out.DepLists = b.keyLists.lists, b.refLists.lists, b.depLists.lists
	return b.out, nil
}

// applyOverlay adds the old dependent actions and permission-only marks to the
// actions that still exist.
func applyOverlay(src, over *source) {
	older := map[string]service{}
	for _, s := range over.services {
		older[s.prefix] = s
	}
	for _, s := range src.services {
		for name, a := range s.actions {
			was := older[s.prefix].actions[name]
			a.DependentActions = append(dependents(a), dependents(was)...)
			a.IsPermissionOnly = a.IsPermissionOnly || was.IsPermissionOnly
			s.actions[name] = a
		}
	}
}

// dependents returns the dependent actions of a, whichever row they stand in.
func dependents(a jsonAction) []string {
	out := slices.Clone(a.DependentActions)
	for _, r := range a.ResourceTypes {
		out = append(out, r.DependentActions...)
	}
	return out
}

// A builder fills tables. The indexes are keyed by lower-case names.
type builder struct {
	src                *source
	out                *packed.Tables
	keyIDs, actionIDs  map[string]uint32
	keyLists, depLists interner[uint32]
	refLists           interner[packed.Ref]
}

func newBuilder(src *source) *builder {
	b := &builder{
		src:       src,
		out:       &packed.Tables{Version: src.version, Date: src.date},
		keyIDs:    map[string]uint32{},
		actionIDs: map[string]uint32{},
	}
	b.keyLists.add(nil)
	b.refLists.add(nil)
	b.depLists.add(nil)
	for _, s := range src.services {
		for _, name := range slices.Sorted(maps.Keys(s.actions)) {
			b.actionIDs[strings.ToLower(s.prefix)+":"+name] = uint32(len(b.actionIDs)) //nolint:gosec // few
		}
	}
	return b
}

// addKeys numbers the condition keys of all services. Where services disagree
// about a key's type, the service that the key is named after is right.
func (b *builder) addKeys() error {
	all := map[string]jsonKey{}
	for _, s := range b.src.services {
		for name, k := range s.keys {
			if _, seen := all[name]; !seen || strings.HasPrefix(name, s.prefix+":") {
				all[name] = k
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		kind, multi, err := parseKind(all[name].Type)
		if err != nil {
			return fmt.Errorf("key %s: %w", name, err)
		}
		b.keyIDs[name] = uint32(len(b.out.Keys)) //nolint:gosec // few
		b.out.Keys = append(b.out.Keys, packed.Key{Name: all[name].Key, Kind: kind, Multivalued: multi})
	}
	return nil
}

func (b *builder) addService(s service) error {
	keys, err := b.keyList(slices.Collect(maps.Keys(s.keys)))
	if err != nil {
		return err
	}
	b.out.Services = append(b.out.Services, packed.Service{
		Prefix: s.prefix, RCP: b.src.rcp[s.prefix], Keys: keys,
		NumTypes: uint32(len(s.types)), NumActions: uint32(len(s.actions)), //nolint:gosec // few
	})
	types, err := b.addTypes(s)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(s.actions)) {
		if err := b.addAction(s.prefix, s.actions[name], types); err != nil {
			return fmt.Errorf("action %s: %w", name, err)
		}
	}
	return nil
}

// addTypes adds the types of s and returns their indexes by lower-case name.
func (b *builder) addTypes(s service) (map[string]uint32, error) {
	spelling := map[string]string{}
	for _, a := range s.actions {
		for _, r := range a.ResourceTypes {
			// Only the actions have the type names in AWS's capitals; no two
			// of them differ, but be sure to be deterministic.
			low := strings.ToLower(r.Name)
			spelling[low] = max(spelling[low], r.Name)
		}
	}
	ids := map[string]uint32{}
	for _, name := range slices.Sorted(maps.Keys(s.types)) {
		t := s.types[name]
		arns, err := splitARNs(t.ARN)
		if err != nil {
			return nil, fmt.Errorf("type %s: %w", name, err)
		}
		keys, err := b.keyList(t.ConditionKeys)
		if err != nil {
			return nil, fmt.Errorf("type %s: %w", name, err)
		}
		ids[name] = uint32(len(b.out.Types)) //nolint:gosec // few
		b.out.Types = append(b.out.Types, packed.Type{Name: cmp.Or(spelling[name], t.Key), ARNs: arns, Keys: keys})
	}
	return ids, nil
}

func (b *builder) addAction(prefix string, a jsonAction, types map[string]uint32) error {
	access, err := parseAccess(a.AccessLevel)
	if err != nil {
		return err
	}
	keys, err := b.keyList(a.ConditionKeys)
	if err != nil {
		return err
	}
	refs, err := b.refs(a.ResourceTypes, types)
	if err != nil {
		return err
	}
	b.out.Actions = append(b.out.Actions, packed.Action{
		Name: prefix + ":" + a.Name, Access: access, PermissionOnly: a.IsPermissionOnly,
		Keys: keys, Deps: b.depList(a.DependentActions), Refs: b.refLists.add(refs),
	})
	return nil
}

// refs resolves the types of an action. The source repeats a few types within
// an action; such rows are merged.
func (b *builder) refs(rows []jsonRef, types map[string]uint32) ([]packed.Ref, error) {
	merged := map[uint32]jsonRef{}
	for _, r := range rows {
		id, ok := types[strings.ToLower(r.Name)]
		if !ok {
			return nil, fmt.Errorf("unknown resource type %q", r.Name)
		}
		m := merged[id]
		m.Required = m.Required || r.Required
		m.ConditionKeys = append(m.ConditionKeys, r.ConditionKeys...)
		merged[id] = m
	}
	var refs []packed.Ref
	for _, id := range slices.Sorted(maps.Keys(merged)) {
		keys, err := b.keyList(merged[id].ConditionKeys)
		if err != nil {
			return nil, err
		}
		refs = append(refs, packed.Ref{Type: id, Required: merged[id].Required, Keys: keys})
	}
	return refs, nil
}

func (b *builder) keyList(names []string) (uint32, error) {
	ids := make([]uint32, 0, len(names))
	for _, n := range names {
		id, ok := b.keyIDs[strings.ToLower(n)]
		if !ok {
			return 0, fmt.Errorf("unknown condition key %q", n)
		}
		ids = append(ids, id)
	}
	return b.keyLists.add(set(ids)), nil
}

// depList drops dependent actions that AWS has retired since the overlay.
func (b *builder) depList(names []string) uint32 {
	var ids []uint32
	for _, n := range names {
		if id, ok := b.actionIDs[strings.ToLower(n)]; ok {
			ids = append(ids, id)
		}
	}
	return b.depLists.add(set(ids))
}

// set sorts ids and drops repeated ones.
func set(ids []uint32) []uint32 {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// An interner numbers distinct lists in the order of their first use.
type interner[T any] struct {
	lists [][]T
	ids   map[string]uint32
}

func (in *interner[T]) add(list []T) uint32 {
	if in.ids == nil {
		in.ids = map[string]uint32{}
	}
	key := fmt.Sprint(list)
	n, ok := in.ids[key]
	if !ok {
		n = uint32(len(in.lists)) //nolint:gosec // few
		in.lists, in.ids[key] = append(in.lists, list), n
	}
	return n
}
