package api

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tongban/hub"
)

// metrics counts what the server does, by route template, never by path.
type metrics struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	inFlight prometheus.Gauge
	uploaded prometheus.Counter
}

func newMetrics(reg *prometheus.Registry, l *live) (*metrics, error) {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hub_http_requests_total", Help: "Requests answered, by route and status.",
		}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "hub_http_request_seconds", Help: "Time until the answer began, by route.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 15},
		}, []string{"method", "route"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "hub_http_in_flight", Help: "Requests being served."}),
		uploaded: prometheus.NewCounter(prometheus.CounterOpts{Name: "hub_upload_bytes_total", Help: "Bytes of files taken in."}),
	}
	streams := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "hub_live_streams", Help: "Open live streams."},
		func() float64 { return float64(l.count()) })
	var errs []error
	for _, c := range []prometheus.Collector{m.requests, m.seconds, m.inFlight, m.uploaded, streams} {
		errs = append(errs, reg.Register(c))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("http metrics: %w", err)
	}
	return m, nil
}

func (m *metrics) observe(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(method, route).Observe(took.Seconds())
}

// serveMetrics answers this machine, and whoever knows the token.
func (s *Server) serveMetrics() fiber.Handler {
	h := adaptor.HTTPHandler(promhttp.HandlerFor(s.cfg.Registry, promhttp.HandlerOpts{}))
	return func(c *fiber.Ctx) error {
		if !s.maySeeMetrics(c) {
			return hub.E(hub.NotFound, "nothing here")
		}
		return h(c)
	}
}

func (s *Server) maySeeMetrics(c *fiber.Ctx) bool {
	if t, ok := strings.CutPrefix(c.Get(fiber.HeaderAuthorization), "Bearer "); ok && s.cfg.MetricsToken != "" {
		return subtle.ConstantTimeCompare([]byte(t), []byte(s.cfg.MetricsToken)) == 1
	}
	peer, err := netip.ParseAddrPort(c.Context().RemoteAddr().String())
	// Through a proxy everybody comes from this machine.
	return err == nil && peer.Addr().Unmap().IsLoopback() && c.Get(fiber.HeaderXForwardedFor) == ""
}
