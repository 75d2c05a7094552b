package demo

// The stories of sales.

func transferResale() script {
	return script{
		item: "transfer.resale", zh: "存量房转移登记", en: "Transfer of an existing home", desk: nanshanToJiaxian(),
		unit: "410425001002GB00003F{f}",
		held: held{by: []string{"张建国"}},
		form: map[string]any{
			"certificate": "豫(2022)郏县不动产权第{c}号", "price": 68_000_000, "contract_date": "2026-11-20",
			"address": "郏县龙山街道迎宾路 8 号院 3 号楼 {n} 室", "use": "home", "area": 8964, "only_home": true, "shares": "单独所有",
		},
		parties: []party{
			citizen("seller", "张建国", "410425199003071231", "13800005678"),
			citizen("buyer", "李晓明", "440524188001010014", "13900001234"),
		},
		papers: []paper{
			{slot: "contract", title: "存量房买卖合同", pages: 6, signed: true, fine: true, lines: []string{
				"甲方（转让方）：张建国", "乙方（受让方）：李晓明", "房屋坐落：郏县龙山街道迎宾路 8 号院 3 号楼 {n} 室", "建筑面积：89.64 平方米，用途：住宅",
				"成交价格：人民币陆拾捌万元整（680000 元）", "签订日期：2026 年 11 月 20 日", "甲方保证房屋无抵押、无查封、无权属争议。",
			}},
			{slot: "certificate", title: "不动产权证书", photo: true, fine: true, lines: []string{
				"豫(2022)郏县不动产权第{c}号", "权利人：张建国", "共有情况：单独所有", "权利类型：国有建设用地使用权 / 房屋所有权", "面积：房屋建筑面积 89.64 平方米",
			}},
			{slot: "tax", title: "契税完税凭证", photo: true, lines: []string{"纳税人：李晓明", "税种：契税", "计税金额：680000 元，税率 1%", "实缴金额：6800 元", "征收机关：国家税务总局郏县税务局"}},
		},
		gaps: []gap{
			{slot: "contract", page: 1, rect: [4]float64{0.1, 0.7, 0.5, 0.15}, reason: "incomplete", note: "合同第一页缺少买方签字", remark: "已补签", fixed: paper{
				slot: "contract", title: "存量房买卖合同（补签）", pages: 2, signed: true, lines: []string{"甲方：张建国", "乙方：李晓明（已补签）", "成交价格：680000 元"},
			}},
			{field: "shares", value: "李晓明单独所有", reason: "incomplete", note: "请写明受让后由谁所有"},
		},
		look: "certificate", tax: &taxWord{"paid", "4104251126000068"}, rating: [2]int{5, 2},
	}
}

func transferNew() script {
	return script{
		item: "transfer.new", zh: "新建商品房转移登记", en: "Transfer of a new home", desk: jiaxianToNanshan(),
		unit: "440305006011GB00027F{f}",
		held: held{by: []string{"深圳云庭置业有限公司"}, advance: []string{"林国栋", "黄小燕"}},
		form: map[string]any{
			"project": "前海云庭二期", "certificate": "粤(2026)深圳市不动产权第{c}号", "contract_no": "深(南)网买字（2024）第 18273 号", "price": 523_600_000,
			"contract_date": "2024-06-18", "address": "深圳市南山区听海路 66 号前海云庭二期 5 栋 {n} 室", "use": "home", "area": 9872, "joint": true,
			"noticed": true, "proof_no": "粤(2024)深圳市不动产证明第{c}号", "shares": "夫妻共同共有", "copies": 1,
		},
		parties: []party{
			firm("developer", "深圳云庭置业有限公司", "91440300MA5DK2JB3E", "0755-26001234"),
			citizen("buyer", "林国栋", "44030519851207115X", "13510002233"),
			citizen("buyer", "黄小燕", "440305198806031284", "13510002244"),
			agent("冯雪", "440305199403211680", "13510002255", "深圳云庭置业有限公司"),
		},
		papers: []paper{
			{slot: "certificate", title: "不动产权证书（首次登记）", photo: true, lines: []string{"粤(2026)深圳市不动产权第{c}号", "权利人：深圳云庭置业有限公司", "坐落：南山区听海路 66 号前海云庭二期"}},
			{slot: "contract", title: "商品房买卖合同（网签）", pages: 3, signed: true, lines: []string{
				"出卖人：深圳云庭置业有限公司", "买受人：林国栋、黄小燕", "合同编号：深(南)网买字（2024）第 18273 号", "建筑面积：98.72 平方米", "总价：人民币伍佰贰拾叁万陆仟元整（5236000 元）",
			}},
			{slot: "online_contract", title: "网签合同备案表", lines: []string{"备案编号：深房网备 2024-118273", "备案日期：2024 年 6 月 20 日"}},
			{slot: "tax", title: "契税完税凭证", photo: true, lines: []string{"纳税人：林国栋、黄小燕", "计税金额：5236000 元", "征收机关：国家税务总局深圳市南山区税务局"}},
			{slot: "proof", title: "不动产登记证明（预告登记）", photo: true, lines: []string{"粤(2024)深圳市不动产证明第{c}号", "证明权利或事项：预购商品房预告登记", "权利人：林国栋、黄小燕"}},
			{slot: "power", title: "授权委托书", signed: true, lines: []string{"委托人：深圳云庭置业有限公司", "受托人：冯雪", "委托事项：代为申请新建商品房转移登记、接受询问、领取结果"}},
			{slot: "marriage", title: "结婚证", photo: true, lines: []string{"持证人：林国栋、黄小燕", "登记日期：2013 年 5 月 20 日"}},
		},
		gaps: []gap{
			{field: "area", value: 9862, reason: "incorrect", note: "申请书面积 98.72 平方米，与测绘成果 98.62 平方米不一致"},
			{slot: "online_contract", reason: "outdated", note: "备案表应为面积变更后的版本", remark: "已重新打印", fixed: paper{
				slot: "online_contract", title: "网签合同备案表（变更后）", lines: []string{"备案编号：深房网备 2024-118273-2", "建筑面积：98.62 平方米"},
			}},
		},
		answers: map[string]any{"joint_buyers": true},
		look:    "contract", tax: &taxWord{"paid", "4403051126004417"}, rating: [2]int{5, 5},
	}
}

func noticeDual() script {
	return script{
		item: "notice.dual", zh: "双预告登记及转本登记", en: "Dual advance notice and its conversion", desk: nanshanToJiaxian(),
		unit: "410425001006GB00012F{f}",
		held: held{by: []string{"郏县龙山置业有限公司"}, planned: true},
		form: map[string]any{
			"stage": "notice", "project": "龙山壹号院", "contract_no": "郏房预字（2026）第 00318 号", "price": 71_500_000, "loan": 50_000_000, "use": "home", "area": 11260,
			"term_from": "2026-12-01", "term_to": "2045-11-30", "address": "郏县龙山大道 19 号龙山壹号院 9 号楼 {n} 室（在建）", "shares": "单独所有",
		},
		parties: []party{
			firm("developer", "郏县龙山置业有限公司", "91410425MA40PQ8TXU", "0375-5160001"),
			citizen("buyer", "陈思远", "410425198809231519", "13600001011"),
			firm("bank", "中国建设银行郏县支行", "91410425MA3X5K7D5K", "0375-5162002"),
		},
		papers: []paper{
			{slot: "presale", title: "商品房预售合同", pages: 2, signed: true, lines: []string{
				"预售人：郏县龙山置业有限公司", "预购人：陈思远", "合同编号：郏房预字（2026）第 00318 号", "总价：715000 元", "双方约定申请预购商品房预告登记。",
			}},
			{slot: "mortgage_contract", title: "个人住房借款抵押合同", pages: 2, signed: true, lines: []string{"贷款人：中国建设银行郏县支行", "借款人：陈思远", "贷款金额：500000 元", "期限：2026 年 12 月 1 日起 20 年"}},
		},
		gaps: []gap{
			{field: "term_to", value: "2046-11-30", reason: "incorrect", note: "合同为二十年，截止日应为 2046 年"},
			{slot: "mortgage_contract", page: 2, rect: [4]float64{0.1, 0.75, 0.6, 0.15}, reason: "incomplete", note: "借款人签名页缺签名", fixed: paper{
				slot: "mortgage_contract", title: "个人住房借款抵押合同（补签）", pages: 2, signed: true, lines: []string{"借款人：陈思远（已补签）", "贷款金额：500000 元"},
			}},
		},
		look: "presale", rating: [2]int{5, 5},
		ends: ending{
			zh: "以两项预告登记办结；转本登记是首次登记之后的另一次申请（stage = conversion），须完税并由开发企业、买受人、银行三方再次共同申请",
			en: "closes with the two advance notices; their conversion is a second application after the building's first registration (stage = conversion), with proof of tax and again by developer, buyer and bank together",
		},
	}
}

func mortgagedTransfer() script {
	return script{
		item: "package.mortgaged_transfer", zh: "带押过户", en: "Transfer with a live mortgage", desk: nanshanToJiaxian(),
		unit: "410425001003GB00008F{f}",
		held: held{by: []string{"马骏"}, pledge: &pledge{"郏县农村商业银行", 40_000_000}},
		form: map[string]any{
			"certificate": "豫(2021)郏县不动产权第{c}号", "proof_no": "豫(2021)郏县不动产证明第{c}号", "price": 82_000_000, "contract_date": "2026-11-12", "mode": "joined",
			"payoff": 31_264_500, "payoff_until": "2026-11-20", "loan": 48_000_000, "term_from": "2026-12-15", "term_to": "2046-12-14", "escrow_account": "6217000000000000123",
			"address": "郏县东城街道文化路 22 号院 1 号楼 {n} 室", "use": "home", "area": 12438, "shares": "夫妻共同共有", "joint": true,
		},
		parties: []party{
			citizen("seller", "马骏", "410425197608211197", "13700002020"),
			citizen("buyer", "刘伟", "410425198604021331", "13500003031"),
			citizen("buyer", "赵敏", "410425198709261489", "13500003032"),
			firm("old_bank", "郏县农村商业银行", "91410425MA3X1B2C9R", "0375-5163003"),
			firm("new_bank", "中国建设银行郏县支行", "91410425MA3X5K7D5K", "0375-5162002"),
			firm("escrow", "郏县房产交易资金监管中心", "91410425MA44E1F02K", "0375-5164004"),
		},
		papers: []paper{
			{slot: "certificate", title: "不动产权证书", photo: true, lines: []string{"豫(2021)郏县不动产权第{c}号", "权利人：马骏"}},
			{slot: "proof", title: "不动产登记证明（抵押权）", photo: true, lines: []string{"豫(2021)郏县不动产证明第{c}号", "抵押权人：郏县农村商业银行"}},
			{slot: "contract", title: "存量房买卖合同（带押过户）", pages: 2, signed: true, lines: []string{"转让方：马骏", "受让方：刘伟、赵敏", "成交价格：820000 元", "约定：以监管资金清偿原贷款"}},
			{slot: "tax", title: "契税完税凭证", photo: true, lines: []string{"纳税人：刘伟、赵敏", "计税金额：820000 元"}},
			{slot: "mortgage_contract", title: "个人住房借款抵押合同", pages: 2, signed: true, lines: []string{"贷款人：中国建设银行郏县支行", "借款人：刘伟、赵敏", "贷款金额：480000 元"}},
			{slot: "bank_consent", title: "原抵押权人同意带押过户意见书", signed: true, lines: []string{"郏县农村商业银行同意带押过户", "结清金额：312645.00 元", "有效期至：2026 年 11 月 20 日"}},
			{slot: "escrow", title: "资金监管协议", signed: true, lines: []string{"监管机构：郏县房产交易资金监管中心", "登簿之后先清偿原贷款，余款付转让方"}},
			{slot: "marriage", title: "结婚证", photo: true, lines: []string{"持证人：刘伟、赵敏"}},
		},
		gaps: []gap{
			{slot: "bank_consent", reason: "outdated", note: "结清金额已过有效期，请原贷款银行重新报价", remark: "银行已重新报价", fixed: paper{
				slot: "bank_consent", title: "原抵押权人同意带押过户意见书（重新报价）", signed: true, lines: []string{"结清金额：312980.00 元", "有效期至：2026 年 12 月 31 日"},
			}},
			{field: "payoff", value: 31_298_000, reason: "outdated", note: "与新的报价一致"},
			{field: "payoff_until", value: "2026-12-31", reason: "outdated", note: "与新的报价一致"},
		},
		answers: map[string]any{"joint_buyers": true},
		look:    "bank_consent", tax: &taxWord{"paid", "4104251126000082"},
		ends: ending{
			before: "decide",
			zh:     "核准即登簿，转移、新抵押、注销旧抵押一次登簿，须与资金同时到位：新贷款进监管账户、旧贷款从中结清；资金环节本版本尚未实现",
			en:     "approval leads to one booking of transfer, new mortgage and cancellation, which must go together with money: the new loan into escrow, the old loan paid from it; money is not part of this version",
		},
	}
}
