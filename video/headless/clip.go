package headless

import (
	"bytes"
	"context"
	_ "embed" // the clip
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/pion/webrtc/v3"
	"github.com/pion/webrtc/v3/pkg/media"
	"github.com/pion/webrtc/v3/pkg/media/ivfreader"
	"github.com/pion/webrtc/v3/pkg/media/oggreader"
)

// The clip, three seconds of a test picture (320 x 240, 10 frames a second, VP8)
// and of a tone (Opus), made with
//
//	ffmpeg -f lavfi -i testsrc=size=320x240:rate=10 -t 3 -c:v libvpx -b:v 90k -g 30 clip.ivf
//	ffmpeg -f lavfi -i sine=frequency=440:sample_rate=48000 -t 3 -c:a libopus -b:a 16k -page_duration 20000 clip.ogg
//
//go:embed clip.ivf
var picture []byte

//go:embed clip.ogg
var tone []byte

// readPicture returns the clip's frames and how long each is shown.
func readPicture() (frames [][]byte, each time.Duration, err error) {
	r, head, err := ivfreader.NewWith(bytes.NewReader(picture))
	if err != nil {
		return nil, 0, fmt.Errorf("read the clip: %w", err)
	}
	each = time.Second * time.Duration(head.TimebaseNumerator) / time.Duration(head.TimebaseDenominator)
	for {
		f, _, err := r.ParseNextFrame()
		if errors.Is(err, io.EOF) {
			return frames, each, nil
		}
		if err != nil {
			return nil, 0, fmt.Errorf("read the clip: %w", err)
		}
		frames = append(frames, f)
	}
}

// opusFrame is the length of one page of the tone.
const opusFrame = 20 * time.Millisecond

func readTone() (pages [][]byte, err error) {
	r, _, err := oggreader.NewWith(bytes.NewReader(tone))
	if err != nil {
		return nil, fmt.Errorf("read the tone: %w", err)
	}
	for {
		p, _, err := r.ParseNextPage()
		if errors.Is(err, io.EOF) {
			return pages, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read the tone: %w", err)
		}
		if !bytes.HasPrefix(p, []byte("OpusTags")) {
			pages = append(pages, p)
		}
	}
}

// play sends samples in their time, over and over, until ctx ends. What a busy
// machine has missed it sends late, so that sound and picture stay together.
func play(ctx context.Context, track *webrtc.TrackLocalStaticSample, samples [][]byte, each time.Duration) {
	tick := time.NewTicker(each)
	defer tick.Stop()
	began := time.Now()
	for i := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for ; time.Duration(i)*each < time.Since(began); i++ {
			if track.WriteSample(media.Sample{Data: samples[i%len(samples)], Duration: each}) != nil {
				return
			}
		}
	}
}
