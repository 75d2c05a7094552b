package certificate

import "time"

// HandOut is the 领证签收单: who took which paper, how and when.
type HandOut struct {
	Letter
	Subject
	Papers []HandedPaper // at least one
}

// HandedPaper is one paper that reached its holder.
type HandedPaper struct {
	Number   string
	Way      string // 窗口领取, 邮寄送达, …
	Receiver string // may be empty by mail
	At       time.Time
	Note     string // carrier and tracking number
}

// HandOut prints the record of handing out. Errors: hub.Invalid, hub.MissingGlyph.
func (p *Printer) HandOut(h HandOut) ([]byte, error) {
	gaps := h.gaps()
	if len(h.Papers) == 0 {
		gaps = append(gaps, gap{"/papers", ""})
	}
	if err := required(h.Letter, gaps...); err != nil {
		return nil, err
	}
	return p.letter(h.Letter, words{"领证签收单", "Record of Handing Out"}, func(s *sheet) {
		s.table(subjectShares, h.rows(), 0)
		heading(s, words{"已领取的证书、证明", "Papers handed out"})
		rows := []row{{cells: []cell{
			label("证书（证明）号", "Number"), label("领取方式", "Way"), label("领取人", "Receiver"), label("时间", "Time"), label("备注", "Note"),
		}}}
		for _, x := range h.Papers {
			rows = append(rows, row{least: 26, cells: []cell{
				{text: x.Number}, {text: x.Way, align: centre}, {text: dash(x.Receiver), align: centre}, {text: moment(x.At), align: centre, size: smallSize}, {text: x.Note, size: smallSize},
			}})
		}
		s.table([]float64{170, 66, 66, 84, 85}, rows, 1)
	})
}
