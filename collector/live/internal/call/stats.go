package call

import (
	"maps"
	"sync"
)

// Stats counts requests as they were sent, attempts that were repeated included.
type Stats struct {
	Requests  int
	Throttled int // requests that AWS refused because there were too many
	Repeated  int // requests that were second or later attempts
	ByService map[string]int
}

// counts is a Stats that many may add to.
type counts struct {
	mu sync.Mutex
	s  Stats // under mu
}

func (c *counts) add(service string, attempt int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.s.ByService == nil {
		c.s.ByService = make(map[string]int)
	}
	c.s.Requests++
	c.s.ByService[service]++
	if attempt > 1 {
		c.s.Repeated++
	}
}

func (c *counts) throttled() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.s.Throttled++
}

func (c *counts) get() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.s
	s.ByService = maps.Clone(s.ByService)
	return s
}
