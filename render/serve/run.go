package serve

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// Limits of connections.
const (
	headerPatience = 10 * time.Second // for a request to be sent
	idlePatience   = 2 * time.Minute  // for the next one
	farewell       = 3 * time.Second  // for answers that are on their way, at the end
	maxHeader      = maxQuery + 16<<10
)

// Run answers requests that come to a listener until ctx is done, and then ends
// within seconds. Answers that take longer are given up. errs is told of faults
// of connections; nil for nobody.
func Run(ctx context.Context, l net.Listener, h http.Handler, errs io.Writer) error {
	if errs == nil {
		errs = io.Discard
	}
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerPatience,
		IdleTimeout:       idlePatience,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          log.New(errs, "pathfinder: ", 0),

		DisableGeneralOptionsHandler: true, // which answers OPTIONS * whatever the Host
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	last, stop := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer stop()
	if err := server.Shutdown(last); err != nil {
		_ = server.Close() // which ends the connections that are left
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
