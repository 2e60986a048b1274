package main

import (
	"math"
	"testing"
	"testing/fstest"
)

func TestHeapLimit(t *testing.T) {
	t.Parallel()
	const meminfo = "MemTotal:       16000000 kB\nMemFree:        12000000 kB\nHugePages_Total:       0\n"
	for _, tt := range []struct {
		what  string
		files map[string]string
		want  int64
	}{
		{"a system that does not say", nil, math.MaxInt64},
		{"a machine", map[string]string{"proc/meminfo": meminfo}, 14336000000},
		{"a container without a limit", map[string]string{"proc/meminfo": meminfo, "sys/fs/cgroup/memory.max": "max\n"}, 14336000000},
		{"a container", map[string]string{"proc/meminfo": meminfo, "sys/fs/cgroup/memory.max": "8000000000\n"}, 7000000000},
		{"one of version 1", map[string]string{"proc/meminfo": meminfo, "sys/fs/cgroup/memory/memory.limit_in_bytes": "800000000\n"}, 700000000},
		{"version 1 without a limit", map[string]string{"proc/meminfo": meminfo, "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, 14336000000},
		{"files of another form", map[string]string{"proc/meminfo": "MemTotal: lots\n", "sys/fs/cgroup/memory.max": "-1\n"}, math.MaxInt64},
		{"a number that is too large", map[string]string{"proc/meminfo": "MemTotal: 9223372036854775807 kB\n"}, math.MaxInt64},
	} {
		files := fstest.MapFS{}
		for name, text := range tt.files {
			files[name] = &fstest.MapFile{Data: []byte(text)}
		}
		if got := heapLimit(files); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.what, got, tt.want)
		}
	}
}
