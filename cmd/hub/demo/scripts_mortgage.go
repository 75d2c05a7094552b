package demo

// The stories of mortgages.

func mortgageFirst() script {
	return script{
		item: "mortgage.first", zh: "抵押权首次登记", en: "First registration of a mortgage", desk: nanshanToJiaxian(),
		unit: "410425001002GB00004F{f}",
		held: held{by: []string{"何志强", "周雅婷"}, joint: true},
		form: map[string]any{
			"certificate": "豫(2020)郏县不动产权第{c}号", "debt": 60_000_000, "term_from": "2026-12-01", "term_to": "2036-11-30", "mortgage_kind": "ordinary",
			"no_transfer": false, "address": "郏县茨芭路 6 号院 2 号楼 {n} 室", "use": "home", "joint": true,
		},
		parties: []party{
			citizen("owner", "何志强", "430105198307112415", "13300004041"),
			citizen("owner", "周雅婷", "410425199104181827", "13300004042"),
			firm("bank", "郏县农村商业银行", "91410425MA3X1B2C9R", "0375-5163003"),
		},
		papers: []paper{
			{slot: "certificate", title: "不动产权证书", photo: true, lines: []string{"豫(2020)郏县不动产权第{c}号", "权利人：何志强、周雅婷", "共有情况：共同共有"}},
			{slot: "mortgage_contract", title: "借款合同与抵押合同", pages: 2, signed: true, lines: []string{"债权人（抵押权人）：郏县农村商业银行", "债务人（抵押人）：何志强、周雅婷", "债权数额：600000 元", "债务履行期限：2026 年 12 月 1 日至 2036 年 11 月 30 日"}},
			{slot: "marriage", title: "结婚证", photo: true, lines: []string{"持证人：何志强、周雅婷"}},
		},
		gaps: []gap{
			{field: "scope", value: "主债权本金、利息及实现抵押权的费用", reason: "incomplete", note: "登记簿须记载担保范围"},
			{slot: "certificate", reason: "incomplete", note: "缺附图页", remark: "已补扫附图", fixed: paper{slot: "certificate", title: "不动产权证书（含附图）", pages: 2, lines: []string{"豫(2020)郏县不动产权第{c}号", "附图：房屋平面图"}}},
		},
		look: "mortgage_contract", rating: [2]int{4, 5},
	}
}

func mortgageCancel() script {
	return script{
		item: "mortgage.cancel", zh: "抵押权注销登记", en: "Cancellation of a mortgage", desk: nanshanToJiaxian(),
		unit: "410425002001GB00015F{f}",
		held: held{
			by: []string{"韩松"}, others: []party{citizen("", "韩松", "410425199003071231", "")}, pledge: &pledge{"中国工商银行郏县支行", 35_000_000},
		},
		form: map[string]any{
			"proof_no": "豫(2016)郏县不动产证明第{c}号", "reason": "paid", "reason_date": "2026-11-18", "address": "郏县堂街镇建设路 3 号院 1 号楼 {n} 室",
		},
		parties: []party{
			firm("bank", "中国工商银行郏县支行", "91410425MA3XR6H98E", "0375-5165005"),
			agent("高磊", "410425198901111392", "13200005051", "中国工商银行郏县支行"),
		},
		papers: []paper{
			{slot: "proof", title: "不动产登记证明（抵押权）", photo: true, lines: []string{"豫(2016)郏县不动产证明第{c}号", "权利人：中国工商银行郏县支行"}},
			{slot: "release", title: "贷款结清证明", lines: []string{"借款人贷款本息已于 2026 年 11 月 18 日全部结清", "同意注销抵押权登记"}},
			{slot: "power", title: "授权委托书", signed: true, lines: []string{"委托人：中国工商银行郏县支行", "受托人：高磊", "委托事项：代为申请抵押权注销登记"}},
		},
		gaps: []gap{{
			slot: "release", page: 1, rect: [4]float64{0.55, 0.75, 0.35, 0.2}, reason: "incomplete", note: "结清证明未加盖银行公章", remark: "已加盖公章",
			fixed: paper{slot: "release", title: "贷款结清证明（已盖章）", signed: true, lines: []string{"借款人贷款本息已全部结清", "（加盖公章）"}},
		}},
		look: "release", rating: [2]int{5, 5},
	}
}
