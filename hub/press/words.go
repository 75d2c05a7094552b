package press

import (
	"tongban/hub"
	"tongban/hub/register"
)

// The words of papers, which are Chinese by law.

// word is the word for a code; what has none is shown as it stands in the register.
func word(words map[string]string, code string) string {
	if w, ok := words[code]; ok {
		return w
	}
	return code
}

var (
	ownershipWords = map[register.Mode]string{register.Sole: "单独所有", register.Joint: "共同共有", register.ByShares: "按份共有"}
	mortgageWords  = map[register.MortgageKind]string{register.OrdinaryMortgage: "一般抵押", register.MaximumMortgage: "最高额抵押"}
	noticeWords    = map[register.NoticeKind]string{register.NoticeOwnership: "预购商品房预告登记", register.NoticeMortgage: "预购商品房抵押预告登记"}
	burdenWords    = map[register.BurdenKind]string{register.BurdenResidence: "居住权", register.BurdenEasement: "地役权"}
	statusWords    = map[register.Status]string{register.Planned: "预售", register.Registered: "已登记", register.Cancelled: "已注销", register.Unknown: "未登记"}

	useWords    = map[string]string{"residential": "住宅", "home": "住宅", "commercial": "商业", "garage": "车库", "office": "办公", "residential_land": "城镇住宅用地", "other": "非住宅"}
	natureWords = map[string]string{"granted": "出让", "allocated": "划拨", "market": "出让／市场化商品房"}
	reasonWords = map[string]string{"paid": "主债权消灭", "realised": "抵押权已经实现", "waived": "债权人放弃抵押权", "court": "人民法院、仲裁机构生效法律文书"}
	//nolint:gosec // no credentials: kinds of identity papers
	idWords   = map[string]string{"citizen_id": "居民身份证", "credit_code": "统一社会信用代码", "passport": "护照"}
	landWords = map[string]string{"GB": "国有建设用地使用权", "GS": "国有建设用地使用权（地上）", "GX": "国有建设用地使用权（地下）", "JB": "集体建设用地使用权", "JC": "宅基地使用权"}
	opWords   = map[string]string{
		"plan": "预售单元", "first": "首次登记", "transfer": "转移登记", "change": "变更登记", "correct": "更正登记", "cancel": "注销登记",
		"mortgage": "抵押权首次登记", "mortgage_change": "抵押权变更登记", "mortgage_transfer": "抵押权转移登记", "mortgage_cancel": "抵押权注销登记",
		"notice": "预告登记", "notice_cancel": "预告登记注销", "objection": "异议登记", "objection_suit": "异议登记（已起诉）", "objection_cancel": "异议登记注销",
		"seizure": "查封登记", "seizure_extend": "续行查封", "seizure_lift": "解除查封", "residence": "居住权首次登记", "easement": "地役权首次登记",
		"burden_cancel": "居住权、地役权注销登记", "lock": "", "unlock": "",
	}

	gapWords     = map[string]string{"incorrect": "有误", "incomplete": "不齐", "outdated": "过期"}
	refusalWords = map[hub.RefusalCode]string{
		hub.RefusedIncomplete: "申请材料不齐全或者不符合法定形式", hub.RefusedWrongPlace: "不属于本机构登记范围", hub.RefusedNotOurItem: "不属于本机构办理的登记事项",
		hub.RefusedIllegal: "法律、行政法规规定不予受理", hub.RefusedOther: "其他情形",
	}
	modeWords = map[string]string{"window": "受理窗口", "online": "网上", "video": "远程视频"}
	partWords = map[string]string{
		"host": "主持审核人", "reviewer": "审核人", "clerk": "窗口人员", "applicant": "被询问人", "agent": "代理人", "interpreter": "翻译", "institution": "机构代表",
	}
	wayWords = map[hub.HandOutWay]string{hub.ByCounter: "窗口领取", hub.ByMail: "邮寄送达", hub.Electronic: "电子证照", hub.BySelfServer: "自助打印"}
)
