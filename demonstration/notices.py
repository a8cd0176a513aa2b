"""The notices of the demonstration province, newest first: kind, titles and texts in both languages."""

NOTICES = (
    (
        "notice", "2027 年度缴费工资申报将于 12 月 1 日开始", "Declaration of wages for 2027 begins on 1 December",
        "各参保单位：\n\n2027 年度社会保险缴费工资申报自 2026 年 12 月 1 日开始，至 12 月 25 日截止。请通过单位服务门户提交，"
        "可逐人填写，也可上传 Excel 文件。未按时申报的，按规定核定。\n\n咨询电话：12333。",
        "To all insured units:\n\nDeclare the wages for 2027 from 1 to 25 December 2026 at the employer portal, one by one or "
        "with an Excel file. Units that do not declare in time are assessed as the law provides.\n\nQuestions: 12333.",
    ),
    (
        "policy", "弹性退休怎么选：一图读懂退休时间", "Flexible retirement: how to choose your month",
        "达到最低缴费年限的职工，可以自愿选择提前退休，提前时间最长不超过三年；经与单位协商一致，也可以延迟退休，延迟时间最长不超过"
        "三年。选择不同的月份，养老金不同：请用“养老金测算”比较后再决定。",
        "Who has paid the minimum months may retire up to three years early, or, agreed with the employer, up to three years "
        "late. Each month gives another pension: compare with the pension calculator before you decide.",
    ),
    (
        "notice", "系统维护公告", "Maintenance of the system",
        "为提升服务质量，系统将于周日 0 时至 6 时维护，期间可以查询，不能提交申请。已填写的内容会自动保存。",
        "On Sunday from 0:00 to 6:00 you can look things up but not hand in. What you have typed is kept.",
    ),
    (
        "guide", "足不出户办认证的三种方式", "Three ways to prove entitlement from home",
        "一、本人在门户提交领取待遇资格认证；二、由您授权的家人代办；三、社区工作人员上门。数据比对已能确认的，不需要再办理。",
        "Prove it yourself at the portal, let an agent from your family do it, or ask the community worker to come. Where data "
        "already prove it, you need not do anything.",
    ),
    (
        "policy", "阶段性降低失业保险费率政策延续", "Lower unemployment contribution rates go on",
        "根据国家和省有关规定，阶段性降低失业保险费率政策继续执行，单位无需另行申请，系统按新费率自动核定。",
        "The lower contribution rates of unemployment insurance go on. Units need not apply; bills are made at the lower rates.",
    ),
    (
        "guide", "换工作，养老保险怎么转", "Changing jobs: what happens to your pension insurance",
        "省内换工作，缴费年限自动累计，不需要办理转移；跨省就业的，在新参保地申请转移接续，资金和记录由两地经办机构办理，您不用跑腿。",
        "Inside the province your months add up by themselves. From another province, apply where you are insured now; the two "
        "offices move money and records between them.",
    ),
    (
        "guide", "家人可以帮您办：授权代办说明", "Your family can do it for you: agents",
        "在“代办授权”中填写代办人姓名和身份证号，选择可办事项和期限。代办人只能看到经授权办理的事项，每一步都记入“谁看过我的数据”。",
        "Under “Agents” name a person, the services and the time. The agent sees only those cases, and every step stands in "
        "your access log.",
    ),
    (
        "notice", "春节期间服务大厅安排（征求意见）", "Service halls during the Spring Festival (draft)",
        "拟于春节期间安排值班窗口，请各地于月底前反馈。", "Some windows are to stay open during the Spring Festival.",
    ),
)  # fmt: skip
