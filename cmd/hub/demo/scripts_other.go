package demo

// The stories of changes, new buildings, searches and utilities.

func change() script {
	return script{
		item: "change", zh: "变更登记", en: "Registration of a change", desk: jiaxianToNanshan(),
		unit: "440305003007GB00041F{f}",
		held: held{by: []string{"深圳海潮科技有限公司"}, others: []party{firm("", "深圳海潮科技有限公司", "91440300MA5F8W3N80", "")}},
		form: map[string]any{
			"certificate": "粤(2018)深圳市不动产权第{c}号", "change_kind": "name", "old_value": "深圳海潮科技有限公司", "new_value": "深圳海潮数字有限公司",
			"address": "深圳市南山区科苑路 15 号科兴园 B 栋 {n} 室",
		},
		parties: []party{firm("owner", "深圳海潮数字科技有限公司", "91440300MA5F8W3N80", "0755-26668888")},
		papers: []paper{
			{slot: "certificate", title: "不动产权证书", photo: true, lines: []string{"粤(2018)深圳市不动产权第{c}号", "权利人：深圳海潮科技有限公司"}},
			{slot: "change_proof", title: "登记通知书（名称变更）", lines: []string{"变更前：深圳海潮科技有限公司", "变更后：深圳海潮数字科技有限公司"}},
		},
		gaps: []gap{
			{field: "new_value", value: "深圳海潮数字科技有限公司", reason: "incorrect", note: "与营业执照上的名称不一致"},
			{slot: "change_proof", reason: "incomplete", note: "缺少登记机关印章", fixed: paper{slot: "change_proof", title: "登记通知书（名称变更，已盖章）", lines: []string{"变更后：深圳海潮数字科技有限公司", "深圳市市场监督管理局（印章）"}}},
		},
		look: "change_proof", rating: [2]int{5, 5},
	}
}

func firstBuilding() script {
	unit := func(n, flat string, area int, use string) map[string]any {
		return map[string]any{"unit": "410425001007GB{p}F" + n + flat, "area": area, "use": use}
	}
	return script{
		item: "first.building", zh: "首次登记（验收即登记）", en: "First registration at completion", desk: nanshanToJiaxian(),
		unit: "410425001007GB{p}W00000000",
		held: held{by: []string{"郏县龙山置业有限公司"}, land: true},
		form: map[string]any{
			"project": "东城学府", "project_code": "2024-410425-47-01-0317", "certificate": "豫(2023)郏县不动产权第{c}号", "pieces": 4,
			"units": []any{
				unit("0001", "0101", 9_845, "home"), unit("0001", "0102", 11_230, "home"), unit("0001", "0201", 9_845, "home"), unit("0009", "0001", 5_620, "other"),
			},
			"address": "郏县学府路 1 号东城学府 {n} 地块",
		},
		parties: []party{firm("developer", "郏县龙山置业有限公司", "91410425MA40PQ8TXU", "0375-5160001")},
		papers: []paper{
			{slot: "certificate", title: "建设用地使用权证书", photo: true, lines: []string{"豫(2023)郏县不动产权第{c}号", "权利人：郏县龙山置业有限公司", "用途：城镇住宅用地"}},
			{slot: "planning", title: "规划核实及竣工验收备案证明", lines: []string{"项目：东城学府", "规划核实合格，竣工联合验收通过"}},
			{slot: "survey", title: "不动产权籍调查（多测合一）成果", pages: 2, lines: []string{"0001 幢 0101：98.45 平方米", "0001 幢 0102：112.30 平方米", "0001 幢 0201：98.45 平方米", "0009 幢 0001（商业）：56.20 平方米"}},
			{slot: "common_parts", title: "业主共有部分清单", lines: []string{"消防控制室、物业服务用房、绿地、道路"}},
			{slot: "tax", title: "土地契税完税凭证", photo: true, lines: []string{"纳税人：郏县龙山置业有限公司"}},
		},
		gaps: []gap{
			{field: "project_code", value: "2024-410425-47-01-031742", reason: "incorrect", note: "与投资项目在线审批平台的代码不一致"},
			{slot: "common_parts", page: 1, rect: [4]float64{0.1, 0.2, 0.8, 0.3}, reason: "incomplete", note: "未列物业服务用房面积", fixed: paper{
				slot: "common_parts", title: "业主共有部分清单（补充面积）", lines: []string{"消防控制室 24.10 平方米", "物业服务用房 186.00 平方米", "绿地、道路"},
			}},
		},
		look: "survey", rating: [2]int{5, 5}, visit: "现场查看：房屋已竣工，幢号、层数与测绘成果一致",
	}
}

func search() script {
	return script{
		item: "search", zh: "登记资料查询", en: "Search in the register", desk: nanshanToJiaxian(),
		unit: "410425001002GB00011F{f}",
		held: held{
			by: []string{"宋平"}, others: []party{citizen("", "宋平", "410425199003071231", ""), firm("", "郏县农村商业银行", "91410425MA3X1B2C9R", "")},
			pledge: &pledge{"郏县农村商业银行", 52_000_000},
		},
		form: map[string]any{"purpose": "了解情况", "scope": "state", "seeker": "interested", "address": "郏县龙山大道 88 号院 4 号楼 {n} 室"},
		parties: []party{
			citizen("seeker", "吴海波", "440305197903151136", "13800008081"),
		},
		papers: []paper{{slot: "interest", title: "房屋买卖合同（利害关系证明）", signed: true, lines: []string{"买受人：吴海波", "坐落：郏县龙山大道 88 号院 4 号楼 {n} 室"}}},
		gaps: []gap{
			{field: "purpose", value: "签订买卖合同后、付款前核实房屋是否抵押、查封", reason: "incomplete", note: "请写明具体的查询目的"},
			{slot: "interest", page: 1, rect: [4]float64{0.1, 0.75, 0.5, 0.15}, reason: "incomplete", note: "合同缺少出卖人签名", fixed: paper{
				slot: "interest", title: "房屋买卖合同（双方签字）", signed: true, lines: []string{"买受人：吴海波", "出卖人已签字"},
			}},
		},
		look: "interest", rating: [2]int{5, 5},
	}
}

func utilities() script {
	account := func(company, number, meter string) map[string]any {
		return map[string]any{"company": company, "account": number, "meter": meter}
	}
	return script{
		item: "utilities", zh: "水电气暖联动过户", en: "Transfer of utilities", desk: nanshanToJiaxian(),
		unit: "410425001002GB00003F{f}",
		held: held{by: []string{"李晓明"}},
		form: map[string]any{
			"certificate": "豫(2026)郏县不动产权第{c}号", "phone": "0375-0000000", "consents": true, "address": "郏县龙山街道迎宾路 8 号院 7 号楼 {n} 室",
			"accounts": []any{
				account("water", "SW-0382177", "W2209-118"), account("power", "0410 0325 7781", "D88120034"), account("gas", "RQ-5520918", "G1607731"), account("heat", "GR-70-1104", "H-0091"),
			},
		},
		parties: []party{
			citizen("holder", "李晓明", "440524188001010014", "13900001234"),
			citizen("old_holder", "张建国", "410425199003071231", "13800005678"),
		},
		papers: []paper{
			{slot: "certificate", title: "不动产权证书", photo: true, lines: []string{"豫(2026)郏县不动产权第{c}号", "权利人：李晓明"}},
			{slot: "consent", title: "过户信息共享同意书", signed: true, lines: []string{"同意向供水、供电、燃气企业共享过户信息", "同意人：李晓明"}},
		},
		gaps: []gap{
			{field: "phone", value: "13900001234", reason: "incorrect", note: "电话无法接通，企业须能联系到本人"},
			{slot: "consent", reason: "incomplete", note: "缺少供热企业的同意书", remark: "已补供热企业", fixed: paper{
				slot: "consent", title: "过户信息共享同意书（四家企业）", signed: true, lines: []string{"同意向供水、供电、燃气、供热企业共享过户信息", "同意人：李晓明"},
			}},
		},
		look: "consent",
		ends: ending{
			before: "decide",
			zh:     "登记机构的部分到此为止；供水、供电、燃气、供热四家企业各自接收、各自答复，本版本尚未与企业连通",
			en:     "the registry's part ends here; the water, power, gas and heating companies each take it over and answer for themselves, and this version does not reach them yet",
		},
	}
}
