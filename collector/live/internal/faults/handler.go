package faults

import (
	"io"
	"net/http"

	"pathfinder/collector/live/internal/call"
)

// Handler serves what next answers over HTTP. An error of next, and a body that
// ends in one, end the connection.
func Handler(next call.Doer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		resp, err := next.Do(req)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		defer resp.Body.Close() //nolint:errcheck // read to its end, or given up
		for name, values := range resp.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(resp.StatusCode)
		if _, err := io.Copy(w, resp.Body); err != nil {
			_ = http.NewResponseController(w).Flush() // so that the beginning is seen
			panic(http.ErrAbortHandler)
		}
	})
}
