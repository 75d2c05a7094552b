package material

import (
	"cmp"
	"time"
)

// Limits bound what one file may cost. Zero values have the defaults named.
type Limits struct {
	Pages        int           // of a PDF or TIFF: 500
	Pixels       int64         // of one image: 100 million; A3 at 600 dpi has 70
	DecodedBytes int64         // that one image takes in memory: 384 MiB
	Inflated     int64         // that the object streams of one PDF unpack to: 256 MiB
	PageTime     time.Duration // of the processor, for each page that is drawn: 10 s
	RenderMemory int64         // address space of the process that draws: 1 GiB
	ChildMemory  int64         // address space of a process that looks into files, beyond its start: 2 GiB
	PageHeight   int           // longest side of a page for reading: 1600 pixels
	ThumbHeight  int           // longest side of a thumbnail: 400 pixels
}

func (l Limits) withDefaults() Limits {
	l.Pages = cmp.Or(l.Pages, 500)
	l.Pixels = cmp.Or(l.Pixels, 100_000_000)
	l.DecodedBytes = cmp.Or(l.DecodedBytes, 384<<20)
	l.Inflated = cmp.Or(l.Inflated, 256<<20)
	l.PageTime = cmp.Or(l.PageTime, 10*time.Second)
	l.RenderMemory = cmp.Or(l.RenderMemory, 1<<30)
	l.ChildMemory = cmp.Or(l.ChildMemory, 2<<30)
	l.PageHeight = cmp.Or(l.PageHeight, 1600)
	l.ThumbHeight = cmp.Or(l.ThumbHeight, 400)
	return l
}
