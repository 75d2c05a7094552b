package demo

// The stories of families.

func transferInherit() script {
	return script{
		item: "transfer.inherit", zh: "继承、受遗赠转移登记", en: "Transfer by inheritance or bequest", desk: nanshanToJiaxian(),
		unit: "410425001004GB00006F{f}",
		held: held{by: []string{"王德福"}, others: []party{citizen("", "王德福", "410425195001011237", "")}},
		form: map[string]any{
			"certificate": "豫(2017)郏县不动产权第{c}号", "deceased": "王德福", "death_date": "2026-03-09", "basis": "agreement", "has_will": false,
			"heirs": []any{
				map[string]any{"name": "孙秀英", "kinship": "配偶", "waives": true},
				map[string]any{"name": "王建军", "kinship": "长子", "waives": false, "share": "1/2"},
				map[string]any{"name": "王建华", "kinship": "长女", "waives": false, "share": "1/2"},
			},
			"address": "郏县冢头镇北街 14 号院 {n} 室", "use": "home", "shares": "王建军 1/2、王建华 1/2 按份共有", "copies": 1,
		},
		parties: []party{
			citizen("heir", "孙秀英", "410425195502091247", "13100006061"),
			citizen("heir", "王建军", "410425198005301155", "13100006062"),
			citizen("heir", "王建华", "41042519831118126X", "13100006063"),
		},
		papers: []paper{
			{slot: "certificate", title: "不动产权证书", photo: true, lines: []string{"豫(2017)郏县不动产权第{c}号", "权利人：王德福"}},
			{slot: "death", title: "居民死亡医学证明书", photo: true, lines: []string{"姓名：王德福", "死亡日期：2026 年 3 月 9 日"}},
			{slot: "kinship", title: "亲属关系证明", lines: []string{"王德福配偶：孙秀英", "子女：王建军、王建华"}},
			{slot: "inheritance", title: "继承协议及放弃继承声明", pages: 2, signed: true, lines: []string{"孙秀英自愿放弃继承", "王建军、王建华各继承二分之一", "以上由全体继承人当面签署"}},
			{slot: "tax", title: "契税免税证明", photo: true, lines: []string{"纳税人：王建军、王建华", "减免性质：法定继承人承受房屋权属免征契税（契税法第六条）"}},
		},
		gaps: []gap{
			{slot: "kinship", reason: "incomplete", note: "未说明被继承人父母是否在世", remark: "社区已补充证明", fixed: paper{
				slot: "kinship", title: "亲属关系证明（补充）", lines: []string{"王德福父母均先于其死亡", "配偶：孙秀英；子女：王建军、王建华", "无其他第一顺序继承人"},
			}},
			{slot: "inheritance", page: 2, rect: [4]float64{0.1, 0.75, 0.5, 0.15}, reason: "incomplete", note: "放弃声明缺少签署日期", fixed: paper{
				slot: "inheritance", title: "继承协议及放弃继承声明（补日期）", pages: 2, signed: true, lines: []string{"孙秀英自愿放弃继承", "签署日期：2026 年 11 月 24 日"},
			}},
		},
		look: "inheritance", tax: &taxWord{"exempt", "郏税免（2026）0119"}, rating: [2]int{5, 4},
		notice: "王德福名下不动产拟由王建军、王建华继承，孙秀英放弃继承。有异议者请在公告期内提出。",
	}
}

func transferSpouse() script {
	return script{
		item: "transfer.spouse", zh: "离婚析产、夫妻更名转移登记", en: "Transfer between spouses or after divorce", desk: nanshanToJiaxian(),
		unit: "410425001002GB00009F{f}",
		held: held{by: []string{"郑浩", "许晴"}, joint: true},
		form: map[string]any{
			"certificate": "豫(2019)郏县不动产权第{c}号", "ground": "divorce_agreement", "ground_date": "2026-10-01", "owner_after": "second", "shares": "许晴单独所有",
			"address": "郏县凤翔大道 55 号院 6 号楼 {n} 室", "use": "home",
		},
		parties: []party{
			citizen("spouse", "郑浩", "410425199307051571", "13400007071"),
			citizen("spouse", "许晴", "330106199002142266", "13400007072"),
		},
		papers: []paper{
			{slot: "certificate", title: "不动产权证书", photo: true, lines: []string{"豫(2019)郏县不动产权第{c}号", "权利人：郑浩、许晴", "共有情况：共同共有"}},
			{slot: "divorce", title: "离婚证与离婚协议书", pages: 2, signed: true, lines: []string{"离婚登记日期：2026 年 10 月 10 日", "当事人：郑浩、许晴", "协议约定房屋归女方"}},
			{slot: "tax", title: "契税免税证明", photo: true, lines: []string{"纳税人：许晴", "减免性质：因离婚分割共同财产承受房屋权属"}},
		},
		gaps: []gap{
			{field: "ground_date", value: "2026-10-10", reason: "incorrect", note: "离婚证记载日期为 2026 年 10 月 10 日"},
			{slot: "divorce", page: 2, rect: [4]float64{0.08, 0.2, 0.8, 0.2}, reason: "incomplete", note: "协议未写明房屋坐落", fixed: paper{
				slot: "divorce", title: "离婚协议书（补充条款）", pages: 2, signed: true, lines: []string{"郏县凤翔大道 55 号院 6 号楼房屋归许晴所有", "双方对此无争议"},
			}},
		},
		look: "divorce", tax: &taxWord{"exempt", "郏税免（2026）0127"}, rating: [2]int{5, 1},
	}
}
