package hub

import (
	"slices"

	"tongban/hub/session"
)

// Role is what a person may be. One person may have several, but never two of
// the three administrators.
type Role string

// The roles of design §9.
const (
	Clerk          Role = "clerk"           // 窗口收件人员
	FirstReviewer  Role = "first_reviewer"  // 初审
	SecondReviewer Role = "second_reviewer" // 复审
	BookingOfficer Role = "booking_officer" // 登簿
	Cashier        Role = "cashier"         // 收费
	WindowLead     Role = "window_lead"     // 窗口负责人
	Supervisor     Role = "supervisor"      // 督办
	Applicant      Role = "applicant"       // 申请人
	AgentOfParty   Role = "agent"           // 代理人
	Institution    Role = "institution"     // 银行、开发企业、水电气暖
	SystemAdmin    Role = "system_admin"    // 系统管理员
	SecurityAdmin  Role = "security_admin"  // 安全管理员
	AuditAdmin     Role = "audit_admin"     // 审计管理员
	Integrator     Role = "integrator"      // 系统对接
	Guest          Role = "guest"           // 受邀参加视频会话的翻译、见证人：无账号，凭链接
)

// ofParty reports whether the role is not an officer's: who has it acts for
// himself and belongs to no agency.
func (r Role) ofParty() bool {
	return r == Applicant || r == AgentOfParty || r == Institution || r == Guest
}

// OfParty reports whether all of the roles are of who acts for himself.
func OfParty(roles []Role) bool {
	return len(roles) > 0 && !slices.ContainsFunc(roles, func(r Role) bool { return !r.ofParty() })
}

// Roles lists every role, in the order of the matrix.
func Roles() []Role {
	return []Role{
		Clerk, FirstReviewer, SecondReviewer, BookingOfficer, Cashier, WindowLead, Supervisor,
		Applicant, AgentOfParty, Institution, SystemAdmin, SecurityAdmin, AuditAdmin, Integrator, Guest,
	}
}

// CheckRoles reports Forbidden when the roles may not be in one hand: the
// system, security and audit administrators are three different people
// (GB/T 22239-2019, level 3). Who assigns roles must ask it as well.
func CheckRoles(roles []Role) error {
	var admin Role
	for _, r := range roles {
		switch r {
		case SystemAdmin, SecurityAdmin, AuditAdmin:
			if admin != "" && admin != r {
				return E(Forbidden, "%s and %s may not be one person", admin, r)
			}
			admin = r
		}
	}
	return nil
}

// OfStaff reports whether the roles are those of somebody who works in an
// office, and not only of a citizen, a company or a program.
func OfStaff(roles []Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool {
		return r != Applicant && r != AgentOfParty && r != Institution && r != Integrator
	})
}

// Action is something a person may do or not.
type Action string

// The actions that exist now.
const (
	CaseReceive       Action = "case.receive"
	CaseList          Action = "case.list"
	CaseRead          Action = "case.read"
	CaseUnmask        Action = "case.unmask" // see personal fields in full, with a reason
	CaseRoute         Action = "case.route"
	CaseAccept        Action = "case.accept" // 受理
	CaseRefuse        Action = "case.refuse" // 不予受理
	CaseWithdraw      Action = "case.withdraw"
	CaseClose         Action = "case.close"
	CaseDecide        Action = "case.decide"
	CaseErase         Action = "case.erase" // destroy the case key
	MaterialAdd       Action = "material.add"
	MaterialRemove    Action = "material.remove"
	MaterialRead      Action = "material.read"
	CustodyOffer      Action = "custody.offer"
	CustodyAccept     Action = "custody.accept"
	CustodyDecline    Action = "custody.decline"
	CustodyRecall     Action = "custody.recall" // ask for an open offer back
	SupplementAsk     Action = "supplement.ask"
	SupplementWaive   Action = "supplement.second_round" // give the reason for another round
	SupplementAnswer  Action = "supplement.answer"
	ReviewFirst       Action = "review.first"
	ReviewSecond      Action = "review.second"
	QuestioningRecord Action = "questioning.record" // 询问笔录
	WindowMove        Action = "window.move"
	TaxConfirm        Action = "tax.confirm"
	NoticePublish     Action = "notice.publish"
	VisitRecord       Action = "visit.record"
	CaseSuspend       Action = "case.suspend"
	CaseBook          Action = "case.book" // 登簿
	ResultIssue       Action = "result.issue"
	ResultRevoke      Action = "result.revoke"
	ResultHandOut     Action = "result.hand_out"
	CaseRate          Action = "case.rate" // 好差评
	RatingAnswer      Action = "rating.answer"
	RegisterRead      Action = "register.read"  // extracts of the register
	RegisterOrder     Action = "register.order" // enter a court's order
	BundleExport      Action = "bundle.export"
	RouteExplain      Action = "route.explain"
	StandardRead      Action = "standard.read"
	StandardManage    Action = "standard.manage" // import, publish, withdraw
	AccessRead        Action = "access.read"     // the record of who saw what
	PeopleManage      Action = "people.manage"
	AgenciesManage    Action = "agencies.manage"
	KeysManage        Action = "keys.manage"
	SessionSchedule   Action = "session.schedule" // make, change and cancel an appointment; invite
	SessionHost       Action = "session.host"     // lead a video session
	SessionJoin       Action = "session.join"     // take part
	SessionIdentify   Action = "session.identify" // compare a person with his document
	SessionRead       Action = "session.read"     // appointments and what was recorded of them
	SessionWatch      Action = "session.watch"    // the live board: who is where, not what is said
	SessionLook       Action = "session.look"     // look into a session's content, with a reason
)

// Actions lists every action, in the order of the matrix.
func Actions() []Action {
	return []Action{
		CaseReceive, CaseList, CaseRead, CaseUnmask, CaseRoute, CaseAccept, CaseRefuse, CaseWithdraw,
		CaseClose, CaseDecide, CaseErase, MaterialAdd, MaterialRemove, MaterialRead, CustodyOffer, CustodyAccept,
		CustodyDecline, CustodyRecall, SupplementAsk, SupplementWaive, SupplementAnswer, WindowMove, ReviewFirst, ReviewSecond,
		QuestioningRecord, TaxConfirm, NoticePublish, VisitRecord, CaseSuspend, CaseBook,
		ResultIssue, ResultRevoke, ResultHandOut, CaseRate, RatingAnswer, RegisterRead, RegisterOrder,
		BundleExport, RouteExplain, StandardRead, StandardManage, AccessRead, PeopleManage, AgenciesManage, KeysManage,
		SessionSchedule, SessionHost, SessionJoin, SessionIdentify, SessionRead, SessionWatch, SessionLook,
	}
}

// Actor is who acts now: a person in one agency. Ref is the keyed hash of his
// own identity number, so that he is kept from cases in which he is a party.
type Actor struct {
	Person PersonID
	Agency AgencyID
	Roles  []Role
	Ref    PartyRef

	// Session and Seat are set for who signed in by a link to one video
	// session: he may take part in it and do nothing else.
	Session session.ID
	Seat    session.Who
}

// Has reports whether the actor has the role.
func (a Actor) Has(r Role) bool { return slices.Contains(a.Roles, r) }
