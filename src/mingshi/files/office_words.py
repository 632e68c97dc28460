"""What offices call the columns of their own spreadsheets, and what each of them says of a deal.

The rules this module keeps:

1. A wide 成交台账 tells in one row of a registration, a visit, a deal and its money; here stands which
   column is part of which.
2. Conclusions of other systems (判客结果, deadlines, gaps) are not evidence and are named as such: windows
   are computed again from the facts.
3. Words only; no value of any file is looked at.
"""

from typing import Final, NamedTuple

from mingshi.files.messages import Language


class Part(NamedTuple):
    """One record that a wide row can make."""

    name: str
    sheet: str
    needed: tuple[str, ...]
    """Columns that must be found for the record to be proposed."""
    when: tuple[str, ...]
    """Those of them that must not be empty in a row for it to make one; what else is empty there is an error."""
    values: tuple[tuple[str, str], ...] = ()
    """Columns with the same text in every row, where no header was found for them."""


class Word(NamedTuple):
    """A thing that a spreadsheet records, what offices call it, and where it goes."""

    called: tuple[str, ...]
    goes_to: tuple[tuple[str, str], ...]
    """Part and column."""


_MONEY: Final = ("amount_yuan", "at", "deal")
_MONEY_WHEN: Final = ("amount_yuan", "at")

PARTS: Final = (
    Part("registration", "registrations", ("at", "agent"), ("at",)),
    Part("visit", "arrivals", ("at",), ("at",), (("means", "unknown"),)),
    Part("second visit", "arrivals", ("at",), ("at",), (("means", "unknown"),)),
    Part("escort", "escorts", ("at", "agent"), ("at", "agent"), (("means", "site_record"),)),
    Part("deal", "deals", ("subscribed_at", "buyers"), ("subscribed_at",)),
    Part("deposit", "payments", _MONEY, _MONEY_WHEN, (("kind", "earnest"),)),
    Part("down payment", "payments", _MONEY, _MONEY_WHEN, (("kind", "down"),)),
    Part("received", "payments", _MONEY, _MONEY_WHEN, (("kind", "balance"),)),
    Part("loan", "payments", _MONEY, _MONEY_WHEN, (("kind", "loan"),)),
    Part("identity", "identities", ("id_number", "at", "phone"), ("id_number", "at"), (("stage", "signing"),)),
    Part("withdrawn subscription", "cancellations", ("at", "deal"), ("at",), (("kind", "subscription"),)),
    Part("withdrawn contract", "cancellations", ("at", "deal"), ("at",), (("kind", "contract"),)),
    Part("invoice", "invoices", ("number", "agency", "at", "amount_yuan"), ("number",)),
    Part("paid", "commissions_paid", _MONEY, _MONEY_WHEN),
)


def _word(called: str, *goes_to: str) -> Word:
    places = (place.split(".") for place in goes_to)
    return Word(tuple(called.split("|")), tuple((part, column) for part, column in places))


PHONE: Final = _word(
    "客户电话|客户手机|客户手机号|客户手机号码|客户联系电话|客户联系方式|联系电话|联系方式|手机号码|手机号|手机|电话|电话号码|购房人电话|买受人电话|业主电话"
    "|报备号码|报备电话|客户号码|customer phone|phone|mobile",
    "registration.phone", "visit.phone", "second visit.phone", "escort.phone", "deal.buyers", "identity.phone",
)  # fmt: skip
CO_BUYER_PHONE: Final = _word(
    "共有人电话|共同买受人电话|联名人电话|第二买受人电话|配偶电话|共有人手机号", "deal.buyers"
)
AGENT_ID: Final = _word("经纪人编号|经纪人工号|经纪人ID|经纪人账号|渠道人员工号|报备人工号|agent id|agent")
AGENT_NAME: Final = _word(
    "经纪人|经纪人姓名|渠道经纪人|推荐经纪人|中介经纪人|成交经纪人|报备经纪人|报备人|推荐人|业务员|渠道业务员|渠道人员|中介人员|broker|agent name"
)
ESCORT: Final = _word("带看经纪人|带看人|带客人|陪同经纪人|带看业务员")
AGENCY: Final = _word(
    "渠道公司|中介公司|分销公司|经纪公司|代理公司|渠道名称|渠道单位|所属门店|门店|门店名称|所属公司|中介门店|机构|机构名称|渠道商|分销商|agency|company",
    "registration.agency", "invoice.agency", "paid.agency",
)  # fmt: skip
DEAL_ID: Final = _word(
    "合同编号|合同号|认购编号|认购书编号|认购书号|认购单号|成交编号|成交单号|订单编号|订单号|网签号|contract no|deal"
)

WORDS: Final = (
    PHONE,
    CO_BUYER_PHONE,
    AGENT_ID,
    AGENT_NAME,
    ESCORT,
    AGENCY,
    DEAL_ID,
    _word("报备编号|报备单号|报备号|报备ID|报备流水号", "registration.registration"),
    _word("报备时间|报备日期|提交时间|报备提交时间|推荐时间|推荐日期|客户报备时间|首次报备时间|录入时间|registered at", "registration.at"),
    _word("客户姓名|客户名称|客户|姓名|客户称呼|购房人|购房人姓名|买受人|买受人姓名|业主姓名|认购人|签约人|客户名|customer|client", "registration.client"),
    _word("报备项目|项目名称|项目|楼盘|楼盘名称|意向项目", "registration.project"),
    _word("预计到访时间|预约到访时间|预约时间|预计带看时间", "registration.expected_at"),
    _word("审核时间|报备审核时间|报备确认时间|判客时间|确客时间", "registration.approved_at"),
    _word("作废时间|释放时间|失效时间|取消报备时间", "registration.released_at"),
    _word(
        "首访时间|首访日期|首次到访时间|首次到访日期|首次来访时间|首次来访日期|到访时间|到访日期|来访时间|来访日期|到场时间|到访登记时间|登记时间|first visit",
        "visit.at",
    ),
    _word("复访时间|复访日期|二访时间|二次到访时间|最近到访时间|末次到访时间|最后到访时间", "second visit.at"),
    _word("到访方式|到访确认方式|登记方式|确客方式|核验方式", "visit.means"),
    _word("接待顾问|接待人|接待人员|首访顾问|接待置业顾问", "visit.staff", "second visit.staff"),
    _word("到访人数|来访人数|同行人数", "visit.party_adults"),
    _word("带看时间|带看日期|带看确认时间", "escort.at"),
    _word("置业顾问|成交顾问|顾问|销售顾问|销售|签约顾问|销售员|consultant", "deal.consultant"),
    _word("房号|房间号|房间|房源|房屋编号|成交房源|楼栋房号|单元房号|房产编号|room|unit", "deal.room"),
    _word("认筹时间|认筹日期|小订时间|小订日期|排卡时间", "deal.intended_at"),
    _word("选房时间|选房日期|开盘选房时间", "deal.selection_at"),
    _word("认购时间|认购日期|大定时间|大定日期|定购日期|认购签署日期|成交日期|成交时间|下定时间|下定日期|subscribed at", "deal.subscribed_at"),
    _word("签约时间|签约日期|合同签订日期|合同签订时间|草签日期|草签时间|网签时间|网签日期|contract date", "deal.contracted_at"),
    _word("备案时间|备案日期|网签备案时间|网签备案日期|合同备案日期", "deal.filed_at"),
    _word("成交总价|合同总价|合同金额|成交金额|成交价|认购总价|总价|总房款|房款总额|签约总价|price", "deal.price_yuan"),
    _word("成交渠道|客户来源|来源渠道|来源|渠道|渠道类型|成交来源|获客渠道|认知途径|客户渠道|source", "deal.recorded_source"),
    _word("定金|定金金额|认购金|认购金额|认购定金|大定金额", "deposit.amount_yuan"),
    _word("定金日期|定金时间|交定日期|定金到账日期|认购金到账时间", "deposit.at"),
    _word("首付|首付款|首付金额|首期款|首付款金额", "down payment.amount_yuan"),
    _word("首付日期|首付时间|首付款日期|首付到账日期|首付到账时间", "down payment.at"),
    _word("回款金额|已收金额|已收款|累计回款|实收金额|到账金额|收款金额|已回款|已收房款", "received.amount_yuan"),
    _word("回款日期|回款时间|到账日期|到账时间|收款日期|收款时间|最近回款日期", "received.at"),
    _word("按揭金额|贷款金额|按揭款", "loan.amount_yuan"),
    _word("放款日期|放款时间|按揭放款日期|贷款到账日期", "loan.at"),
    _word("身份证号|身份证号码|身份证|证件号|证件号码|证件号(身份证)|id number", "identity.id_number"),
    _word("退认购日期|退认购时间|退定日期|退订日期|退订时间", "withdrawn subscription.at"),
    _word("退房日期|退房时间|退签约日期|退签日期|解约日期", "withdrawn contract.at"),
    _word("退款金额|退房退款|退款", "withdrawn contract.refund_yuan"),
    _word("发票号|发票号码|发票编号", "invoice.number"),
    _word("开票日期|开票时间|发票日期", "invoice.at"),
    _word("开票金额|发票金额", "invoice.amount_yuan"),
    _word("已付佣金|已结佣金|实付佣金|结佣金额|已结佣金额|付佣金额", "paid.amount_yuan"),
    _word("结佣日期|结佣时间|付佣日期|付佣时间|佣金支付日期", "paid.at"),
)  # fmt: skip

INSTEAD: Final = {
    ("identity", "at"): (("deal", "contracted_at"), ("deal", "subscribed_at")),
    ("deposit", "at"): (("deal", "subscribed_at"),),
    ("down payment", "at"): (("deal", "contracted_at"),),
    ("visit", "staff"): (("deal", "consultant"),),
}
"""Where a part lacks a column, the column of another part that says the same in such books."""


class Reason(NamedTuple):
    """Why a column is not read."""

    code: str
    signs: tuple[str, ...]
    zh: str
    en: str

    def text(self, language: Language) -> str:
        """For a person."""
        return self.zh if language == "zh" else self.en


NOT_READ: Final = (
    Reason(
        "deadline",
        ("截止", "有效期", "保护期", "到期", "失效日期", "剩余", "倒计时", "刷新", "防截客", "间隔", "时长", "天数", "周期", "deadline", "expire", "valid until"),
        "期限由规则按原始时间重新计算", "windows are computed again from the facts",
    ),
    Reason(
        "conclusion",
        ("判客结果", "判客", "失败原因", "无效原因", "是否有效", "状态", "风险", "结论", "归属", "审核结果", "有效性", "result", "status", "verdict"),
        "别的系统的结论不是证据", "another system's conclusion is not evidence",
    ),
    Reason(
        "commission",
        ("应付佣金", "应结佣金", "佣金比例", "佣金点位", "佣金金额", "点位", "跳点", "应收佣金", "未结", "未付", "commission rate"),
        "应付佣金由规则计算", "what is due is computed from the policy",
    ),
    Reason(
        "money",
        ("单价", "面积", "折扣", "优惠", "付款方式", "贷款方式", "贷款银行", "未回款", "欠款", "尾款"),
        "判客用不到", "not needed for attribution",
    ),
    Reason("serial", ("序号", "行号", "编号序", "no."), "只是行号", "only a row number"),
    Reason(
        "private",
        ("地址", "住址", "微信", "邮箱", "职业", "单位", "学历", "收入", "家庭", "爱好", "籍贯", "户籍", "address", "wechat", "email"),
        "判客用不到的个人信息，建议不要导出", "personal data that attribution does not need; better not exported",
    ),
    Reason("remark", ("备注", "说明", "批注", "描述", "remark", "note", "comment"), "自由文字，不作依据", "free text, not evidence"),
)  # fmt: skip
UNKNOWN_COLUMN: Final = Reason(
    "unknown", (), "不认识；如需要，请在对应关系里写上", "not known; add it to the map if it is needed"
)
TAKEN: Final = Reason("taken", (), "另一列已经说明同一件事", "another column says the same")
INCOMPLETE: Final = Reason(
    "incomplete",
    (),
    "单独用不上：缺少与它成对的列",
    "of no use alone: the column that belongs to it is missing",
)
TRAIT: Final = Reason("trait", (), "人的特征，从不读取，请删除", "a trait of a person: never read, please delete it")
