package certificate_test

import (
	"bytes"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tongban/hub/certificate"
	"tongban/hub/session"
	"tongban/web"
)

// Paths of Debian's fonts-hanazono, which has the rare characters of names.
const hanazono = "/usr/share/fonts/truetype/hanazono/HanaMinB.ttf"

var mainFont = sync.OnceValues(web.MainFont)

func printer(t testing.TB) *certificate.Printer {
	t.Helper()
	font, err := mainFont()
	if err != nil {
		t.Fatalf("%v (run make web)", err)
	}
	p, err := certificate.New(certificate.Fonts{Main: font})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func printerWithFallback(t testing.TB) *certificate.Printer {
	t.Helper()
	font, err := mainFont()
	if err != nil {
		t.Fatalf("%v (run make web)", err)
	}
	rare, err := os.ReadFile(hanazono)
	if err != nil {
		t.Fatalf("%v (install fonts-hanazono)", err)
	}
	p, err := certificate.New(certificate.Fonts{Main: font, Fallback: rare})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// tool runs a program on a file and returns what it prints.
func tool(t testing.TB, file []byte, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "FILE" {
			args[i] = path
		}
	}
	cmd := exec.CommandContext(t.Context(), name, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %q: %v\n%s%s", name, args, err, out.Bytes(), errs.Bytes())
	}
	return out.String()
}

func text(t testing.TB, file []byte) string {
	t.Helper()
	return tool(t, file, "pdftotext", "-raw", "FILE", "-")
}

var shanghai = time.FixedZone("CST", 8*3600)

func at(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, shanghai)
}

func letter(number string) certificate.Letter {
	return certificate.Letter{
		Office: "郏县不动产登记中心", Address: "河南省平顶山市郏县龙山大道中段 1 号", Phone: "0375-5150000", Number: number,
		Case: "410425-20261105-000123-M", At: at(25, 10, 30), Check: "https://tongban.example/check/7Q2M-9KXD-41FA",
		Seal: certificate.Mark{Agency: "郏县不动产登记中心", Name: "不动产登记专用章"},
	}
}

func subject() certificate.Subject {
	return certificate.Subject{
		Item: "存量房买卖转移登记", Applicant: "张小明、李㛃", Agent: "王喆", Location: "河南省平顶山市郏县东城街道文化路 88 号院 5 幢 2 单元 1101",
		Unit: "410425001002GB00003F00050021",
	}
}

func materials() []certificate.Material {
	return []certificate.Material{
		{Name: "不动产登记申请书", Form: "电子件", Copies: 1, Pages: 2},
		{Name: "申请人身份证明（居民身份证）", Form: "原件扫描", Copies: 2, Pages: 4, Note: "已核对原件"},
		{Name: "不动产权证书", Form: "原件", Copies: 1, Pages: 6, Note: "豫(2019)郏县不动产权第0004567号"},
		{Name: "存量房买卖合同", Form: "复印件", Copies: 1, Pages: 12},
		{Name: "契税完税凭证", Form: "电子件", Copies: 1, Pages: 1, Note: "税务机关共享"},
	}
}

func title() certificate.Title {
	l := letter("豫(2026)郏县不动产权第0001234号")
	l.Case = ""
	return certificate.Title{
		Letter: l, Licence: "1.2.156.3005.2.11100000MB03271699001.410425.000001234.001.L",
		Holders: []certificate.Holder{
			{Name: "张小明", ID: "居民身份证 4104**********1231", Share: "占 60%"},
			{Name: "李䶮", ID: "居民身份证 4104**********4562", Share: "占 40%"},
		},
		CoOwnership: "按份共有", Location: subject().Location, Unit: subject().Unit, RightType: "国有建设用地使用权/房屋所有权",
		RightNature: "出让/市场化商品房", Use: "城镇住宅用地/住宅", Area: "共有宗地面积 23,456.78㎡/房屋建筑面积 128.45㎡",
		Term:  "国有建设用地使用权 2015年3月12日起 2085年3月11日止",
		Other: "分摊土地使用权面积：12.34㎡\n专有建筑面积：102.20㎡\n房屋结构：钢筋混凝土结构\n房屋总层数：18层，所在层：11层\n房屋竣工时间：2017年",
		Notes: []string{"业务编号：410425-20261105-000123-M", "原证号：豫(2019)郏县不动产权第0004567号"},
	}
}

func proof() certificate.Proof {
	l := letter("豫(2026)郏县不动产证明第0000567号")
	return certificate.Proof{
		Letter: l, Licence: "1.2.156.3005.2.11100000MB03271699022.410425.000000567.001.C",
		Right: "抵押权", Holder: "中国建设银行股份有限公司郏县支行", Obliged: "张小明、李䶮", Location: subject().Location, Unit: subject().Unit,
		Other: "不动产权证书号：豫(2026)郏县不动产权第0001234号\n抵押方式：一般抵押\n担保债权的数额：￥860,000.00 元\n债务履行期限：2026年11月25日起至2056年11月24日止\n" +
			"担保范围：主债权及其利息、违约金、损害赔偿金和实现抵押权的费用\n是否存在禁止或限制转让抵押不动产的约定：否",
		Notes: []string{"首次登记"},
	}
}

func receipt() certificate.Receipt {
	l := letter("收字[2026]第000123号")
	l.Office, l.Seal = "杭州市不动产登记服务中心", certificate.Mark{Agency: "杭州市不动产登记服务中心", Name: "收件专用章", Test: true}
	return certificate.Receipt{
		Letter: l, Subject: subject(), Handling: "郏县不动产登记中心", Materials: materials(), Clerk: "陈玥（工号 330108-017）",
		Answer: "责任登记机构最迟于 2026年11月26日 18:00 前答复是否受理；逾期未书面答复的，依法视为受理。",
	}
}

func acceptance() certificate.Acceptance {
	return certificate.Acceptance{
		Letter: letter("郏不动产受字[2026]第000123号"), Subject: subject(), Accepted: at(25, 11, 5), Promised: "3 个工作日", Statutory: "30 个工作日",
		Expected: at(30, 18, 0), Fee: "登记费 80.00 元（住宅，每件），工本费 10.00 元", Materials: materials(),
	}
}

func nonAcceptance() certificate.NonAcceptance {
	return certificate.NonAcceptance{
		Letter: letter("郏不动产不受字[2026]第000007号"), Subject: subject(), Received: at(25, 9, 0), Basis: "《不动产登记暂行条例》第十七条第一款第四项。",
		Reasons:    []string{"申请登记的不动产不在本机构登记范围内：单元号前六位 410425 所指区域自 2026年1月1日起由平顶山市不动产登记中心办理登记。", "申请书未由共有人李㛃签名。"},
		RightPlace: "平顶山市不动产登记中心，平顶山市新华区建设路 33 号，电话 0375-2660000。",
	}
}

func supplement() certificate.Supplement {
	return certificate.Supplement{
		Letter: letter("郏不动产补字[2026]第000031号"), Subject: subject(), Deadline: time.Date(2026, 12, 9, 0, 0, 0, 0, shanghai), Round: 2,
		Reason: "首次补正后提交的授权委托书为新材料，其公证书编号与公证机构核实不符，首次审查时无从发现；经督办人员同意。",
		Where:  "可以在任一跨省通办窗口提交，也可以通过原收件窗口补交；只需补交列明的内容。",
		Gaps: []certificate.Gap{
			{Where: "授权委托书，第 2 页", Kind: "有误", Detail: "公证书编号与公证机构核实结果不符，请提交更正后的公证书。"},
			{Where: "存量房买卖合同，第 7 页 签章处", Kind: "不齐", Detail: "缺少卖方配偶签名。① 可以到场签名；② 也可以提交经公证的同意出售声明。"},
			{Where: "申请书 / 联系电话", Kind: "不齐", Detail: "未填写买方联系电话。"},
		},
	}
}

func refusal() certificate.Refusal {
	return certificate.Refusal{
		Letter: letter("郏不动产不登字[2026]第000002号"), Subject: subject(), Accepted: at(20, 9, 0), Basis: "《不动产登记暂行条例》第二十二条第二项；《中华人民共和国民法典》第二百二十一条。",
		Reasons:  []string{"该不动产存在尚未解决的权属争议：异议登记尚在有效期内，异议人已向人民法院提起诉讼。"},
		Returned: "申请材料原件自本告知书送达之日起 5 个工作日内退还，复印件留存。",
	}
}

func cancellation() certificate.Cancellation {
	return certificate.Cancellation{
		Letter: letter("郏不动产注字[2026]第000011号"), Public: true, Holder: "张*明", Certificate: "豫(2019)郏县不动产权第0004567号",
		Location: subject().Location, Unit: subject().Unit, RightType: "国有建设用地使用权/房屋所有权", Cause: "房屋因征收灭失，依生效的征收决定嘱托注销。",
		Basis: "《不动产登记暂行条例实施细则》第二十八条。", Booked: at(24, 16, 20), Objection: "对上述注销有异议的，请自公告之日起 15 个工作日内向本机构书面提出。",
	}
}

func extract() certificate.Extract {
	return certificate.Extract{
		Letter: letter("郏查[2026]第000450号"), Asker: "李㛃", Purpose: "核实拟购房屋的权属状况", Matter: "坐落、单元号所指不动产的现势登记", Moment: at(25, 10, 28),
		Units: []certificate.ExtractUnit{{
			Unit: subject().Unit, Location: subject().Location,
			Facts: []certificate.Fact{{"用途", "城镇住宅用地/住宅"}, {"面积", "房屋建筑面积 128.45㎡"}, {"使用期限", "2085年3月11日止"}},
			Rights: []certificate.Right{
				{"国有建设用地使用权/房屋所有权", "张小明", "豫(2019)郏县不动产权第0004567号", time.Date(2019, 6, 3, 0, 0, 0, 0, shanghai), "现势", "单独所有"},
				{"抵押权", "中国建设银行股份有限公司郏县支行", "豫(2019)郏县不动产证明第0002001号", time.Date(2019, 6, 10, 0, 0, 0, 0, shanghai), "已注销", "债权数额 ￥500,000.00 元"},
				{"查封登记", "—", "(2021)豫0425执88号", time.Date(2021, 2, 1, 0, 0, 0, 0, shanghai), "已注销", "查封期限 3 年，已解除"},
			},
		}},
	}
}

func record() certificate.Record {
	return certificate.Record{
		Letter: letter("郏询[2026]第000123-1号"), Item: subject().Item,
		Asked:  certificate.Person{Name: "张小明", ID: "居民身份证 4104**********1231", Role: "卖方"},
		Askers: []certificate.Person{{Name: "赵岚", ID: "工号 410425-009", Role: "审核人员"}, {Name: "陈玥", ID: "工号 330108-017", Role: "受理窗口人员"}},
		Place:  "远程视频（杭州市滨江区窗口—郏县）", Began: at(25, 10, 40), Ended: at(25, 10, 52),
		Answers: []certificate.Answer{
			{"本次申请是否是您的真实意思表示？", "是，我自愿把房子卖给李㛃。"},
			{"申请登记的不动产是共有还是单独所有？", "单独所有。购房时未婚，登记在我一人名下。"},
			{"您是否知道该不动产存在异议登记、查封、抵押或者其他限制？", "原来有建设银行的抵押，2024 年还清以后已经注销了，没有别的。"},
			{"房屋是否出租？", "没有出租，已经腾空。"},
		},
		Signed: []certificate.Signature{
			{"张小明", "被询问人", "电子签名", at(25, 10, 53), drawn(1)}, {"赵岚", "询问人", "电子签名", at(25, 10, 54), drawn(2)}, {"陈玥", "询问人", "现场签名", at(25, 10, 55), nil},
		},
	}
}

// paper is any of them.
type paper struct {
	name  string
	print func(p *certificate.Printer) ([]byte, error)
	want  []string // what must be readable in it
}

func papers() []paper {
	usual := []string{"张小明、李㛃", "王喆", "410425 001002 GB00003 F00050021", "存量房买卖转移登记", "410425-20261105-000123-M", "2026年11月25日"}
	with := func(more ...string) []string { return append(more, usual...) }
	return []paper{
		{"title", func(p *certificate.Printer) ([]byte, error) { return p.Title(title()) }, []string{
			"豫(2026)郏县不动产权第0001234号", "不动产权证书", "张小明", "李䶮", "按份共有", "410425 001002 GB00003 F00050021", "出让/市场化商品房",
			"23,456.78㎡", "2085年3月11日止", "钢筋混凝土结构", "1.2.156.3005.2.11100000MB03271699001.410425.000001234.001.L", "2026年11月25日", "第 1 页 共 1 页",
		}},
		{"proof", func(p *certificate.Printer) ([]byte, error) { return p.Proof(proof()) }, []string{
			"豫(2026)郏县不动产证明第0000567号", "不动产登记证明", "抵押权", "中国建设银行股份有限公司郏县支行", "￥860,000.00", "首次登记", "第 1 页 共 1 页",
		}},
		{"receipt", func(p *certificate.Printer) ([]byte, error) { return p.Receipt(receipt()) }, with(
			"收件回执", "杭州市不动产登记服务中心", "郏县不动产登记中心", "陈玥", "契税完税凭证", "收件不等于受理")},
		{"acceptance", func(p *certificate.Printer) ([]byte, error) { return p.Acceptance(acceptance()) }, with(
			"不动产登记受理通知书", "3 个工作日", "30 个工作日", "2026年11月25日 11:05", "登记费 80.00 元")},
		{"non-acceptance", func(p *certificate.Printer) ([]byte, error) { return p.NonAcceptance(nonAcceptance()) }, with(
			"不予受理通知书", "1. 申请登记的", "2. 申请书", "平顶山市不动产登记中心", "行政复议")},
		{"supplement", func(p *certificate.Printer) ([]byte, error) { return p.Supplement(supplement()) }, with(
			"一次性补正告知书", "公证书编号与公证机构", "①", "共 3 项", "2026年12月9日", "第 2 次补正的原因")},
		{"refusal", func(p *certificate.Printer) ([]byte, error) { return p.Refusal(refusal()) }, with("不予登记告知书", "第二十二条", "权属争议", "材料退还")},
		{"cancellation", func(p *certificate.Printer) ([]byte, error) { return p.Cancellation(cancellation()) }, []string{
			"注销登记公告", "张*明", "豫(2019)郏县不动产权第0004567号", "征收灭失", "15 个工作日",
		}},
		{"extract", func(p *certificate.Printer) ([]byte, error) { return p.Extract(extract()) }, []string{
			"不动产登记资料查询结果", "李㛃", "2026年11月25日 10:28", "128.45㎡", "已注销", "2019年6月3日", "仅供查询",
		}},
		{"record", func(p *certificate.Printer) ([]byte, error) { return p.Record(record()) }, []string{
			"不动产登记询问笔录", "张小明（卖方）", "赵岚", "问 1：", "真实意思表示", "答：没有出租", "电子签名", "2026年11月25日 10:53",
		}},
	}
}

// drawn is a signature from a screen.
func drawn(n int) []byte {
	stroke := session.Stroke{}
	for i := range 60 {
		x := float64(i) / 60
		stroke = append(stroke, session.Dot{X: 0.1 + 0.8*x, Y: 0.5 + 0.3*math.Sin(float64(n)*12*x), T: 10 * i})
	}
	pic, err := session.Signature([]session.Stroke{stroke})
	if err != nil {
		panic(err)
	}
	return pic
}
