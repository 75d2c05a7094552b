package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"tongban/hub"
)

// CommandHeaders are what every command takes. It is exported because huma
// only looks into embedded types that are.
type CommandHeaders struct {
	Key     string `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"128" doc:"unique to this wish; a repeat gets the first answer"`
	IfMatch string `header:"If-Match" doc:"the ETag you saw; otherwise the command meets the case as it is"`
}

// resultOutput is the answer to a command.
type resultOutput struct {
	ETag     string `header:"ETag"`
	Replayed string `header:"Idempotent-Replayed" doc:"true: this command was done before, nothing was done now"`
	Location string `header:"Location"`
	Body     ResultView
}

// execute carries out one intent for the caller.
func (s *Server) execute(ctx context.Context, h CommandHeaders, id hub.CaseID, i hub.Intent) (*resultOutput, error) {
	seq, err := parseIfMatch(h.IfMatch)
	if err != nil {
		return nil, err
	}
	r, err := s.cfg.Service.Execute(ctx, hub.Command{ID: hub.CommandID(h.Key), Case: id, IfSeq: seq, Actor: actor(ctx), Intent: i})
	if err != nil {
		return nil, err
	}
	of(ctx).caseID = string(r.Case)
	out := &resultOutput{ETag: etag(r.Seq), Location: base + "/cases/" + string(r.Case), Body: resultViewOf(r)}
	if r.Repeated {
		out.Replayed = "true"
	}
	return out, nil
}

// commandInput is a command on one case with its content.
type commandInput[B wish] struct {
	CaseInput
	CommandHeaders
	Body B
}

// wish is the body of a command.
type wish interface{ intent() hub.Intent }

// command registers POST /cases/{id}/<name>.
func command[B wish](s *Server, name, summary string) {
	op := huma.Operation{
		Method: http.MethodPost, Path: base + "/cases/{id}/" + name, OperationID: strings.ReplaceAll(name, "/", "-") + "-case",
		Tags: []string{tagCommands}, Summary: summary,
	}
	register(s, op, func(ctx context.Context, in *commandInput[B]) (*resultOutput, error) {
		id, err := in.caseID(ctx)
		if err != nil {
			return nil, err
		}
		return s.execute(ctx, in.CommandHeaders, id, in.Body.intent())
	})
}

func (s *Server) commandRoutes() {
	register(s, huma.Operation{
		Method: http.MethodPost, Path: base + "/cases", OperationID: "receive-case", Tags: []string{tagCommands},
		Summary: "收件 Receive an application", DefaultStatus: http.StatusCreated,
		Description: "Receiving is not accepting: the responsible place accepts. All gaps are told at once.",
	}, s.receive)
	command[routeWish](s, "route", "确定管辖 Find who is responsible")
	command[offerWish](s, "offer", "移交 Offer the case to the responsible agency")
	command[takeWish](s, "take", "接收移交 Take an offered case")
	command[declineWish](s, "decline", "退回移交 Decline an offered case")
	command[acceptWish](s, "accept", "受理 Accept the application")
	command[refuseWish](s, "refuse", "不予受理 Refuse the application")
	command[supplementWish](s, "supplement", "一次性补正告知 Ask for everything that is missing")
	command[answerWish](s, "answer", "补正答复 Answer the whole supplement notice")
	command[questionWish](s, "questioning", "询问笔录 Record the questioning of one party")
	command[moveWindowWish](s, "window", "换窗口 Let another window serve the applicant")
	command[taxWish](s, "tax", "确认完税 Record the tax bureau's word")
	command[openNoticeWish](s, "notice/open", "发布公告 Open the public notice")
	command[endNoticeWish](s, "notice/end", "结束公告 End the public notice")
	command[visitWish](s, "visit", "实地查看 Record a site visit")
	command[suspendWish](s, "suspend", "中止 Stop the case where it stands")
	command[resumeWish](s, "resume", "恢复 Let the case go on")
	command[firstReviewWish](s, "review/first", "初审 First review")
	command[secondReviewWish](s, "review/second", "复审 Second review, by another person")
	command[decideWish](s, "decide", "核准 Decide")
	command[bookWish](s, "book", "登簿 Book in the register")
	command[issueWish](s, "issue", "缮证 Make and seal the results")
	command[handOutWish](s, "hand-out", "发证 Hand a result out")
	command[revokeWish](s, "revoke", "作废 Take a result out of force")
	command[rateWish](s, "rate", "评价 Rate one of the two places")
	command[answerRatingWish](s, "rating/answer", "差评回访 Follow up a bad rating")
	command[withdrawWish](s, "withdraw", "撤回 Withdraw at the applicant's wish")
	command[closeWish](s, "close", "办结 Close")
	register(s, huma.Operation{
		Method: http.MethodPost, Path: base + "/cases/{id}/recall", OperationID: "recall-case", Tags: []string{tagCommands},
		Summary: "请求退回 Ask for an open offer back", DefaultStatus: http.StatusAccepted,
		Description: "A question to the other agency, not a decision: its answer ends the offer. Asking again changes nothing.",
	}, s.recall)
}

type receiveInput struct {
	CommandHeaders
	Body receiveWish
}

func (s *Server) receive(ctx context.Context, in *receiveInput) (*resultOutput, error) {
	return s.execute(ctx, in.CommandHeaders, "", in.Body.intent())
}

type recallInput struct {
	CaseInput
	CommandHeaders
}

type recallOutput struct {
	Body struct {
		Offer hub.OfferID `json:"offer"`
	}
}

func (s *Server) recall(ctx context.Context, in *recallInput) (*recallOutput, error) {
	id, err := in.caseID(ctx)
	if err != nil {
		return nil, err
	}
	out := &recallOutput{}
	out.Body.Offer, err = s.cfg.Service.RecallOffer(ctx, reading(ctx, ""), id)
	return out, err
}
