package main

import (
	"bufio"
	"bytes"
	"io/fs"
	"math"
	"strconv"
	"strings"
)

// limits are the files in which Linux says how much memory there is: of the machine, and
// of the container, where the root of the control groups is the container's own. Sources:
// proc_meminfo(5); Linux kernel, "Control Group v2", memory.max; "Memory Resource
// Controller" of version 1.
var limits = []string{"proc/meminfo", "sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory/memory.limit_in_bytes"}

// heapLimit is how large the process should get at most: seven eighths of the memory that
// there is. Near it garbage is collected more often, which is slower, but better than to be
// ended by the system; it is no bound for what is in use. It is [math.MaxInt64] where the
// system does not say how much there is. root is the root of the file system.
func heapLimit(root fs.FS) int64 {
	least := int64(math.MaxInt64)
	for _, name := range limits {
		text, err := fs.ReadFile(root, name)
		if err != nil {
			continue
		}
		if n := bytesIn(name, text); n > 0 {
			least = min(least, n)
		}
	}
	if least == math.MaxInt64 {
		return least
	}
	return least - least/8
}

// bytesIn reads a file of limits; 0 when it says none.
func bytesIn(name string, text []byte) int64 {
	number, unit := strings.TrimSpace(string(text)), int64(1)
	if name == "proc/meminfo" {
		number, unit = "", 1<<10
		for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
			if f := strings.Fields(lines.Text()); len(f) == 3 && f[0] == "MemTotal:" && f[2] == "kB" {
				number = f[1]
			}
		}
	}
	n, err := strconv.ParseInt(number, 10, 64) // "max" is none
	if err != nil || n > math.MaxInt64/unit {
		return 0
	}
	return n * unit
}
