package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime/debug"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"tongban/cmd/hub/config"
	"tongban/hub"
	"tongban/hub/api"
	"tongban/hub/evidence"
	"tongban/hub/signin"
	"tongban/routing"
	"tongban/storage/object"
	"tongban/storage/object/resume"
	"tongban/web"
)

// Version is set when a release is built.
var Version = "dev"

// Serve listens, calls ready with its address, and serves until ctx ends; then it stops in the
// reverse order: no new requests, those in flight finish, workers end.
func (a *App) Serve(ctx context.Context, ready func(addr string)) error {
	if err := a.openMedia(ctx); err != nil {
		return err
	}
	server, err := a.server()
	if err != nil {
		return fmt.Errorf("http server: %w", err)
	}
	ln, err := net.Listen("tcp", a.Config.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var wg sync.WaitGroup
	a.background(background, &wg)
	// Hashing passwords took much memory for a moment. The collector, which lets
	// the heap grow to a multiple of what it last found in use, must forget it.
	debug.FreeOSMemory()
	ready(ln.Addr().String())
	err = server.Serve(ctx, ln)
	stop()
	wg.Wait()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func (a *App) server() (*api.Server, error) {
	people, err := signin.New(signin.Config{
		People: a.DB.Directory(), Logins: a.DB.Logins(), Factors: a.DB.Factors(), Seal: a.Keys, RequireFactor: a.Config.RequireTOTP, Logger: a.log,
	})
	if err != nil {
		return nil, err
	}
	token := ""
	if a.Config.MetricsFile != "" {
		if token, err = config.Secret(a.Config.MetricsFile); err != nil {
			return nil, err
		}
	}
	proxies, err := a.Config.TrustedProxies()
	if err != nil {
		return nil, err
	}
	public := a.Config.PublicURL
	if public == "" {
		public = "http://" + a.Config.Listen
	}
	if a.Resumable, err = resume.New(resume.Config{
		Objects: a.Objects, Records: a.DB.OpenUploads(), Uploads: a.DB.Uploads(), Logger: a.log,
		Sniff: api.SniffUpload, SniffBytes: api.SniffBytes, MaxSize: a.Config.MaxUpload, Check: a.checkContent,
	}); err != nil {
		return nil, err
	}
	reg := prometheus.NewRegistry()
	reg.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return api.New(api.Config{
		Service: a.Service, SignIn: people, Directory: a.DB.Directory(), Index: a.DB.Cases(),
		Router: routing.NewRouter(a.Routes), Objects: api.PutFunc(a.put), Uploads: a.DB.Uploads(), Access: a.DB.Access(),
		Keys: a.DB.Keys(), Duties: a.duties, Resumable: a.Resumable, Rooms: a.openRooms(), Drafts: a.DB.Drafts(),
		DraftSeal: a.Keys, Leases: a.DB.Leases(), Bundle: evidence.FromService(a.Service),
		Policy: a.Policy, Ready: a.Ready, UI: web.Files(), Logger: a.log,
		Registry: reg, PublicURL: public, TrustedProxies: proxies, MetricsToken: token, Version: Version,
		Limits: api.Limits{UploadBytes: a.Config.MaxUpload}, Explain: explain, CheckContent: a.checkContent,
		Now: a.now,
	})
}

// explain writes a routing reason as a sentence.
func explain(r hub.RouteReason, lang string) string {
	if lang == "en" {
		return routing.Text(r, routing.English)
	}
	return routing.Text(r, routing.Chinese)
}

func (a *App) put(ctx context.Context, in api.Incoming) error {
	_, err := a.Objects.Put(ctx, in.Body, object.PutOptions{Size: in.Size, Max: a.Config.MaxUpload, Want: in.Want})
	return err
}

// checkContent looks into a file before it may become a material. Its name is
// not known then; hub looks at it when the file is put into a case.
func (a *App) checkContent(ctx context.Context, f hub.File) error {
	_, err := a.Pages.Check(ctx, f.Digest, "")
	return err
}

// Ready reports whether every store answers.
func (a *App) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	return errors.Join(a.DB.Ready(ctx), a.Objects.Ready(ctx))
}
