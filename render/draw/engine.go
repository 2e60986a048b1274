package draw

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// graphvizModule is Graphviz 12 as go-graphviz v0.2.10 compiles it.
//
//go:embed graphviz.wasm
var graphvizModule []byte

const (
	memoryPages = 512 << 20 >> 16 // 512 MiB in pages of 64 KiB
	plugins     = 3               // entries of lt_preloaded_symbols: dot, neato, core
	symlistSize = 8               // bytes of one entry: name, address
)

// engine is one instance of Graphviz. It sees no files and no environment.
type engine struct {
	mod      api.Module
	messages bytes.Buffer // what it writes to stderr
}

// layout lays the graph out with Graphviz's dot and writes it in one of
// Graphviz's own formats. It fails when ctx is done.
func layout(ctx context.Context, dot []byte, format string) (out []byte, err error) {
	config := wazero.NewRuntimeConfig().WithCloseOnContextDone(true).WithMemoryLimitPages(memoryPages)
	cache := compilationCache()
	if cache != nil {
		config = config.WithCompilationCache(cache)
		defer func() { err = errors.Join(err, cache.Close(ctx)) }()
	}
	runtime := wazero.NewRuntimeWithConfig(ctx, config)
	defer func() { err = errors.Join(err, runtime.Close(context.WithoutCancel(ctx))) }()
	e, err := start(ctx, runtime)
	if err != nil {
		return nil, fmt.Errorf("start Graphviz: %w", err)
	}
	if out, err = e.draw(ctx, dot, format); err != nil {
		return nil, fmt.Errorf("graphviz: %w", err)
	}
	return out, nil
}

// start compiles the module, or takes it from the cache, and instantiates it.
func start(ctx context.Context, runtime wazero.Runtime) (*engine, error) {
	compiled, err := runtime.CompileModule(ctx, graphvizModule)
	if err != nil {
		return nil, err
	}
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, runtime); err != nil {
		return nil, err
	}
	// The module can call back into drawing plug-ins written in Go. There are
	// none here, so nothing calls these.
	env := runtime.NewHostModuleBuilder("env")
	for _, f := range compiled.ImportedFunctions() {
		if module, name, ok := f.Import(); ok && module == "env" {
			absent := func(context.Context, api.Module, []uint64) { panic("there is no plug-in for " + name) }
			env.NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(absent), f.ParamTypes(), f.ResultTypes()).Export(name)
		}
	}
	if _, err := env.Instantiate(ctx); err != nil {
		return nil, err
	}
	e := &engine{}
	e.mod, err = runtime.InstantiateModule(ctx, compiled, wazero.NewModuleConfig().WithStderr(&e.messages))
	return e, err
}

// draw runs the calls that the dot program makes.
func (e *engine) draw(ctx context.Context, dot []byte, format string) ([]byte, error) {
	symbols, err := e.symbols(ctx)
	if err != nil {
		return nil, err
	}
	gvc, err := e.call(ctx, "gvContextPlugins", uint64(symbols), 0)
	if err != nil {
		return nil, err
	}
	text, err := e.store(ctx, append(dot, 0))
	if err != nil {
		return nil, err
	}
	graph, err := e.call(ctx, "agmemread", uint64(text))
	if err != nil {
		return nil, err
	}
	if graph == 0 {
		return nil, e.lastError(ctx)
	}
	engineName, err := e.store(ctx, []byte("dot\x00"))
	if err != nil {
		return nil, err
	}
	if code, err := e.call(ctx, "gvLayout", uint64(gvc), uint64(graph), uint64(engineName)); err != nil {
		return nil, err
	} else if code != 0 {
		return nil, e.lastError(ctx)
	}
	return e.render(ctx, gvc, graph, format)
}

// symbols stores the list of plug-ins that are linked in; it ends with an
// empty entry, which the module's own list lacks.
func (e *engine) symbols(ctx context.Context) (uint32, error) {
	global := e.mod.ExportedGlobal("lt_preloaded_symbols")
	if global == nil {
		return 0, errors.New("the module lists no plug-ins")
	}
	list, ok := e.mod.Memory().Read(uint32(global.Get()), plugins*symlistSize)
	if !ok {
		return 0, errors.New("the module's list of plug-ins lies outside its memory")
	}
	return e.store(ctx, append(append([]byte(nil), list...), make([]byte, symlistSize)...))
}

func (e *engine) render(ctx context.Context, gvc, graph uint32, format string) ([]byte, error) {
	name, err := e.store(ctx, []byte(format+"\x00"))
	if err != nil {
		return nil, err
	}
	result, err := e.store(ctx, make([]byte, 8)) // char *data; size_t length
	if err != nil {
		return nil, err
	}
	if code, err := e.call(ctx, "gvRenderData", uint64(gvc), uint64(graph), uint64(name), uint64(result), uint64(result+4)); err != nil {
		return nil, err
	} else if code != 0 {
		return nil, e.lastError(ctx)
	}
	mem := e.mod.Memory()
	data, _ := mem.ReadUint32Le(result)
	length, _ := mem.ReadUint32Le(result + 4)
	view, ok := mem.Read(data, length)
	if !ok || length == 0 {
		return nil, errors.New("it drew nothing")
	}
	// It draws on after an error in a label. Warnings are about letters whose
	// width it doesn't know.
	for line := range strings.Lines(e.messages.String()) {
		if strings.HasPrefix(line, "Error") {
			return nil, errors.New(strings.TrimSpace(line))
		}
	}
	return append([]byte(nil), view...), nil
}

// call calls a C function that returns an int or a pointer.
func (e *engine) call(ctx context.Context, name string, args ...uint64) (uint32, error) {
	f := e.mod.ExportedFunction(name)
	if f == nil {
		return 0, fmt.Errorf("the module has no function %s", name)
	}
	results, err := f.Call(ctx, args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	if len(results) != 1 {
		return 0, fmt.Errorf("%s returned %d values", name, len(results))
	}
	return api.DecodeU32(results[0]), nil
}

// store copies b into the module's memory. Nothing is freed: the instance
// lives for one picture.
func (e *engine) store(ctx context.Context, b []byte) (uint32, error) {
	p, err := e.call(ctx, "malloc", uint64(len(b)))
	if err != nil {
		return 0, err
	}
	if p == 0 || !e.mod.Memory().Write(p, b) {
		return 0, errors.New("out of memory")
	}
	return p, nil
}

// lastError is what Graphviz says went wrong.
func (e *engine) lastError(ctx context.Context) error {
	p, err := e.call(ctx, "aglasterr")
	if err != nil || p == 0 {
		return errors.Join(errors.New("failed without a message"), err)
	}
	var text strings.Builder
	for ; ; p++ {
		b, ok := e.mod.Memory().ReadByte(p)
		if !ok || b == 0 {
			return errors.New(strings.TrimSpace(text.String()))
		}
		text.WriteByte(b)
	}
}
