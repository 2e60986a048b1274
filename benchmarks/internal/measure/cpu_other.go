//go:build !unix

package measure

import "time"

// CPU knows nothing here.
func CPU() time.Duration { return 0 }
