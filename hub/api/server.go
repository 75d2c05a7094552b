package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"
)

// Server answers HTTP. It keeps no state between requests besides counters
// and the live streams, so any number of nodes may run side by side.
type Server struct {
	cfg        Config
	app        *fiber.App
	api        huma.API
	openapi    []byte
	assets     map[string]asset
	catalogues map[string]catalogue
	metrics    *metrics
	live       *live
	sockets    *crowd

	life     context.Context // ends when nothing may go on any more
	end      context.CancelCauseFunc
	streams  context.Context // ends when live streams must
	hangUp   context.CancelCauseFunc
	work     sync.WaitGroup // goroutines that feed streams
	stopping atomic.Bool
}

// New builds the server; nothing listens yet.
func New(cfg Config) (*Server, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	catalogues, err := loadCatalogues()
	if err != nil {
		return nil, err
	}
	cfg.Logger = slog.New(LogHandler(cfg.Logger.Handler()))
	s := &Server{cfg: cfg, catalogues: catalogues}
	s.life, s.end = context.WithCancelCause(context.Background())
	s.streams, s.hangUp = context.WithCancelCause(s.life)
	s.live, s.sockets = newLive(s), newCrowd(cfg.Limits.Sockets)
	if s.metrics, err = newMetrics(cfg.Registry, s.live); err != nil {
		return nil, err
	}
	if s.assets, err = loadAssets(cfg.UI); err != nil {
		return nil, err
	}
	useHuma()
	s.app = fiber.New(fiber.Config{
		AppName:                      "tongban",
		Immutable:                    true,
		CaseSensitive:                true,
		StreamRequestBody:            true,
		DisablePreParseMultipartForm: true,
		DisableStartupMessage:        true,
		BodyLimit:                    1, // streaming has no limit of its own; see limits
		ReadBufferSize:               16 << 10,
		ReadTimeout:                  cfg.Limits.Stall,
		WriteTimeout:                 cfg.Limits.Stall,
		IdleTimeout:                  cfg.Limits.Idle,
		Concurrency:                  cfg.Limits.Connections,
		ErrorHandler:                 s.fail,
	})
	s.app.Server().CloseOnShutdown = true
	s.app.Use(s.guard, s.around)
	s.api = humafiber.New(s.app, s.description())
	s.routes()
	if s.openapi, err = s.api.OpenAPI().MarshalJSON(); err != nil {
		return nil, fmt.Errorf("describe the interface: %w", err)
	}
	s.pages()
	return s, nil
}

func (s *Server) routes() {
	s.sessionRoutes()
	s.factorRoutes()
	s.peopleRoutes()
	s.administrationRoutes()
	s.draftRoutes()
	s.leaseRoutes()
	s.caseRoutes()
	s.commandRoutes()
	s.materialRoutes()
	s.pageRoutes()
	s.referenceRoutes()
	s.progressRoutes()
	s.boardRoutes()
	s.standardRoutes()
	s.paperRoutes()
	s.registerRoutes()
	s.meetingRoutes()
	s.attendRoutes()
	s.passRoutes()
	s.streamRoutes()
	s.roomRoutes()
	s.healthRoutes()
}

// App is the fiber application, for tests.
func (s *Server) App() *fiber.App { return s.app }

// OpenAPI is the description of the interface as JSON.
func (s *Server) OpenAPI() []byte { return s.openapi }

// errStopping ends what is still going on when the server stops.
var errStopping = errors.New("the server is stopping")

// Serve answers on a listener until ctx ends, then stops in order: live
// streams end, requests in flight get Limits.Shutdown to finish, and whatever
// is left is cut off, which is an error. It returns when every goroutine of
// the server is gone; it can be called once.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	served := make(chan error, 1)
	go func() { served <- s.app.Listener(lingering{ln}) }()
	var err error
	select {
	case err = <-served:
		err = fmt.Errorf("serve http: %w", err)
	case <-ctx.Done():
		err = s.stop(context.WithoutCancel(ctx))
		// fasthttp does not know the listener when ctx ends right at the start.
		_ = ln.Close() // mostly closed already
		if serveErr := <-served; serveErr != nil && !errors.Is(serveErr, net.ErrClosed) {
			err = errors.Join(err, fmt.Errorf("serve http: %w", serveErr))
		}
	}
	s.end(errStopping)
	s.sockets.wait()
	s.work.Wait()
	return err
}

func (s *Server) stop(ctx context.Context) error {
	s.stopping.Store(true)
	s.hangUp(errStopping)
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Limits.Shutdown)
	defer cancel()
	if err := s.app.ShutdownWithContext(ctx); err != nil {
		return fmt.Errorf("stop http: requests were cut off: %w", err)
	}
	return nil
}
