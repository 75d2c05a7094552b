// Made by `npm run types` from openapi.json sha256:f639f93885cdf801b99ebf3538e1c04e17664828230ef237162f083880801b98. Do not edit.
export interface paths {
    "/api/v1/access": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 管理与查询记录 What was done or read that is of no single case
         * @description Changes of people and settings, searches, readings of the register. For audit administrators; reading it is recorded too.
         */
        get: operations["list-administration"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/agencies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 机构 The agencies of this hub */
        get: operations["list-agencies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 会话 The session as it is now */
        get: operations["attend-get-session-of-case"];
        put?: never;
        /**
         * 凭链接进入 Come in by a link and its code, once, on this device
         * @description Sets a cookie that is good for that session alone, or answers with a bearer token. Unknown, used, replaced and expired links and wrong codes are one answer; five wrong codes lock the link.
         */
        post: operations["attend-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attend/calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 日历文件 The appointment as an iCalendar file
         * @description RFC 5545. It names nobody and holds no link.
         */
        get: operations["attend-get-session-calendar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attend/consent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 同意告知、声明与录制 Agree to notice, declaration and recording */
        post: operations["attend-consent-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attend/draft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 笔录草稿 The questioning record as it stands; for the person asked once it was read back */
        get: operations["attend-get-record-draft"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attend/draft/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 确认笔录 Confirm and sign the record that was read back */
        post: operations["attend-confirm-record-draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attend/help": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** 求助 Ask the supervisor for help, or no more */
        put: operations["attend-call-for-help"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attend/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 离开 Leave the door or the room */
        post: operations["attend-leave-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attend/materials/{mid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 展示的材料 A material that is shown to all now
         * @description The reading is recorded.
         */
        get: operations["attend-get-shown"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attend/materials/{mid}/pages/{n}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 展示的一页 One page of what is shown, as a picture
         * @description The reading is recorded.
         */
        get: operations["attend-get-shown-page"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attend/pass": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 进入会话房间 A pass into the room, for one connection */
        post: operations["attend-pass-into-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attend/record": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 我的笔录 One's own sealed questioning record
         * @description Shows personal data in clear, so it is recorded, and for officers it needs the right to see them.
         */
        get: operations["attend-get-session-record"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attend/rejoin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 结束私下交谈 End a private talk */
        post: operations["attend-rejoin-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attend/self-test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** 设备检测 Keep the result of the device and network test */
        put: operations["attend-test-devices"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attend/sign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 屏幕签署 Sign a material that is shown to all */
        post: operations["attend-sign-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attend/wait": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 进入候场 Go to the waiting room */
        post: operations["attend-wait-for-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/board": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 督办看板 Running cases of my agency by the other place, and open offers
         * @description Counted over the most urgent 5,000; nobody sees another agency's.
         */
        get: operations["get-board"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 工作日历 The working days of a year
         * @description The national days, with what an office does otherwise laid over them.
         */
        get: operations["get-calendar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 件列表 One page of cases
         * @description Newest change first. Only what your agency may see.
         */
        get: operations["list-cases"];
        put?: never;
        /**
         * 收件 Receive an application
         * @description Receiving is not accepting: the responsible place accepts. All gaps are told at once.
         */
        post: operations["receive-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 按当事人查找 Find cases by a party's number
         * @description The number is in the body, so that it is in no address and no log. The search itself is recorded.
         */
        post: operations["search-cases"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 件详情 One case, personal fields masked
         * @description The reading is recorded.
         */
        get: operations["get-case"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 受理 Accept the application */
        post: operations["accept-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/access": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 查阅记录 Who saw what of a case, and why */
        get: operations["list-accesses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 补正答复 Answer the whole supplement notice */
        post: operations["answer-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/book": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 登簿 Book in the register */
        post: operations["book-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/bundle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 证据包 The evidence bundle of a case as one ZIP
         * @description hub verify proves it off line. The reading is recorded.
         */
        get: operations["get-bundle"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/clocks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 办理时限 The clocks of a case
         * @description From receiving to the answer; from acceptance to the result, as promised and by law.
         */
        get: operations["get-clocks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 办结 Close */
        post: operations["close-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/decide": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 核准 Decide */
        post: operations["decide-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 退回移交 Decline an offered case */
        post: operations["decline-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 记录链 Every event of a case
         * @description Without the sealed personal parts.
         */
        get: operations["list-events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/hand-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 发证 Hand a result out */
        post: operations["hand-out-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/issue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 缮证 Make and seal the results */
        post: operations["issue-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/materials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 添加材料 Put an uploaded file into a slot */
        post: operations["add-material"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/materials/{mid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** 撤下材料 Take a file back before hand-over */
        delete: operations["remove-material"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/materials/{mid}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 查看材料 The bytes of a file
         * @description Verified while they are read: a damaged file breaks off. The reading is recorded.
         */
        get: operations["get-material"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/materials/{mid}/pages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 材料分页 The pages of a material, and what is known of them
         * @description Pages are drawn in the background: while the state is waiting, ask again in a moment. Hints are advice, not a judgement.
         */
        get: operations["list-pages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/materials/{mid}/pages/{n}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 查看一页 One page as a picture
         * @description Upright and without metadata; the material itself stays as it came. The reading is recorded.
         */
        get: operations["get-page"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/notice/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 结束公告 End the public notice */
        post: operations["notice-end-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/notice/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 发布公告 Open the public notice */
        post: operations["notice-open-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/offer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 移交 Offer the case to the responsible agency */
        post: operations["offer-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/papers/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 打印回执、通知书 Print a paper about a case as it is
         * @description Receipt, notices, questioning record. Shows personal data in clear, so it is recorded, and for officers it needs the right to see them.
         */
        get: operations["print-paper"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/progress": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 办理进度 Where a case stands, in words for a citizen
         * @description What is happening, who has it now, when it is expected to end, and every step so far. The reading is recorded.
         */
        get: operations["get-progress"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/questioning": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 询问笔录 Record the questioning of one party */
        post: operations["questioning-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/rate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 评价 Rate one of the two places */
        post: operations["rate-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/rating/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 差评回访 Follow up a bad rating */
        post: operations["rating-answer-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/recall": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 请求退回 Ask for an open offer back
         * @description A question to the other agency, not a decision: its answer ends the offer. Asking again changes nothing.
         */
        post: operations["recall-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/refuse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 不予受理 Refuse the application */
        post: operations["refuse-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 登记簿核验 How the register stands towards a case
         * @description What would refuse the booking now, all at once, and what those who acquire must be told.
         */
        get: operations["check-register"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/results/{result}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 下载证书、证明 An issued and sealed result */
        get: operations["get-result"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 恢复 Let the case go on */
        post: operations["resume-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/review/first": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 初审 First review */
        post: operations["review-first-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/review/second": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 复审 Second review, by another person */
        post: operations["review-second-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 作废 Take a result out of force */
        post: operations["revoke-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/route": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 确定管辖 Find who is responsible */
        post: operations["route-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 预约 Make an appointment
         * @description The host is the first person. Nobody and no room is booked twice.
         */
        post: operations["schedule-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/slots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 空闲时段 When a session could be
         * @description Within the office hours of both places; host, window and room have nothing else.
         */
        get: operations["list-free-slots"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 会话 The session as it is now */
        get: operations["get-session-of-case"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/admit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 准入 Admit one person from the waiting room */
        post: operations["admit-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/begin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 正式开始 Begin the formal part */
        post: operations["begin-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 日历文件 The appointment as an iCalendar file
         * @description RFC 5545. It names nobody and holds no link.
         */
        get: operations["get-session-calendar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 取消 Call it off */
        post: operations["cancel-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 改期 Change the appointment */
        post: operations["change-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 结束 Close the session */
        post: operations["close-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/consent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 同意告知、声明与录制 Agree to notice, declaration and recording */
        post: operations["consent-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/consult": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 私下交谈 Let people talk in private */
        post: operations["consult-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/draft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 笔录草稿 The questioning record as it stands; for the person asked once it was read back */
        get: operations["get-record-draft"];
        /**
         * 笔录草稿 Save the questioning record as it is typed
         * @description What was read back and confirmed before is void.
         */
        put: operations["save-record-draft"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/draft/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 确认笔录 Confirm and sign the record that was read back */
        post: operations["confirm-record-draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/draft/read-back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 宣读 Say that the record was read to the person asked */
        post: operations["read-back"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/enter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 进入 Another reviewer or the host comes in */
        post: operations["enter-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/hand-over": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 移交主持 Give the host's place to another reviewer */
        post: operations["hand-over-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/help": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** 求助 Ask the supervisor for help, or no more */
        put: operations["call-for-help"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/identify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 身份核验 Write down how a person compared with his document */
        post: operations["identify-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 发出邀请链接 Make the link and the code of one person
         * @description Both are shown this once; an earlier link is worth nothing from then on.
         */
        post: operations["invite-to-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 离开 Leave the door or the room */
        post: operations["leave-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/lock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** 锁定 Keep everybody from being admitted */
        put: operations["lock-session"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/look": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 旁听 A pass to look into a session, hidden
         * @description For supervisors, with a reason, which is recorded first.
         */
        post: operations["look-into-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/materials/{mid}/pages/{n}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 展示的一页 One page of what is shown, as a picture
         * @description The reading is recorded.
         */
        get: operations["get-shown-page"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 开场 The host opens the room */
        post: operations["open-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/pass": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 进入会话房间 A pass into the room, for one connection */
        post: operations["pass-into-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 暂停 Pause the formal part */
        post: operations["pause-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/recall": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 召回 Let somebody come back to the door */
        post: operations["recall-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/record": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 笔录完成 End the questioning: the record is sealed */
        post: operations["record-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/recordings/{who}/{lane}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 回放 A playable recording
         * @description Needs a reason, which is recorded.
         */
        get: operations["get-recording"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/records/{who}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 笔录 The sealed questioning record of a person
         * @description Shows personal data in clear, so it is recorded, and for officers it needs the right to see them.
         */
        get: operations["get-session-record"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/rejoin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 结束私下交谈 End a private talk */
        post: operations["rejoin-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 移出 Send somebody away */
        post: operations["remove-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 恢复 Go on with the formal part */
        post: operations["resume-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/self-test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** 设备检测 Keep the result of the device and network test */
        put: operations["test-devices"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/show": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 展示材料 Show a material to all
         * @description Which page of it is a message of the room.
         */
        post: operations["show-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/sign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 屏幕签署 Sign a material that is shown to all */
        post: operations["sign-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/take-over": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 接管主持 Take the host's place while he is away */
        post: operations["take-over-in-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/sessions/{sid}/wait": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 进入候场 Go to the waiting room */
        post: operations["wait-for-session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/supplement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 一次性补正告知 Ask for everything that is missing */
        post: operations["supplement-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 中止 Stop the case where it stands */
        post: operations["suspend-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/take": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 接收移交 Take an offered case */
        post: operations["take-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/tax": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 确认完税 Record the tax bureau's word */
        post: operations["tax-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/unmask": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 查看个人信息 One case with personal fields in full
         * @description Needs a purpose, which is recorded.
         */
        post: operations["unmask-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/visit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 实地查看 Record a site visit */
        post: operations["visit-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/window": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 换窗口 Let another window serve the applicant */
        post: operations["window-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 撤回 Withdraw at the applicant's wish */
        post: operations["withdraw-case"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 证照核验 Is this paper in force? For anybody, without signing in
         * @description Asked by the QR of a paper. Answers with what the paper itself shows and its state, never with a name.
         */
        get: operations["check-paper"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clocks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 时限预警 My agency's running clocks, the most urgent first
         * @description Levels rise at 50, 80 and 100 %. Both places of a case see the same figures; nobody sees another agency's list.
         */
        get: operations["list-clocks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 未送达 Messages without a receipt after failed tries */
        get: operations["list-deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{parcel}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 立即重试 Try a message again at once */
        post: operations["retry-delivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 我的草稿 My drafts, the newest first */
        get: operations["list-drafts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 打开草稿 A draft of mine */
        get: operations["get-draft"];
        /**
         * 保存草稿 Keep what was typed so far
         * @description Only the person himself can read it; it is sealed at rest and forgotten 14 days after its last change. version is the one it follows, 0 for a new draft; another one is answered with stale_version and nothing is kept.
         */
        put: operations["keep-draft"];
        post?: never;
        /** 删除草稿 Forget a draft */
        delete: operations["drop-draft"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/duties": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 职责 Which agency is responsible for what
         * @description Read from the routing configuration; changed there.
         */
        get: operations["list-duties"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 事项 The kinds of service */
        get: operations["list-items"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 签名密钥 The signing keys of the agencies
         * @description Fingerprints only: no private part ever leaves the hub.
         */
        get: operations["list-keys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 我领取的件 The cases that I have taken
         * @description The newest first.
         */
        get: operations["list-leases"];
        put?: never;
        /**
         * 领取 Take cases, so that nobody else does the same work
         * @description For each case says who has it then. A lease is no lock: it changes no right and ends by itself after 10 hours. Taking again prolongs it. A case that you may not see is left out of the answer.
         */
        post: operations["take-leases"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * 释放 Give a case back to the queue
         * @description What is not yours stays.
         */
        delete: operations["drop-lease"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/logins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 登录会话 Where I am signed in */
        get: operations["list-logins"];
        put?: never;
        post?: never;
        /** 全部退出 Sign out everywhere, here too */
        delete: operations["end-logins"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/logins/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** 退出一处 Sign out in one place */
        delete: operations["end-login"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 我的岗位 My agency, roles and what they allow */
        get: operations["get-me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 人员 Everybody who signs in here */
        get: operations["list-people"];
        put?: never;
        /**
         * 新增人员 Add a person
         * @description The password is made here and shown this once.
         */
        post: operations["add-person"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people/{person}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 修改人员 Change name, agency and roles
         * @description Nobody changes himself. When roles or agency change, the person's sessions end.
         */
        post: operations["change-person"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people/{person}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 停用 Refuse sign-in from now on
         * @description The person's sessions end.
         */
        post: operations["disable-person"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people/{person}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 启用 Allow sign-in again
         * @description Also ends a lock after failures.
         */
        post: operations["enable-person"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people/{person}/factor/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 重置动态码 Forget a lost second factor
         * @description The person's sessions end.
         */
        post: operations["reset-factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people/{person}/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 重置密码 Make a new password and show it, this once
         * @description The person's sessions end.
         */
        post: operations["reset-password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 待办数量 How many cases wait in my agency's queues */
        get: operations["count-queues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ratings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 好差评统计 My agency's grades, and the bad ones to follow up */
        get: operations["get-ratings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/register/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 协助执行 Book a court's order
         * @description A seizure waits for no case: the case that holds the unit is stopped. Repeating the order changes nothing.
         */
        post: operations["enter-order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/register/take-over": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 存量登记接入 Take over an older register
         * @description Bookings of the registry itself, in the form tongban.register-seed/1 (docs/register.md), with the people they name. Repeating it changes nothing.
         */
        post: operations["take-over-register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/register/units/{unit}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 登记簿 A unit of the register
         * @description For officers of an agency that keeps the register of that place; recorded. Names are masked without a purpose.
         */
        get: operations["read-register"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/route": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 管辖 Who is responsible, and why */
        get: operations["explain-route"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 当前登录 Who is signed in */
        get: operations["get-session"];
        put?: never;
        /**
         * 登录 Sign in
         * @description Sets a cookie, or answers with a bearer token. Whether a login exists is never told. second_factor means that the password is right: send it again with a code.
         */
        post: operations["sign-in"];
        /** 退出 Sign out */
        delete: operations["sign-out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 动态码状态 How my second factor stands */
        get: operations["get-factor"];
        put?: never;
        /**
         * 设置动态码 Make a secret and show it, this once
         * @description For an authenticator (RFC 6238). It is in force when a first code has confirmed it; asking again makes another.
         */
        post: operations["set-up-factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/factor/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 启用动态码 Put the secret into force with a first code
         * @description Answers with the recovery codes, this once. My other sessions end.
         */
        post: operations["confirm-factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/factor/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 停用动态码 Forget my second factor, for one more code
         * @description Not where the hub asks staff for one.
         */
        post: operations["remove-factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 预约列表 Appointments of my agency */
        get: operations["list-sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/board": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 督办台 Rooms that are live now
         * @description People and states, nothing of what is said. The look is recorded.
         */
        get: operations["session-board"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/standards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 办事标准 The standard in force for an item at an agency or for a unit */
        get: operations["get-standard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/standards/all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 标准目录 Every version of every standard */
        get: operations["list-standards"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/standards/assess": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 预审 What an application needs: facts, materials, fees, steps
         * @description Nothing is kept.
         */
        post: operations["assess-application"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/standards/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 版本差异 What one version has otherwise than another
         * @description Of one item; drafts for who may see them.
         */
        get: operations["compare-versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/standards/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 标准差异 What another place asks otherwise than mine
         * @description So that a clerk need not know another place's standard by heart.
         */
        get: operations["diff-standards"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/standards/drafts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 导入标准 Keep standards as drafts
         * @description YAML, one document each, strict. All or none.
         */
        post: operations["import-standard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/standards/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 导出标准 One version as YAML */
        get: operations["export-standard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/standards/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 发布标准 Publish a draft
         * @description It can never be changed from then on.
         */
        post: operations["publish-standard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/standards/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** 撤销标准 Withdraw a version that no case is pinned to */
        post: operations["withdraw-standard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 动态 What changed in my queues, as it changes
         * @description Server-sent events: case (a case changed), gone (you may no longer see it), reset (load your lists again), end (your session has ended). A change may be told twice; compare seq.
         */
        get: operations["stream-changes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * 上传文件 Bring a file in
         * @description The raw bytes, with Content-Length and Repr-Digest. The type is told from the content. Nothing is kept of what is too large, of another type, cut short or not what was announced. Repeating is harmless.
         */
        put: operations["upload-file"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/tus": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 新建断点续传 Begin a resumable upload
         * @description Upload-Length is needed; Upload-Metadata may hold the digest of the whole file (digest, sha256:<hex>), which is then checked; nothing else of it is kept. A first piece may come along as application/offset+octet-stream. tus 1.0 with creation, creation-with-upload, termination and expiration; see docs/uploads.md. Every request but HEAD and OPTIONS needs Tus-Resumable: 1.0.0.
         */
        post: operations["create-upload"];
        delete?: never;
        /**
         * 断点续传能力 What resumable uploads can do
         * @description Versions, extensions and the largest file. tus 1.0 with creation, creation-with-upload, termination and expiration; see docs/uploads.md. Every request but HEAD and OPTIONS needs Tus-Resumable: 1.0.0.
         */
        options: operations["resumable-options"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/tus/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * 放弃续传 Give an upload up
         * @description What arrived is removed, unless the file is whole. tus 1.0 with creation, creation-with-upload, termination and expiration; see docs/uploads.md. Every request but HEAD and OPTIONS needs Tus-Resumable: 1.0.0.
         */
        delete: operations["end-upload"];
        options?: never;
        /**
         * 续传位置 How much has arrived
         * @description Waits for a request that still writes to let go. Repr-Digest is there when the file is whole. tus 1.0 with creation, creation-with-upload, termination and expiration; see docs/uploads.md. Every request but HEAD and OPTIONS needs Tus-Resumable: 1.0.0.
         */
        head: operations["get-upload-offset"];
        /**
         * 续传 Send the bytes from an offset on
         * @description What arrived stays, also when the connection breaks. The last piece checks type and digest and is answered with Repr-Digest, with which the file can be put into a case. A file that is refused is removed. tus 1.0 with creation, creation-with-upload, termination and expiration; see docs/uploads.md. Every request but HEAD and OPTIONS needs Tus-Resumable: 1.0.0.
         */
        patch: operations["continue-upload"];
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 存活 The process answers */
        get: operations["is-alive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 就绪 Every store answers */
        get: operations["is-ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AcceptWish: {
            note?: string;
        };
        AccessOutputBody: {
            accesses: components["schemas"]["AccessView"][];
            /** @description give it as after; absent at the end */
            next?: string;
        };
        AccessView: {
            actor: components["schemas"]["SignatoryView"];
            /** Format: date-time */
            at: string;
            id: string;
            /** @description of the actor, in the reader's language */
            name?: string;
            purpose?: string;
            ref?: string;
            request?: string;
            what: string;
        };
        AddMaterialOutputBody: {
            /** Format: date-time */
            at: string;
            case: string;
            head: string;
            kind: string;
            material: string;
            number: string;
            /** Format: int64 */
            seq: number;
            status: string;
        };
        AddMaterialWish: {
            /** @description of a file that your agency uploaded */
            digest?: string;
            /** @description in place of digest: a material of another case of the same people, where the standard calls the slot reusable */
            from?: components["schemas"]["MaterialFrom"];
            name: string;
            /** @description 核对原件: the clerk saw it and the copy agrees */
            seen_original: boolean;
            slot: string;
        };
        AddPersonInputBody: {
            agency: string;
            /** @description so that nobody handles his own case; only its keyed hash is kept */
            citizen_id?: string;
            /** @description small letters, digits, . _ - */
            login: string;
            name_en?: string;
            name_zh: string;
            roles: string[];
        };
        AdmitWish: {
            text?: string;
            who: string;
        };
        AdvanceView: {
            /** Format: date-time */
            at: string;
            /**
             * Format: int64
             * @description fen
             */
            debt?: number;
            entry: string;
            holders: components["schemas"]["PersonView"][];
            kind: string;
            proofs: string[];
        };
        AgenciesOutputBody: {
            agencies: components["schemas"]["AgencyView"][];
        };
        AgencyView: {
            division: string;
            id: string;
            kind: string;
            name_en: string;
            name_zh: string;
            /** @description as certificates name the registry */
            place_zh?: string;
            /** @description its register is kept in this hub */
            register: boolean;
            timezone: string;
        };
        AnswerRatingWish: {
            /** @enum {string} */
            outcome: "corrected" | "explained" | "unfounded";
            /** @enum {string} */
            place: "receiving" | "handling";
            text: string;
        };
        AnswerWish: {
            answers: components["schemas"]["GapAnswerWish"][];
        };
        AppointmentWish: {
            /** @description the people agreed, although it is at short notice */
            agreed?: boolean;
            /**
             * Format: date-time
             * @description on a quarter of an hour
             */
            from: string;
            /** @description the host first */
            people: components["schemas"]["SeatWish"][];
            /** @description of the handling place */
            room?: string;
            /** @description why; needed for a change */
            text?: string;
            /** Format: date-time */
            to: string;
            /** @description of the receiving place */
            window?: string;
        };
        AssessInputBody: {
            choice?: string;
            form: {
                [key: string]: string | number | boolean | {
                    [key: string]: string | number | boolean;
                }[];
            };
            item: string;
            parties: components["schemas"]["PartyWish"][];
            unit: string;
        };
        AssessmentView: {
            facts: {
                [key: string]: boolean;
            };
            fees: components["schemas"]["FeeLineView"][];
            /** @description slots that are not asked for, by the number of the paper that the register has */
            known: {
                [key: string]: string;
            };
            /** @description slots that must be filled */
            needs: string[];
            standard: components["schemas"]["StandardRefView"];
            steps: components["schemas"]["StepsView"];
            /** Format: int64 */
            total_fen: number;
            /** @description every gap at once */
            wrong: components["schemas"]["FieldError"][];
        };
        BeginWish: {
            text?: string;
        };
        BoardOutputBody: {
            /** @description counting stopped at 5,000 */
            more: boolean;
            /** Format: date-time */
            now: string;
            /** @description open offers that we made or got, the oldest first */
            offers: components["schemas"]["RowView"][];
            /** @description where most must be done first */
            places: components["schemas"]["PlaceCountView"][];
        };
        "BodyAtStruct {}Body": Record<string, never>;
        "BodyHereStruct {}Body": Record<string, never>;
        BookWish: {
            note?: string;
            /** @description entries of the register of which those who acquire were told in writing */
            told?: string[] | null;
        };
        BookedPaperView: {
            entry: string;
            kind: string;
            number: string;
            unit: string;
        };
        BookedUnitView: {
            hash: string;
            unit: string;
            /** Format: int64 */
            version: number;
        };
        BookedView: {
            /**
             * Format: date-time
             * @description the instant in the register
             */
            at: string;
            booking: string;
            /** @description the papers that the booking numbered */
            papers: components["schemas"]["BookedPaperView"][];
            /** @description entries of which those who acquire were told */
            told?: string[] | null;
            units: components["schemas"]["BookedUnitView"][];
        };
        BurdenView: {
            /** Format: date-time */
            at: string;
            entry: string;
            holder: components["schemas"]["PersonView"];
            kind: string;
            until?: string;
        };
        CalendarOutputBody: {
            close: string;
            /** @description days that are not as weekends alone would have them */
            days: components["schemas"]["DayView"][];
            open: string;
            /** @description the year is not announced: weekends alone are off */
            provisional: boolean;
            /**
             * Format: int64
             * @description working days of the year
             */
            worked: number;
            /** Format: int64 */
            year: number;
            /** @description that were announced and are loaded */
            years: number[];
            zone: string;
        };
        CancelSessionWish: {
            /** @enum {string} */
            ground: "agency" | "applicant";
            text: string;
        };
        CaseClocksOutputBody: {
            clocks: components["schemas"]["ClockView"][];
            /** Format: date-time */
            now: string;
        };
        CaseView: {
            /** Format: date-time */
            accepted_at?: string;
            /**
             * Format: int64
             * @description working days for the handling place's answer
             */
            answer_days?: number;
            booked?: components["schemas"]["BookedView"];
            /** @description may append now */
            custodian: string;
            declines: components["schemas"]["DeclineView"][];
            /** @description why it was received all the same */
            despite?: string;
            /** @description the item changes rights of the unit */
            disposes: boolean;
            /**
             * Format: date-time
             * @description booked, refused, rejected or withdrawn
             */
            ended_at?: string;
            erased: boolean;
            first_review?: components["schemas"]["ReviewView"];
            form: {
                [key: string]: unknown;
            };
            /** @description responsible by the last routing */
            handling?: string;
            /** @description hash of the last event */
            head: string;
            id: string;
            item: string;
            /** @description who of the reader's agency works on it */
            lease?: components["schemas"]["LeaseView"];
            masked: boolean;
            materials: components["schemas"]["MaterialView"][];
            /** @description what an approval still waits for */
            missing_steps?: string[] | null;
            notice?: components["schemas"]["NoticeView"];
            number: string;
            /** @description open; the case is frozen */
            offer?: components["schemas"]["OfferView"];
            outcome?: components["schemas"]["OutcomeView"];
            parties: components["schemas"]["PartyView"][];
            place: string;
            questioned: components["schemas"]["QuestioningView"][];
            ratings: components["schemas"]["RatingView"][];
            /** Format: date-time */
            received_at: string;
            received_by: string;
            /** @description took the papers */
            receiving: string;
            refusal?: components["schemas"]["RefusalView"];
            /** @description what the register wanted known at acceptance */
            register_notes: components["schemas"]["RegisterNoteView"][];
            results: components["schemas"]["PaperView"][];
            /** @description open cases about the same unit, shown at receiving */
            rivals: components["schemas"]["RivalView"][];
            route?: components["schemas"]["RoutedView"];
            run_outs: components["schemas"]["RunOutView"][];
            second_review?: components["schemas"]["ReviewView"];
            /**
             * Format: int64
             * @description the version; also the ETag
             */
            seq: number;
            /** @description by video */
            sessions: components["schemas"]["MeetingView"][];
            standard: components["schemas"]["StandardRefView"];
            status: string;
            /** @description what the standard asks of the handling, from acceptance on */
            steps?: components["schemas"]["StepsView"];
            supplements: components["schemas"]["SupplementView"][];
            suspensions: components["schemas"]["SuspensionView"][];
            tax?: components["schemas"]["TaxView"];
            unit: string;
            /** Format: date-time */
            updated_at: string;
            visit?: components["schemas"]["VisitView"];
            /** @description where the applicant is served now */
            window: string;
        };
        ChangeSessionWish: {
            /** @description the people agreed, although it is at short notice */
            agreed?: boolean;
            /**
             * Format: date-time
             * @description on a quarter of an hour
             */
            from: string;
            /** @description the host first */
            people: components["schemas"]["SeatWish"][];
            /** @description of the handling place */
            room?: string;
            /** @description why; needed for a change */
            text?: string;
            /** Format: date-time */
            to: string;
            /** @description of the receiving place */
            window?: string;
        };
        CheckView: {
            /** @description of the sealed file: compare it with the file in your hand */
            digest: string;
            id: string;
            /** Format: date-time */
            issued_at: string;
            issuer: components["schemas"]["PlaceView"];
            kind: string;
            number: string;
            /** Format: date-time */
            revoked_at?: string;
            /** @enum {string} */
            state: "valid" | "replaced" | "revoked";
        };
        ClockRowView: {
            case: components["schemas"]["RowView"];
            /**
             * Format: int64
             * @description 0, 50, 80 or 100 percent
             */
            level: number;
        };
        ClockView: {
            /**
             * Format: int64
             * @description working days it gives
             */
            days: number;
            /** @description no answer came in time: deemed accepted (条例 art. 17) */
            deemed_accepted?: boolean;
            /** Format: date-time */
            due?: string;
            /** @enum {string} */
            kind: "answer" | "promised" | "statutory";
            /**
             * Format: int64
             * @description working days
             */
            left: number;
            /**
             * Format: int64
             * @description 0, 50, 80 or 100
             */
            level: number;
            /** Format: date-time */
            next_alarm?: string;
            /** Format: int64 */
            percent: number;
            provisional: boolean;
            /** Format: date-time */
            start: string;
            /** @enum {string} */
            state: "running" | "stopped" | "ended" | "overdue";
            /**
             * Format: int64
             * @description working days
             */
            used: number;
        };
        ClocksOutputBody: {
            clocks: components["schemas"]["ClockRowView"][];
            /** Format: date-time */
            now: string;
        };
        CloseWish: {
            note?: string;
        };
        CodeInputBody: {
            /** @description six digits, or a recovery code where one counts */
            code: string;
        };
        ColumnView: {
            en: string;
            key: string;
            kind: string;
            /** Format: int64 */
            max?: number;
            options?: components["schemas"]["OptionView"][] | null;
            personal: boolean;
            required: boolean;
            zh: string;
        };
        ConditionView: {
            en: string;
            key: string;
            /** @description CEL */
            when: string;
            zh: string;
        };
        ConfirmWish: {
            strokes: components["schemas"]["StrokeWish"][];
            /** @description of the record as it was read back */
            text: string;
        };
        ConfirmationView: {
            /** Format: date-time */
            at: string;
            role: string;
            signature: components["schemas"]["FileView"];
            text: string;
            who: string;
        };
        ConsentTextView: {
            digest: string;
            key: string;
            title: string;
            version: string;
            words: string;
        };
        ConsentView: {
            /** Format: date-time */
            at: string;
            by: components["schemas"]["SignatoryView"];
            lang: string;
            /** @description of the invitation; opens nothing */
            link?: string;
            texts: components["schemas"]["TextMark"][];
            who: string;
        };
        ConsentWish: {
            /** @enum {string} */
            lang: "zh-CN" | "en";
            /** @description digests of the texts as they were shown, in their order */
            texts: string[];
        };
        ConsultWish: {
            people: string[];
        };
        DayView: {
            /** Format: date */
            day: string;
            /** @description the office's own; else the State Council's */
            own?: boolean;
            worked: boolean;
        };
        DecideWish: {
            approve: boolean;
            text?: string;
        };
        DeclineView: {
            /** Format: date-time */
            at: string;
            by: string;
            code: string;
            offer: string;
            text?: string;
        };
        DeclineWish: {
            /** @enum {string} */
            code: "wrong_place" | "not_our_item" | "broken_chain" | "missing_material" | "closed" | "other";
            offer: string;
            text: string;
        };
        DeliveriesOutputBody: {
            /** @description the most often tried first */
            deliveries: components["schemas"]["ParcelView"][];
            /** Format: date-time */
            now: string;
        };
        DeliveryView: {
            /** Format: date-time */
            at: string;
            by: components["schemas"]["SignatoryView"];
            carrier?: string;
            receiver?: string;
            signature?: components["schemas"]["FileView"];
            text?: string;
            tracking?: string;
            way: string;
        };
        DiffOutputBody: {
            changes: components["schemas"]["DiffView"][];
            here: components["schemas"]["VersionView"];
            there: components["schemas"]["VersionView"];
        };
        DiffView: {
            en: string;
            key?: string;
            part: string;
            /** @enum {string} */
            what: "added" | "removed" | "changed";
            zh: string;
        };
        DigestOutputBody: {
            digest: string;
        };
        DotWish: {
            /**
             * Format: int64
             * @description milliseconds since the first dot
             */
            t: number;
            /** Format: double */
            x: number;
            /** Format: double */
            y: number;
        };
        DraftHead: {
            /** Format: date-time */
            expires: string;
            id: string;
            item?: string;
            /** Format: date-time */
            saved: string;
            unit?: string;
            /** Format: int64 */
            version: number;
        };
        DraftView: {
            /** @description as it was kept */
            content: string;
            /** Format: date-time */
            expires: string;
            id: string;
            item?: string;
            /** Format: date-time */
            saved: string;
            unit?: string;
            /** Format: int64 */
            version: number;
        };
        DraftsOutputBody: {
            drafts: components["schemas"]["DraftHead"][];
        };
        DutiesOutputBody: {
            duties: components["schemas"]["DutyView"][];
        };
        DutyView: {
            agency: string;
            /** @description first day */
            from?: string;
            /** @description one item, or a beginning with a star */
            item: string;
            /** @description division code; absent: all places of the agency */
            place?: string;
            place_zh?: string;
            /** @description handed on to */
            to?: string;
            /** @description first day no more */
            until?: string;
        };
        EndNoticeWish: {
            /** @description somebody objected: the notice may end at once */
            objection: boolean;
            text?: string;
        };
        EndWish: {
            text?: string;
        };
        EnterWish: {
            text?: string;
        };
        EntryView: {
            agency: string;
            /** Format: date-time */
            at: string;
            certificates: string[];
            entry: string;
            kind: string;
        };
        EventView: {
            actor: components["schemas"]["SignatoryView"];
            /** @description the custodian, whose key signs */
            agency: string;
            /** Format: date-time */
            at: string;
            /** @description another agency whose clerk did it and that signed too */
            contribution?: string;
            /** @description the public part of the fact */
            data: unknown;
            hash: string;
            key: string;
            kind: string;
            prev: string;
            /** @description has a personal part */
            sealed: boolean;
            /** Format: int64 */
            seq: number;
        };
        EventsOutputBody: {
            events: components["schemas"]["EventView"][];
        };
        FactorOutputBody: {
            active: boolean;
            /**
             * Format: int64
             * @description recovery codes that are left
             */
            recovery_left: number;
            /** @description this hub asks you for one */
            required: boolean;
            /** Format: date-time */
            since?: string;
        };
        FeeLineView: {
            /** Format: int64 */
            count: number;
            en: string;
            /**
             * Format: int64
             * @description for one piece
             */
            fen: number;
            key: string;
            payer?: string;
            zh: string;
        };
        FeeRuleView: {
            /** @description CEL */
            count?: string;
            en: string;
            /** Format: int64 */
            fen: number;
            key: string;
            payer?: string;
            /** @description CEL */
            when?: string;
            zh: string;
        };
        FieldError: {
            /** @description stable reason */
            code: string;
            /**
             * @description which part of the request
             * @enum {string}
             */
            in: "body" | "query" | "path" | "header";
            /**
             * Format: int64
             * @description of a file that was sent
             */
            line?: number;
            message: string;
            /** @description JSON pointer into that part */
            pointer: string;
        };
        FieldView: {
            /** @description of a list */
            columns?: components["schemas"]["ColumnView"][] | null;
            en: string;
            /** @description CEL: only asked when */
            if?: string;
            key: string;
            kind: string;
            /** Format: int64 */
            max?: number;
            options?: components["schemas"]["OptionView"][] | null;
            personal: boolean;
            required: boolean;
            zh: string;
        };
        FileView: {
            digest: string;
            /** Format: int64 */
            size: number;
            type: string;
        };
        FinishRecordWish: {
            /** @description of the record as it was read back */
            text: string;
        };
        FirstReviewWish: {
            pass: boolean;
            /** @description needed when it does not pass */
            text?: string;
        };
        FreeTime: {
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
        };
        GapAnswerView: {
            gap: string;
            material?: string;
        };
        GapAnswerWish: {
            gap: string;
            /** @description for a slot or a region: the file added for it */
            material?: string;
            remark?: string;
            /** @description for a field */
            value?: string | number | boolean | {
                [key: string]: string | number | boolean;
            }[];
        };
        GapTime: {
            /** Format: date-time */
            from: string;
            kind?: string;
            reason: string;
            /** Format: date-time */
            to: string;
        };
        GapView: {
            id: string;
            material?: string;
            /** Format: int64 */
            page?: number;
            reason: string;
            /** @description x, y, width, height as parts of the page */
            rect?: number[];
            ref: string;
            target: string;
        };
        GapWish: {
            note?: string;
            /** Format: int64 */
            page?: number;
            /** @enum {string} */
            reason: "incorrect" | "incomplete" | "outdated";
            /** @description x, y, width, height as parts of the page */
            rect?: number[] | null;
            /** @description field key, slot key or material id */
            ref: string;
            /** @enum {string} */
            target: "field" | "slot" | "region";
        };
        GiveHost: {
            text?: string;
            who: string;
        };
        GoOnWish: {
            text?: string;
        };
        GradesView: {
            /**
             * Format: double
             * @description part of 3 and better, 0 to 1
             */
            good: number;
            /** @description from 1 非常不满意 to 5 非常满意 */
            grades: number[] | null;
            /** Format: int64 */
            rated: number;
        };
        HandOutWish: {
            /** @description needed by mail */
            carrier?: string;
            /** @description of the result */
            id: string;
            /** @description who took it; needed at a window */
            receiver?: string;
            /** @description of an uploaded picture; needed at a window */
            signature?: string;
            text?: string;
            /** @description needed by mail */
            tracking?: string;
            /** @enum {string} */
            way: "window" | "mail" | "electronic" | "self_service";
        };
        HealthOutputBody: {
            status: string;
            version: string;
        };
        HeldView: {
            case: string;
            lease: components["schemas"]["LeaseView"];
        };
        HelpWish: {
            /** @description empty: no more */
            text: string;
        };
        IdentifyWish: {
            /** @description number of the document */
            document?: string;
            /** @enum {string} */
            method: "citizen_card" | "passport" | "licence" | "known_to_window";
            /** @enum {string} */
            result: "matches" | "differs" | "unclear";
            /** @description of an uploaded picture from the person's own track */
            still?: string;
            text?: string;
            who: string;
        };
        IdentityView: {
            /** Format: date-time */
            at: string;
            by: components["schemas"]["SignatoryView"];
            document?: string;
            method: string;
            result: string;
            still?: components["schemas"]["FileView"];
            text?: string;
            who: string;
        };
        ImportInputBody: {
            yaml: string;
        };
        InviteInputBody: {
            who: string;
        };
        InviteOutputBody: {
            /** @description six digits; give them on another */
            code: string;
            /** Format: date-time */
            expires: string;
            /** @description for the address; give it on one way */
            link: string;
        };
        IssueWish: {
            note?: string;
        };
        ItemView: {
            item: string;
            name_en: string;
            name_zh: string;
        };
        ItemsOutputBody: {
            items: components["schemas"]["ItemView"][];
        };
        KeepDraftInputBody: {
            /** @description whatever the client needs to go on */
            content: string;
            item?: string;
            unit?: string;
            /**
             * Format: int64
             * @description that this one follows
             */
            version: number;
        };
        KeptView: {
            file: components["schemas"]["FileView"];
            what: string;
        };
        KeyView: {
            agency: string;
            /** @description SHA-256 of the public key (PKIX), in pairs */
            fingerprint: string;
            /** Format: date-time */
            from: string;
            id: string;
            /** @description this hub signs with it; else it is another hub's */
            ours: boolean;
            scheme: string;
            /**
             * Format: date-time
             * @description out of force since
             */
            until?: string;
        };
        KeysOutputBody: {
            /** @description the newest first */
            keys: components["schemas"]["KeyView"][];
        };
        LeaseView: {
            mine: boolean;
            name_en?: string;
            name_zh: string;
            person: string;
            /** Format: date-time */
            since: string;
            /** Format: date-time */
            until: string;
        };
        LeasesOutputBody: {
            /** @description each with its lease */
            cases: components["schemas"]["RowView"][];
        };
        LinkInputBody: {
            /** @description answer with a token instead of setting a cookie */
            bearer?: boolean;
            code: string;
            link: string;
        };
        LinkOutputBody: {
            /**
             * Format: date-time
             * @description without a further request
             */
            expires: string;
            session: string;
            /** @description once, when bearer was asked for */
            token?: string;
            who: string;
        };
        LockInputBody: {
            on: boolean;
        };
        LoginView: {
            address?: string;
            device?: string;
            /** Format: date-time */
            expires: string;
            /** @description it is the session that asks */
            here: boolean;
            id: string;
            /** Format: date-time */
            seen: string;
            /** Format: date-time */
            since: string;
            /** @description with a second factor */
            strong: boolean;
        };
        LoginsOutputBody: {
            sessions: components["schemas"]["LoginView"][];
        };
        LookInputBody: {
            purpose: string;
        };
        MaterialFrom: {
            case: string;
            material: string;
        };
        MaterialPage: {
            /**
             * Format: double
             * @description degrees that the writing is turned
             */
            angle: number;
            /** @description there is a copy in full size */
            full: boolean;
            /** Format: int64 */
            height: number;
            /** @description blank, blurred, dark, skewed, cut_off */
            hints: string[];
            /** Format: int64 */
            n: number;
            /**
             * Format: int64
             * @description pixels of the size page
             */
            width: number;
        };
        MaterialView: {
            /** Format: date-time */
            at: string;
            by: components["schemas"]["SignatoryView"];
            file: components["schemas"]["FileView"];
            /** @description case/material, when it was brought for another case */
            from?: string;
            id: string;
            name: string;
            /** Format: int64 */
            patched_page?: number;
            /** @description a supplement brought this for one page of that material */
            patches?: string;
            removed: boolean;
            seen_original: boolean;
            slot: string;
            /** @description a supplement brought a newer file */
            superseded: boolean;
        };
        MayView: {
            ask: boolean;
            caption: boolean;
            chat: boolean;
            control: boolean;
            hear: boolean;
            identify: boolean;
            point: boolean;
            publish: string[];
            question: boolean;
            show: boolean;
            sign: boolean;
        };
        MeView: {
            /** @description what the roles allow; a case may still refuse */
            actions: string[];
            agency?: components["schemas"]["AgencyView"];
            id: string;
            login: string;
            name_en: string;
            name_zh: string;
            roles: string[];
        };
        MeetingPage: {
            case: string;
            /** @description what the reader may do in the room now */
            may: components["schemas"]["MayView"];
            /** @description where the room is */
            node?: string;
            /**
             * Format: date-time
             * @description the hub's clock, for countdowns
             */
            now: string;
            number: string;
            presence: components["schemas"]["PresenceView"][];
            /** @description the reader's own */
            seat?: string;
            session: components["schemas"]["MeetingView"];
            /** @description materials that are shown to all */
            shown: components["schemas"]["ShownView"][];
            /** @description why the recording is not confirmed */
            stalled?: string;
            /** @description what is to be read and agreed to; absent when it is done or not asked */
            texts?: components["schemas"]["ConsentTextView"][] | null;
        };
        MeetingView: {
            /** @description of the pause: host_wish, host_left, party_left, recording_stalled */
            cause?: string;
            /** Format: date-time */
            closed_at?: string;
            consents: components["schemas"]["ConsentView"][];
            /** @description playable recordings */
            files: components["schemas"]["RecordedFileView"][];
            /** Format: date-time */
            from: string;
            /** @description of the cancellation: agency, applicant, expired */
            ground?: string;
            id: string;
            identities: components["schemas"]["IdentityView"][];
            kept: components["schemas"]["KeptView"][];
            locked: boolean;
            /** Format: date-time */
            made_at: string;
            made_by: components["schemas"]["SignatoryView"];
            /** @description who came and left */
            moves: components["schemas"]["MoveView"][];
            /** Format: date-time */
            opened_at?: string;
            people: components["schemas"]["SeatView"][];
            room?: string;
            /**
             * Format: int64
             * @description how often the appointment was changed
             */
            sequence: number;
            short_notice: boolean;
            signed: components["schemas"]["SignedView"][];
            /** @enum {string} */
            state: "scheduled" | "waiting" | "open" | "formal" | "paused" | "closed" | "cancelled" | "expired";
            text?: string;
            /** Format: date-time */
            to: string;
            /** @description what is recorded and kept */
            tracks: components["schemas"]["TrackView"][];
            /** @description beginnings, pauses, changes of host: marks on the recording */
            turns: components["schemas"]["TurnView"][];
            window?: string;
        };
        MortgageView: {
            /** Format: date-time */
            at: string;
            creditor: components["schemas"]["PersonView"];
            /**
             * Format: int64
             * @description fen
             */
            debt: number;
            entry: string;
            from: string;
            kind: string;
            no_transfer: boolean;
            proofs: string[];
            until: string;
        };
        MoveView: {
            /** Format: date-time */
            at: string;
            by: components["schemas"]["SignatoryView"];
            did: string;
            who: string;
            with?: string[] | null;
        };
        MoveWindowWish: {
            reason: string;
            /** @description the window where the applicant is */
            to: string;
        };
        NewPersonOutputBody: {
            /** @description shown this once */
            password: string;
            person: components["schemas"]["StaffView"];
        };
        NoticeView: {
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            days: number;
            /** Format: date-time */
            ended_at?: string;
            objection: boolean;
            text?: string;
            /** Format: date-time */
            until: string;
        };
        ObjectionView: {
            about: string;
            /** Format: date-time */
            at: string;
            by: components["schemas"]["PersonView"];
            entry: string;
            /** Format: date-time */
            suit?: string;
        };
        OfferView: {
            /** Format: date-time */
            at: string;
            from: string;
            id: string;
            /** Format: int64 */
            seq: number;
            to: string;
        };
        OfferWish: {
            note?: string;
        };
        OpenNoticeWish: {
            /** @description what is made public */
            text: string;
        };
        OpenWish: {
            text?: string;
        };
        OptionView: {
            en: string;
            key: string;
            zh: string;
        };
        OrderBody: {
            /** @description needed for a seizure */
            court?: string;
            /** @description the seizure that is extended or lifted */
            entry?: string;
            /** @enum {string} */
            kind: "seizure" | "extend" | "lift";
            /** Format: int64 */
            months?: number;
            /** @description number of the order; it is booked once */
            order: string;
            unit: string;
        };
        OrderOutputBody: {
            /** Format: date-time */
            at: string;
            booking: string;
            /** @description of the register */
            entry: string;
            /** @description running cases that it stops */
            hits: string[];
        };
        OutcomeView: {
            approve: boolean;
            /** Format: date-time */
            at: string;
            by: components["schemas"]["SignatoryView"];
            text?: string;
        };
        PageView: {
            cases: components["schemas"]["RowView"][];
            /** @description cursor of the next page; absent at the end */
            next?: string;
        };
        PagesView: {
            /** @description why it was refused or failed */
            code?: string;
            /**
             * Format: int64
             * @description pages that the file says it has
             */
            count: number;
            /** @description the original tells where it was taken; the pictures here do not */
            has_location: boolean;
            pages: components["schemas"]["MaterialPage"][];
            /** @description the stable reason beside the code */
            reason?: string;
            /** @description the reason in the language asked for */
            reason_text?: string;
            /** @enum {string} */
            scan: "waiting" | "not_configured" | "clean" | "found" | "failed" | "too_large";
            /** @description what the virus scanner found */
            signature?: string;
            /** @enum {string} */
            state: "waiting" | "done" | "refused" | "failed" | "quarantined" | "no_renderer";
            /** @description told from the content */
            type?: string;
        };
        PaperView: {
            /** Format: date-time */
            at: string;
            /** @description check code, as its QR has it: /check/?id=…&code=… */
            code: string;
            /** @description of the register */
            entry?: string;
            file: components["schemas"]["FileView"];
            given: components["schemas"]["DeliveryView"][];
            /** @description 电子证照标识, GB/T 36904 */
            id: string;
            /** @description of the agency's signature over the file */
            key: string;
            kind: string;
            number: string;
            replaces?: string[] | null;
            revoked?: components["schemas"]["RevocationView"];
            scheme: string;
            seal: components["schemas"]["SealView"];
            unit: string;
        };
        ParcelView: {
            /** Format: int64 */
            attempts: number;
            case: string;
            /**
             * Format: date-time
             * @description next try
             */
            due: string;
            from: string;
            id: string;
            /** @enum {string} */
            kind: "offer" | "answer" | "recall";
            /** @description of the last failure, as the courier wrote it down */
            reason: string;
            to: string;
        };
        PartyRuleView: {
            en: string;
            if?: string;
            /** Format: int64 */
            max: number;
            /** Format: int64 */
            min: number;
            role: string;
            zh: string;
        };
        PartyStruct: {
            /** @enum {string} */
            id_kind: "citizen_id" | "credit_code" | "passport";
            id_number: string;
        };
        PartyView: {
            id_kind: string;
            id_number: string;
            name: string;
            phone?: string;
            represents?: string;
            role: string;
        };
        PartyWish: {
            /** @description citizen_id, credit_code, passport */
            id_kind: string;
            id_number: string;
            name: string;
            phone?: string;
            represents?: string;
            role: string;
        };
        PassView: {
            /**
             * Format: date-time
             * @description until when a connection may be opened with it
             */
            expires: string;
            /** @description WebSocket of the signalling, docs/video-protocol.md; a path here, or an address where another node has the room */
            socket: string;
            /** @description the token of hello, or the bearer token of WHIP and WHEP; it names who comes, what he may do is asked when it is used */
            token: string;
            whep: string;
            whip: string;
        };
        PassWish: {
            /** @description for a document camera or room system of yours, by WHIP; it publishes pictures and does nothing else */
            device?: boolean;
        };
        PauseWish: {
            text?: string;
        };
        PeopleOutputBody: {
            /** @description in order of login */
            people: components["schemas"]["StaffView"][];
        };
        PersonView: {
            id_kind?: string;
            id_number?: string;
            name: string;
            /** @description of the whole right */
            share?: string;
        };
        PersonWish: {
            agency: string;
            /** @description so that nobody handles his own case; only its keyed hash is kept */
            citizen_id?: string;
            name_en?: string;
            name_zh: string;
            roles: string[];
        };
        PlaceCountView: {
            /** @description the other place */
            agency: string;
            /**
             * Format: int64
             * @description at 80 % or more, not overdue
             */
            eighty: number;
            /**
             * Format: int64
             * @description at 50 % or more, less than 80 %
             */
            half: number;
            /**
             * @description what we are for these cases
             * @enum {string}
             */
            here: "receiving" | "handling" | "both";
            /**
             * Format: date-time
             * @description the next clock that runs out
             */
            next?: string;
            /** Format: int64 */
            overdue: number;
            /** Format: int64 */
            running: number;
        };
        PlaceView: {
            agency: string;
            name: string;
        };
        PlanView: {
            booking: boolean;
            exclusive: boolean;
            /** @description what this version does not do yet */
            later?: string;
            /** @description CEL */
            notice?: string;
            /** Format: int64 */
            notice_days?: number;
            /** Format: int64 */
            reviews: number;
            /** @description CEL */
            tax?: string;
            /** @description CEL */
            video?: string;
            /** @description CEL */
            visit?: string;
        };
        PresenceView: {
            help?: string;
            /** Format: date-time */
            help_at?: string;
            here: string;
            /** Format: int64 */
            kbps?: number;
            /**
             * Format: double
             * @description part of packets lost
             */
            loss?: number;
            role: string;
            /** @description good, okay or bad */
            self_test?: string;
            /** Format: date-time */
            since?: string;
            who: string;
        };
        Problem: {
            /** @description stable machine code */
            code: string;
            detail?: string;
            /** @description every wrong part of the input at once */
            errors?: components["schemas"]["FieldError"][];
            request_id?: string;
            /** Format: int64 */
            status: number;
            /** @description in the language asked for */
            title: string;
            /**
             * Format: uri
             * @description urn:tongban:problem: and the code
             */
            type: string;
        };
        ProgressStepView: {
            /** Format: date-time */
            at: string;
            kind: string;
            place: components["schemas"]["PlaceView"];
            words: string;
        };
        ProgressView: {
            /**
             * Format: date-time
             * @description expected end
             */
            expected?: string;
            handling: components["schemas"]["PlaceView"];
            /** @description who must act now */
            holder: components["schemas"]["PlaceView"];
            item: string;
            late?: boolean;
            number: string;
            /** @description the calendar of that year is not known yet */
            provisional?: boolean;
            /** @description which places may be rated now */
            rate: string[];
            receiving: components["schemas"]["PlaceView"];
            results: components["schemas"]["PaperView"][];
            status: string;
            steps: components["schemas"]["ProgressStepView"][];
            /** @description the time is not counted now */
            stopped?: boolean;
            waits_for_applicant: boolean;
            /** @description what is happening, in the reader's language */
            words: string;
        };
        PromiseView: {
            /** Format: int64 */
            days: number;
            en: string;
            /** @description CEL */
            when: string;
            zh: string;
        };
        QuestionView: {
            compare: boolean;
            en: string;
            key: string;
            kind: string;
            risk?: string;
            /** @description who is asked; none is all */
            roles: string[];
            zh: string;
        };
        QuestionWish: {
            /** @description by question of the standard */
            answers: {
                [key: string]: string | number | boolean | {
                    [key: string]: string | number | boolean;
                }[];
            };
            /** @enum {string} */
            mode: "window" | "online";
            /**
             * Format: int64
             * @description which party of the case, from 0
             */
            party: number;
            /** @description of an uploaded picture of the signature */
            signature: string;
            text?: string;
        };
        QuestionedInView: {
            confirmed: components["schemas"]["ConfirmationView"][];
            /** Format: date-time */
            read_back: string;
            /** @description the sealed paper */
            record: components["schemas"]["FileView"];
            seal: components["schemas"]["SealView"];
            session: string;
            who: string;
        };
        QuestioningView: {
            /** @description only in full view */
            answers?: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            at: string;
            by: components["schemas"]["SignatoryView"];
            /** @description questions that another party answered otherwise */
            conflicts: string[];
            /** @description questions whose answer is a risk */
            flags: string[];
            mode: string;
            name: string;
            /**
             * Format: int64
             * @description which party of the case, from 0; -1 when its key is gone
             */
            party: number;
            role: string;
            signature: components["schemas"]["FileView"];
            text?: string;
            /** @description a questioning by video: who confirmed it, and the sealed paper */
            video?: components["schemas"]["QuestionedInView"];
        };
        QueueView: {
            /** Format: int64 */
            count: number;
            /** @description counting stopped at 1,000 */
            more: boolean;
            queue: string;
        };
        QueuesOutputBody: {
            /** @description in the order of the desk */
            queues: components["schemas"]["QueueView"][];
        };
        RateWish: {
            /**
             * Format: int64
             * @description 5 非常满意 … 1 非常不满意
             */
            grade: number;
            /** @enum {string} */
            place: "receiving" | "handling";
            text?: string;
        };
        RatingReplyView: {
            /** Format: date-time */
            at: string;
            by: components["schemas"]["SignatoryView"];
            outcome: string;
            text?: string;
        };
        RatingView: {
            answer?: components["schemas"]["RatingReplyView"];
            /** Format: date-time */
            at: string;
            by: components["schemas"]["SignatoryView"];
            /** Format: int64 */
            grade: number;
            place: string;
            text?: string;
        };
        RatingsOutputBody: {
            /** @description cases with a bad rating that your agency must answer, oldest first */
            follow_up: components["schemas"]["RowView"][];
            handling: components["schemas"]["GradesView"];
            receiving: components["schemas"]["GradesView"];
        };
        ReadBackInputBody: {
            /** Format: int64 */
            rev: number;
        };
        ReasonView: {
            args?: {
                [key: string]: string;
            };
            code: string;
            /** @description the reason in words */
            text?: string;
        };
        RecallOutputBody: {
            offer: string;
        };
        RecallWish: {
            text?: string;
            who: string;
        };
        ReceiveWish: {
            /** @description present division, when the old one was split */
            choice?: string;
            /** @description why, although an open case is about the same unit */
            despite?: string;
            form: {
                [key: string]: string | number | boolean | {
                    [key: string]: string | number | boolean;
                }[];
            };
            item: string;
            parties: components["schemas"]["PartyWish"][];
            /** @description 28 characters, GB/T 37346 */
            unit: string;
        };
        RecordDraftInputBody: {
            answers: {
                [key: string]: string | number | boolean | {
                    [key: string]: string | number | boolean;
                }[];
            };
            /**
             * Format: int64
             * @description of the draft this is made from
             */
            rev: number;
            text?: string;
            who: string;
        };
        RecordDraftView: {
            answers?: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            at?: string;
            by?: string;
            confirmed: components["schemas"]["ConfirmationView"][];
            /** @description of what was read back: this is confirmed */
            digest?: string;
            /** @description who has not confirmed yet */
            needed: string[];
            /** @description what he is asked, in the words of the case's standard */
            questions?: components["schemas"]["QuestionView"][] | null;
            /** Format: date-time */
            read_back?: string;
            /** Format: int64 */
            rev: number;
            text?: string;
            /** @description who is asked */
            who?: string;
        };
        RecordedFileView: {
            file: components["schemas"]["FileView"];
            lane: string;
            /** Format: int64 */
            ms: number;
            /** Format: int64 */
            segments: number;
            /** Format: date-time */
            start: string;
            who: string;
        };
        RecoveryOutputBody: {
            /** @description codes for the day on which the authenticator is lost; each counts once */
            recovery: string[];
        };
        RefusalView: {
            /** Format: date-time */
            at: string;
            by: components["schemas"]["SignatoryView"];
            code: string;
            text?: string;
        };
        RefuseWish: {
            /** @enum {string} */
            code: "incomplete" | "wrong_place" | "not_our_item" | "illegal" | "other";
            text: string;
        };
        RegisterCheckView: {
            /** @description the case holds the unit's lock */
            held: boolean;
            /** @description the handling place's register is in this hub */
            kept: boolean;
            /** @description what must be known, or told to who acquires */
            notes: components["schemas"]["RegisterNoteView"][];
            /** @description what would refuse the booking now */
            obstacles: components["schemas"]["FieldError"][];
        };
        RegisterNoteView: {
            code: string;
            entry?: string;
            /** @description who acquires must be told before the booking */
            tell: boolean;
            unit: string;
        };
        RejoinWish: {
            /** @description somebody in the talk; oneself when it is left out */
            who?: string;
        };
        RemoveMaterialInputBody: {
            reason: string;
        };
        RemoveWish: {
            text?: string;
            who: string;
        };
        ResultView: {
            /** Format: date-time */
            at: string;
            case: string;
            head: string;
            kind: string;
            number: string;
            /** Format: int64 */
            seq: number;
            status: string;
        };
        ResumeWish: {
            text: string;
        };
        RevOutputBody: {
            /** Format: int64 */
            rev: number;
        };
        ReviewView: {
            /** Format: date-time */
            at: string;
            by: components["schemas"]["SignatoryView"];
            pass: boolean;
            text?: string;
        };
        RevocationView: {
            /** Format: date-time */
            at: string;
            by: components["schemas"]["SignatoryView"];
            ground: string;
            text?: string;
        };
        RevokeWish: {
            /** @enum {string} */
            ground: "court" | "correction" | "mistake" | "other";
            /** @description of the result */
            id: string;
            text: string;
        };
        RivalView: {
            /** @description same item and a party in common */
            doubled: boolean;
            number: string;
            status: string;
        };
        RouteView: {
            agency: string;
            name_en?: string;
            name_zh?: string;
            /** @description the division in force on the day */
            place: string;
            reasons: components["schemas"]["ReasonView"][];
            rules: string;
        };
        RouteWish: {
            choice?: string;
            /** @description only after a decline, with a reason */
            manual?: string;
            reason?: string;
        };
        RoutedView: {
            choice?: string;
            date: string;
            place: string;
            reasons: components["schemas"]["ReasonView"][];
            rules?: string;
            text?: string;
            to: string;
        };
        RowView: {
            /** Format: date-time */
            accepted_at?: string;
            /** @description the clock that runs out next */
            clock?: string;
            custodian: string;
            /** @description open, and changes rights of the unit */
            disposes: boolean;
            /** Format: date-time */
            due?: string;
            /**
             * Format: date-time
             * @description and at 80 %
             */
            eighty?: string;
            /** @description your agency must follow up a bad rating */
            follow_up?: boolean;
            /**
             * Format: date-time
             * @description when it is at 50 %
             */
            half?: string;
            handling?: string;
            id: string;
            item: string;
            /** @description who of the reader's agency works on it */
            lease?: components["schemas"]["LeaseView"];
            number: string;
            offered_to?: string;
            /** @description masked */
            parties: string;
            /** @description the calendar of that year is not known yet */
            provisional?: boolean;
            /** @description of the reader's agency */
            queues: string[];
            /** Format: int64 */
            rated_handling?: number;
            /** Format: int64 */
            rated_receiving?: number;
            /** Format: date-time */
            received_at: string;
            receiving: string;
            /**
             * Format: date-time
             * @description when the hub writes down that a clock has run out
             */
            run_out?: string;
            /** Format: int64 */
            seq: number;
            status: string;
            unit: string;
            /** Format: date-time */
            updated_at: string;
        };
        RuleView: {
            en: string;
            key: string;
            /** @description CEL */
            must: string;
            pointer: string;
            zh: string;
        };
        RunOutView: {
            clock: string;
            /** Format: date-time */
            due: string;
        };
        ScheduledOutputBody: {
            result: components["schemas"]["ResultView"];
            session: string;
        };
        SealView: {
            /**
             * Format: date-time
             * @description of the time stamp
             */
            at: string;
            serial: string;
            signer: string;
            /** @description by a test signer: no legal force */
            test: boolean;
        };
        SearchInputBody: {
            cursor?: string;
            item?: string;
            /**
             * Format: int64
             * @default 20
             */
            limit: number;
            party: components["schemas"]["PartyStruct"];
            /** @enum {string} */
            status?: "received" | "arrived" | "correcting" | "accepted" | "first_reviewed" | "second_reviewed" | "suspended" | "approved" | "booked" | "rejected" | "refused" | "withdrawn" | "closed";
        };
        SeatView: {
            agency?: string;
            consented: boolean;
            /** @enum {string} */
            here: "invited" | "testing" | "waiting" | "admitted" | "consulting" | "removed" | "left";
            /** @description of parties and guests masked */
            name: string;
            /**
             * Format: int64
             * @description which party of the case, from 1; 0 for none
             */
            party: number;
            person?: string;
            role: string;
            /**
             * Format: int64
             * @description which private talk
             */
            talk?: number;
            told?: string;
            who: string;
        };
        SeatWish: {
            /** @description an interpreter or observer */
            name?: string;
            /**
             * Format: int64
             * @description a party of the case, from 1
             */
            party?: number;
            /** @description an officer */
            person?: string;
            /** @enum {string} */
            role: "host" | "reviewer" | "clerk" | "applicant" | "agent" | "interpreter" | "observer" | "institution";
            /**
             * @description how he was told
             * @enum {string}
             */
            told?: "" | "window" | "phone" | "message" | "letter";
        };
        SecondReviewWish: {
            pass: boolean;
            /** @description needed when it does not pass */
            text?: string;
        };
        SeedPersonView: {
            /** @enum {string} */
            id_kind: "citizen_id" | "credit_code" | "passport";
            id_number: string;
            name: string;
            /** @description as the bookings name him */
            ref: string;
        };
        SeizureView: {
            /** Format: date-time */
            at: string;
            court: string;
            entry: string;
            /** Format: int64 */
            months: number;
            order: string;
            /** Format: date-time */
            until?: string;
            /**
             * Format: int64
             * @description 0 is in force; the others wait
             */
            waiting: number;
        };
        SessionLineView: {
            /** @description of the node that has the room */
            address?: string;
            case: string;
            cause?: string;
            /** Format: date-time */
            confirmed_until?: string;
            /** Format: date-time */
            from: string;
            host: string;
            id: string;
            number: string;
            people: components["schemas"]["PresenceView"][];
            room?: string;
            /** @description why the recording is not confirmed */
            stalled?: string;
            state: string;
            /** Format: date-time */
            to: string;
            window?: string;
        };
        SessionView: {
            /**
             * Format: date-time
             * @description without a further request
             */
            expires: string;
            /**
             * Format: int64
             * @description until then; for clients whose clock is wrong
             */
            left_seconds: number;
            person: components["schemas"]["MeView"];
            /** @description nothing else before a second factor is set up */
            set_up_factor?: boolean;
            /** Format: date-time */
            since: string;
            /** @description once, when bearer was asked for */
            token?: string;
        };
        SessionsOutputBody: {
            sessions: components["schemas"]["SessionLineView"][];
        };
        SetUpInputBody: {
            /** @description once more, so that nobody else does it at an open desk */
            password: string;
        };
        SetUpOutputBody: {
            /** @description otpauth://, for a QR */
            address: string;
            /** @description base32, for typing */
            secret: string;
        };
        ShowInputBody: {
            material: string;
        };
        ShownView: {
            material: string;
            name: string;
            /**
             * Format: int64
             * @description pictures that there are of it
             */
            pages: number;
            slot: string;
        };
        SignInInputBody: {
            /** @description answer with a token instead of setting a cookie */
            bearer?: boolean;
            /** @description of the second factor, or a recovery code; when second_factor was answered */
            code?: string;
            login: string;
            password: string;
        };
        SignMaterialWish: {
            material: string;
            strokes: components["schemas"]["StrokeWish"][];
        };
        SignatoryView: {
            agency: string;
            person: string;
            role: string;
        };
        SignedView: {
            /** Format: date-time */
            at: string;
            document: string;
            material: string;
            signature: components["schemas"]["FileView"];
            who: string;
        };
        SlotView: {
            en: string;
            /** @description typical reasons why it comes back */
            faults: components["schemas"]["TextView"][];
            hint_en?: string;
            hint_zh?: string;
            /** @description CEL: only then */
            if?: string;
            key: string;
            /** Format: int64 */
            max_bytes: number;
            /** Format: int64 */
            max_files: number;
            /** @description the clerk must see the original */
            original: boolean;
            /** @description the hub has it: not asked again */
            output_of_earlier_case?: string;
            required: boolean;
            /** @description may serve another case of the same applicant */
            reusable: boolean;
            types: string[];
            zh: string;
        };
        SlotsOutputBody: {
            slots: components["schemas"]["FreeTime"][];
        };
        StaffView: {
            agency: string;
            disabled: boolean;
            /** @description has a second factor */
            factor: boolean;
            id: string;
            /**
             * Format: date-time
             * @description no sign-in before, after failures
             */
            locked_to?: string;
            login: string;
            me: boolean;
            name_en: string;
            name_zh: string;
            /** @description his own number is known, so that he is kept from his own cases */
            own_cases_known: boolean;
            roles: string[];
        };
        StandardRefView: {
            /** @description empty for the national base */
            agency?: string;
            digest: string;
            item: string;
            /** Format: int64 */
            version: number;
        };
        StandardView: {
            /** @description empty for the national base */
            agency?: string;
            /** Format: int64 */
            answer_days: number;
            /**
             * Format: int64
             * @description version of the national base it lies on
             */
            base?: number;
            digest: string;
            facts: components["schemas"]["ConditionView"][];
            fees: components["schemas"]["FeeRuleView"][];
            fields: components["schemas"]["FieldView"][];
            /** Format: date-time */
            from: string;
            grounds: components["schemas"]["TextView"][];
            item: string;
            /** @description online, forward, joint */
            modes: string[];
            name_en: string;
            name_zh: string;
            outputs: string[];
            parties: components["schemas"]["PartyRuleView"][];
            /** @description the list of parties as JSON Schema 2020-12 */
            parties_schema?: unknown;
            plan: components["schemas"]["PlanView"];
            /** Format: int64 */
            promised_days: number;
            /** @description other days for some applications; the first that fits counts */
            promises: components["schemas"]["PromiseView"][];
            questions: components["schemas"]["QuestionView"][];
            /** @description typical reasons not to register */
            rejects: components["schemas"]["TextView"][];
            remarks: components["schemas"]["TextView"][];
            rules: components["schemas"]["RuleView"][];
            /** @description the form as JSON Schema 2020-12 with x-ui hints */
            schema?: unknown;
            slots: components["schemas"]["SlotView"][];
            state: string;
            /** Format: int64 */
            statutory_days: number;
            /** Format: int64 */
            version: number;
        };
        StepsView: {
            booking: boolean;
            /** @description holds the unit's lock */
            exclusive: boolean;
            /** Format: int64 */
            notice_days: number;
            /** @description what is issued and sealed at the end */
            papers?: string[] | null;
            /** Format: int64 */
            promised_days: number;
            /** Format: int64 */
            reviews: number;
            /** Format: int64 */
            statutory_days: number;
            tax: boolean;
            video: boolean;
            visit: boolean;
        };
        StrokeWish: {
            dots: components["schemas"]["DotWish"][];
        };
        SupplementView: {
            /** @description and as they are now */
            after?: {
                [key: string]: unknown;
            };
            answered: boolean;
            /** Format: date-time */
            answered_at?: string;
            answers?: components["schemas"]["GapAnswerView"][] | null;
            /** Format: date-time */
            asked_at: string;
            asked_by: components["schemas"]["SignatoryView"];
            /** @description corrected fields as they were */
            before?: {
                [key: string]: unknown;
            };
            gaps: components["schemas"]["GapView"][];
            /** @description by gap */
            notes?: {
                [key: string]: string;
            };
            /** @description of a further round */
            reason?: string;
            /** @description by gap */
            remarks?: {
                [key: string]: string;
            };
            /** Format: int64 */
            round: number;
        };
        SupplementWish: {
            gaps: components["schemas"]["GapWish"][];
            /** @description a further round needs a supervisor's */
            reason?: string;
        };
        SuspendWish: {
            /** @description the register's booking that stops the case */
            entry?: string;
            /** @enum {string} */
            ground: "seizure" | "dispute" | "other";
            text: string;
        };
        SuspensionView: {
            /** Format: date-time */
            at: string;
            /** Format: date-time */
            ended_at?: string;
            entry?: string;
            ground: string;
            text?: string;
        };
        TakeHost: {
            text?: string;
        };
        TakeLeasesInputBody: {
            cases: string[];
            /** @description also from who has it now */
            over?: boolean;
        };
        TakeLeasesOutputBody: {
            held: components["schemas"]["HeldView"][];
        };
        TakeOverInputBody: {
            people: components["schemas"]["SeedPersonView"][] | null;
            /** @description tongban.register-seed/1 */
            register: unknown;
        };
        TakeOverOutputBody: {
            /** Format: int64 */
            bookings: number;
        };
        TakeWish: {
            note?: string;
            offer: string;
        };
        TaxView: {
            /** Format: date-time */
            at: string;
            by: components["schemas"]["SignatoryView"];
            document?: string;
            result: string;
            text?: string;
        };
        TaxWish: {
            /** @description number of the proof; needed when paid */
            document?: string;
            /** @enum {string} */
            result: "paid" | "exempt" | "not_due";
            text?: string;
        };
        TestWish: {
            browser?: string;
            camera: boolean;
            /** Format: int64 */
            kbps?: number;
            /** Format: double */
            loss?: number;
            mic: boolean;
            /** Format: int64 */
            round_ms?: number;
            /** @enum {string} */
            score: "good" | "okay" | "bad";
            speaker: boolean;
        };
        TextMark: {
            digest: string;
            key: string;
            version: string;
        };
        TextView: {
            en: string;
            zh: string;
        };
        TrackView: {
            /** Format: date-time */
            from?: string;
            gaps: components["schemas"]["GapTime"][];
            init?: string;
            lane: string;
            /** Format: int64 */
            segments: number;
            /** Format: date-time */
            to?: string;
            who: string;
        };
        TurnView: {
            /** Format: date-time */
            at: string;
            by: components["schemas"]["SignatoryView"];
            cause?: string;
            did: string;
            to?: string;
        };
        UnitView: {
            /**
             * Format: int64
             * @description 0.01 m²
             */
            area?: number;
            /** Format: date-time */
            as_of: string;
            burdens: components["schemas"]["BurdenView"][];
            /** @description an application about it is under way */
            busy: boolean;
            certificates: string[];
            /** @description names are in clear; the purpose is recorded */
            clear: boolean;
            /** @description hash of the newest booking */
            head: string;
            /** @description oldest first */
            history: components["schemas"]["EntryView"][];
            location?: string;
            /** @description in rank order */
            mortgages: components["schemas"]["MortgageView"][];
            nature?: string;
            notices: components["schemas"]["AdvanceView"][];
            objections: components["schemas"]["ObjectionView"][];
            owners: components["schemas"]["PersonView"][];
            /** @enum {string} */
            ownership?: "sole" | "joint" | "shares" | "";
            seizures: components["schemas"]["SeizureView"][];
            /** Format: date-time */
            since?: string;
            /** @enum {string} */
            status: "planned" | "registered" | "cancelled" | "";
            term_end?: string;
            unit: string;
            use?: string;
            /** Format: int64 */
            version: number;
        };
        UnmaskInputBody: {
            purpose: string;
        };
        VersionRef: {
            agency?: string;
            /** @description of the content that was looked at */
            digest: string;
            item: string;
            /** Format: int64 */
            version: number;
        };
        VersionView: {
            agency?: string;
            digest: string;
            /** Format: date */
            from: string;
            item: string;
            name_en: string;
            name_zh: string;
            state: string;
            /** Format: int64 */
            version: number;
        };
        VersionsOutputBody: {
            standards: components["schemas"]["VersionView"][];
        };
        VisitView: {
            agrees: boolean;
            /** Format: date-time */
            at: string;
            by: components["schemas"]["SignatoryView"];
            text?: string;
        };
        VisitWish: {
            /** @description the property is as the application says */
            agrees: boolean;
            text: string;
        };
        WithdrawWish: {
            reason: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "list-administration": {
        parameters: {
            query?: {
                /** @description id of the last line of the page before */
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-agencies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgenciesOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "attend-get-session-of-case": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeetingPage"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "attend-session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkInputBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "attend-get-session-calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/calendar": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "attend-consent-in-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsentWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "attend-get-record-draft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordDraftView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "attend-confirm-record-draft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmWish"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "attend-call-for-help": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HelpWish"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "attend-leave-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "attend-get-shown": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                mid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "attend-get-shown-page": {
        parameters: {
            query?: {
                size?: "thumb" | "page" | "full";
            };
            header?: never;
            path: {
                mid: string;
                n: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                    "image/png": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "attend-pass-into-session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PassWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PassView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "attend-get-session-record": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "attend-rejoin-in-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RejoinWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "attend-test-devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TestWish"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "attend-sign-in-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignMaterialWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "attend-wait-for-session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BodyHereStruct {}Body"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-board": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BoardOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-calendar": {
        parameters: {
            query?: {
                /** @description this year when absent */
                year?: number;
                /** @description with what this office does otherwise */
                agency?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-cases": {
        parameters: {
            query?: {
                /** @description one of my agency's queues */
                queue?: "intake" | "outgoing" | "offered" | "acceptance" | "correction" | "first_review" | "second_review" | "decision" | "suspended" | "booking" | "closing" | "elsewhere" | "waiting" | "done" | "all";
                status?: "received" | "arrived" | "correcting" | "accepted" | "first_reviewed" | "second_reviewed" | "suspended" | "approved" | "booked" | "rejected" | "refused" | "withdrawn" | "closed";
                /** @description exact */
                number?: string;
                /** @description exact */
                unit?: string;
                item?: string;
                /** @description the next of the page before */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "receive-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReceiveWish"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "search-cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SearchInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-case": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "accept-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-accesses": {
        parameters: {
            query?: {
                /** @description id of the last line of the page before */
                after?: string;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "answer-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AnswerWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "book-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BookWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-bundle": {
        parameters: {
            query?: never;
            header?: {
                /** @description why, percent-encoded UTF-8; recorded */
                "Access-Purpose"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-clocks": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseClocksOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "close-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CloseWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "decide-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecideWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "decline-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeclineWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-events": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventsOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "hand-out-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HandOutWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "issue-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IssueWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "add-material": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddMaterialWish"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AddMaterialOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-material": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                mid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RemoveMaterialInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-material": {
        parameters: {
            query?: never;
            header?: {
                /** @description why, percent-encoded UTF-8; recorded */
                "Access-Purpose"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                mid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-pages": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description case id */
                id: string;
                mid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PagesView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-page": {
        parameters: {
            query?: {
                size?: "thumb" | "page" | "full";
            };
            header?: {
                /** @description why, percent-encoded UTF-8; recorded */
                "Access-Purpose"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                mid: string;
                n: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                    "image/png": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "notice-end-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndNoticeWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "notice-open-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenNoticeWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "offer-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OfferWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "print-paper": {
        parameters: {
            query?: {
                /** @description whose questioning record, from 0 */
                party?: number;
            };
            header?: {
                /** @description why, percent-encoded UTF-8; recorded */
                "Access-Purpose"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                kind: "receipt" | "acceptance" | "refusal" | "supplement" | "rejection" | "questioning" | "delivery_proof";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the paper */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-progress": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProgressView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "questioning-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QuestionWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "rate-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RateWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "rating-answer-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AnswerRatingWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "recall-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecallOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "refuse-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefuseWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "check-register": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegisterCheckView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-result": {
        parameters: {
            query?: never;
            header?: {
                /** @description why, percent-encoded UTF-8; recorded */
                "Access-Purpose"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description id of the result */
                result: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the paper */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "resume-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResumeWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "review-first-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FirstReviewWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "review-second-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecondReviewWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "revoke-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RevokeWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "route-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RouteWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "schedule-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AppointmentWish"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduledOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-free-slots": {
        parameters: {
            query: {
                host: string;
                window?: string;
                room?: string;
                /** @description the first day */
                from: string;
                days?: number;
                minutes?: number;
            };
            header?: never;
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SlotsOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-session-of-case": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeetingPage"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "admit-in-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AdmitWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "begin-in-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BeginWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-session-calendar": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/calendar": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "cancel-in-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CancelSessionWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "change-in-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeSessionWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "close-in-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "consent-in-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsentWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "consult-in-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsultWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-record-draft": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordDraftView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "save-record-draft": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RecordDraftInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "confirm-record-draft": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmWish"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "read-back": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReadBackInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DigestOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "enter-in-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnterWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "hand-over-in-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GiveHost"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "call-for-help": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HelpWish"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "identify-in-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentifyWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "invite-to-session": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InviteInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InviteOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "leave-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "lock-session": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LockInputBody"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "look-into-session": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LookInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PassView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-shown-page": {
        parameters: {
            query?: {
                size?: "thumb" | "page" | "full";
            };
            header?: never;
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
                mid: string;
                n: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                    "image/png": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "open-in-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "pass-into-session": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PassWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PassView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "pause-in-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PauseWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "recall-in-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RecallWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "record-in-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FinishRecordWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-recording": {
        parameters: {
            query?: never;
            header?: {
                /** @description why, percent-encoded UTF-8; recorded */
                "Access-Purpose"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
                who: string;
                lane: "person" | "screen";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "video/mp4": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-session-record": {
        parameters: {
            query?: never;
            header?: {
                /** @description why, percent-encoded UTF-8; recorded */
                "Access-Purpose"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
                who: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "rejoin-in-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RejoinWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-in-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RemoveWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "resume-in-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GoOnWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "test-devices": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TestWish"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "show-in-session": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShowInputBody"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "sign-in-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignMaterialWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "take-over-in-session": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TakeHost"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "wait-for-session": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description case id */
                id: string;
                /** @description session id */
                sid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BodyAtStruct {}Body"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "supplement-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SupplementWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "suspend-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SuspendWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "take-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TakeWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "tax-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaxWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "unmask-case": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnmaskInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "visit-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VisitWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "window-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MoveWindowWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "withdraw-case": {
        parameters: {
            query?: never;
            header: {
                /** @description unique to this wish; a repeat gets the first answer */
                "Idempotency-Key": string;
                /** @description the ETag you saw; otherwise the command meets the case as it is */
                "If-Match"?: string;
            };
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WithdrawWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    "Idempotent-Replayed"?: string;
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "check-paper": {
        parameters: {
            query: {
                /** @description 电子证照标识, as printed */
                id: string;
                /** @description check code, as printed */
                code: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-clocks": {
        parameters: {
            query?: {
                /** @description at least this far, in percent */
                level?: "0" | "50" | "80" | "100";
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClocksOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-deliveries": {
        parameters: {
            query?: {
                /** @description after so many failed tries; 0 also what is only waiting */
                attempts?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveriesOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "retry-delivery": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                parcel: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-drafts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftsOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-draft": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description chosen by the client */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "keep-draft": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description chosen by the client */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeepDraftInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftHead"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "drop-draft": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description chosen by the client */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-duties": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DutiesOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemsOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-keys": {
        parameters: {
            query?: {
                agency?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeysOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-leases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeasesOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "take-leases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TakeLeasesInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TakeLeasesOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "drop-lease": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description case id */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-logins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginsOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "end-logins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "end-login": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-people": {
        parameters: {
            query?: {
                /** @description only of this agency */
                agency?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeopleOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "add-person": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddPersonInputBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewPersonOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "change-person": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "disable-person": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "enable-person": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "reset-factor": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "reset-password": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewPersonOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "count-queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuesOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-ratings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RatingsOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "enter-order": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrderBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "take-over-register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TakeOverInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TakeOverOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "read-register": {
        parameters: {
            query?: {
                /** @description as of this moment; now without it */
                at?: string;
            };
            header?: {
                /** @description why the names are needed, percent-encoded UTF-8; recorded */
                "Access-Purpose"?: string;
            };
            path: {
                /** @description 不动产单元号, GB/T 37346 */
                unit: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnitView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "explain-route": {
        parameters: {
            query: {
                item: string;
                /** @description 28 characters; or */
                unit?: string;
                /** @description a division code */
                place?: string;
                /** @description today when absent */
                date?: string;
                choice?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RouteView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInInputBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FactorOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-up-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetUpInputBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetUpOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "confirm-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeInputBody"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-sessions": {
        parameters: {
            query?: {
                from?: string;
                to?: string;
                /** @description only those in which I take part */
                mine?: boolean;
                /** @description <agency>/<window> */
                window?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionsOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "session-board": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionsOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-standard": {
        parameters: {
            query: {
                item: string;
                /** @description whose standard; or */
                agency?: string;
                /** @description the unit whose responsible agency's standard is wanted */
                unit?: string;
                choice?: string;
                /** @description with agency: this version, as a case is pinned to it; else the one in force */
                version?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StandardView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-standards": {
        parameters: {
            query?: {
                item?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionsOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "assess-application": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AssessInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssessmentView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "compare-versions": {
        parameters: {
            query: {
                item: string;
                agency?: string;
                version: number;
                with_agency?: string;
                /** @description the older one, as a rule */
                with_version: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DiffOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "diff-standards": {
        parameters: {
            query: {
                item: string;
                /** @description whose standard; or */
                agency?: string;
                /** @description the unit whose responsible agency's standard is wanted */
                unit?: string;
                choice?: string;
                /** @description whose to compare with; mine when absent */
                with?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DiffOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "import-standard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImportInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionsOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "export-standard": {
        parameters: {
            query: {
                item: string;
                agency?: string;
                version: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the file */
            200: {
                headers: {
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "publish-standard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VersionRef"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "withdraw-standard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VersionRef"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "stream-changes": {
        parameters: {
            query?: never;
            header?: {
                /** @description go on after this event */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description an endless stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "upload-file": {
        parameters: {
            query?: never;
            header: {
                /** @description RFC 9530: sha-256=:<base64>: */
                "Repr-Digest": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/pdf": string;
                "image/jpeg": string;
                "image/png": string;
                "image/tiff": string;
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "create-upload": {
        parameters: {
            query?: never;
            header: {
                "Tus-Resumable": string;
                "Upload-Length": string;
                "Upload-Metadata"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description created */
            201: {
                headers: {
                    Location?: string;
                    "Upload-Expires"?: string;
                    "Upload-Offset"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "resumable-options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description in the headers */
            200: {
                headers: {
                    "Tus-Extension"?: string;
                    "Tus-Max-Size"?: string;
                    "Tus-Version"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "end-upload": {
        parameters: {
            query?: never;
            header: {
                "Tus-Resumable": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-upload-offset": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description in the headers */
            200: {
                headers: {
                    "Repr-Digest"?: string;
                    "Upload-Expires"?: string;
                    "Upload-Length"?: string;
                    "Upload-Offset"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "continue-upload": {
        parameters: {
            query?: never;
            header: {
                "Tus-Resumable": string;
                "Upload-Offset": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/offset+octet-stream": string;
            };
        };
        responses: {
            /** @description arrived */
            204: {
                headers: {
                    "Repr-Digest"?: string;
                    "Upload-Expires"?: string;
                    "Upload-Offset"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "is-alive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "is-ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthOutputBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
