"""The case format, version 1, as a table: every sheet, every column, its words and an example.

The rules this module keeps:

1. One table drives reading, writing, mapping and docs/formats/case.md (generated; a test compares), so the
   four cannot drift apart.
2. A sheet's columns stand in the order of the fields of its record in `domain.evidence`.
3. Columns are added at the end with an empty default, never renamed, never given another meaning: a reader
   takes its own version and the one before.
4. No column may hold an image, a template, or anything derived from capturing faces (RULES.md amendment 6).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final, final

from mingshi.domain import evidence as e

FORMAT_VERSION: Final = 1


class Kind(Enum):
    """What a cell holds, and how it may be written."""

    KEY = "key"
    """The record's own id; where a file has none, one is made from the row's content."""
    REF = "ref"
    """The id of a record, an agent, an agency, a device …; compared for equality only."""
    REFS = "refs"
    """Several ids, separated by `;`."""
    TEXT = "text"
    TIME = "time"
    """Date and time in the project's zone, or with a zone; a date alone is the whole day."""
    INSTANT = "instant"
    """A time that must be exact."""
    CONTACT = "contact"
    """A phone number, full or masked, or an export's token."""
    CONTACTS = "contacts"
    """Several contacts, separated by `;`."""
    ID_CARD = "id_card"
    """An identity-card number (checked, then replaced by a token at once) or an opaque token."""
    WORD = "word"
    """One of a closed set."""
    YES_NO = "yes_no"
    WHOLE = "whole"
    """A whole number."""
    YUAN = "yuan"
    """Money in yuan, at most two decimals; kept in 分."""
    PERCENT = "percent"
    """A percentage, at most four decimals; kept in parts per million."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: the record's field, its English header, its Chinese headers (first one is written)."""

    field: str
    header: str
    chinese: tuple[str, ...]
    kind: Kind
    example: str
    meaning: str
    """One clause in Chinese and one in English, separated by ` / `; empty where the header says it all."""
    required: bool = False
    words: type[StrEnum] | None = None
    personal: bool = False
    """Shown masked in every message."""


@final
@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sheet:
    """One sheet: a CSV file of that name in a folder, or a worksheet of that name in a workbook."""

    name: str
    chinese: tuple[str, ...]
    evidence: str
    """The evidence kinds of RULES.md §3.1 it carries, or "" for context."""
    meaning: str
    record: Callable[..., tuple[object, ...]]
    columns: tuple[Column, ...]

    def __repr__(self) -> str:
        return f"Sheet({self.name})"

    @property
    def key(self) -> Column:
        """The column that names a row, the first one."""
        return self.columns[0]


def _col(
    field: str,
    chinese: str,
    kind: Kind,
    example: str = "",
    meaning: str = "",
    *,
    header: str = "",
    required: bool = False,
    words: type[StrEnum] | None = None,
    personal: bool = False,
) -> Column:
    return Column(
        field=field,
        header=header or field,
        chinese=tuple(chinese.split("|")),
        kind=kind,
        example=example,
        meaning=meaning,
        required=required,
        words=words,
        personal=personal or kind in (Kind.CONTACT, Kind.CONTACTS, Kind.ID_CARD),
    )


K = Kind


def _key(name: str, chinese: str, example: str) -> Column:
    return _col("id", chinese, K.KEY, example, header=name)


def _at(chinese: str, example: str, meaning: str = "") -> Column:
    return _col("at", chinese, K.TIME, example, meaning, required=True)


def _phone(
    chinese: str = "客户电话|电话|手机号|联系电话|手机|手机号码|联系方式|客户手机号", *, required: bool = False
) -> Column:
    return _col("phone", chinese, K.CONTACT, "16000000001", required=required)


def _agent(chinese: str = "经纪人编号|经纪人工号", *, required: bool = False) -> Column:
    return _col("agent", chinese, K.REF, "甲-01", required=required)


def _staff(chinese: str = "顾问编号|置业顾问|顾问") -> Column:
    return _col("staff", chinese, K.REF, "顾问-01")


_DEVICE = _col("device", "设备编号|设备", K.REF, "平板-1", "钟差见 clocks / its clock error is in clocks")
_SEALED = _col("sealed_at", "存证时间", K.INSTANT, "", "空：未存证（单方文件） / empty: not sealed, one side's file")

# fmt: off
SHEETS: Final[tuple[Sheet, ...]] = (
    Sheet(
        name="registrations",
        chinese=("报备", "报备台账", "判客台账"),
        evidence="E1",
        meaning="经纪人报备一个客户 / an agent registers a client",
        record=e.Registration,
        columns=(
            _key("registration", "报备编号|报备单号|报备号", "R1"),
            _at("报备时间|提交时间|报备日期|推荐时间", "2026-05-03 09:12:00", "服务器时间 / stamped by the server"),
            _agent(required=True),
            _col("agency", "渠道公司编号|渠道公司|中介公司|门店|分销公司|机构", K.REF, "甲公司", "空：按 agents / empty: by agents"),
            _phone(),
            _col("client", "客户姓名|客户称呼|姓名|客户名称|客户", K.TEXT, "王测试", "客户希望的称呼 / as the client wishes to be called", personal=True),
            _col("project", "报备项目|项目", K.TEXT, "示例花园", "空：本项目 / empty: this project"),
            _col("expected_at", "预计到访时间|预约到访时间", K.TIME, "2026-05-03 10:00:00"),
            _col("approved_at", "审核时间|报备确认时间", K.TIME),
            _col("released_at", "释放时间|作废时间", K.TIME, "", "主动放弃，不是到期 / let go, not expired (A8)"),
            _col("released_by", "释放方", K.WORD, "", words=e.ReleasedBy),
            _col("deposit_at", "见证收存时间", K.TIME, "", "案场未应答时外部见证所盖时间 / stamped by an outside witness"),
            _DEVICE,
            _SEALED,
        ),
    ),
    Sheet(
        name="confirmations",
        chinese=("双签确认", "报备确认"),
        evidence="E1 (A12)",
        meaning="客户在自己手机上确认报备 / the client confirms the registration on their own phone",
        record=e.Confirmation,
        columns=(
            _key("confirmation", "确认编号", "N1"),
            _col("registration", "报备编号|报备单号", K.REF, "R1", required=True),
            _at("确认时间", "2026-05-03 09:15:00"),
            _phone(),
            _col("agreed", "是否同意", K.YES_NO, "yes", "空：同意 / empty: yes"),
            _col("been_before", "是否来过", K.YES_NO, "no", "空：没有回答 / empty: not answered"),
            _DEVICE,
            _SEALED,
        ),
    ),
    Sheet(
        name="arrivals",
        chinese=("到访", "来访登记", "来访登记表"),
        evidence="E2 E3 E4 E5 E6",
        meaning="一次到访登记 / one check-in",
        record=e.Arrival,
        columns=(
            _key("arrival", "到访编号|来访编号", "V1"),
            _at("到访时间|来访时间|到访日期|来访日期|首访时间|首次到访时间", "2026-05-03 10:02:00"),
            _phone(),
            _col("pass_id", "凭证编号", K.REF, "", header="pass"),
            _col("means", "到访方式|登记方式|确认方式", K.WORD, "otp", required=True, words=e.Means),
            _col("registration", "报备编号|报备单号", K.REF, "", "出示的带看码所属报备 / whose code was redeemed"),
            _col("agent", "带看经纪人编号|带看经纪人", K.REF, "", "来访登记表所记带看人 / named as escort by the site"),
            _col("staff", "接待人编号|接待人|接待顾问", K.REF, "前台-01"),
            _col("door_code", "门口码", K.WORD, "valid", words=e.DoorCode),
            _col("staff_readable", "员工可见验证码", K.YES_NO, "", "是：按前台登记 / yes: counts as a desk entry"),
            _col("party", "同行批次|批次", K.TEXT, "", "同批一起来 / came together"),
            _col("party_adults", "成人数|到访人数", K.WHOLE, "2"),
            _col("confirmed_at", "客户确认时间", K.TIME, "", "客户对前台登记的确认 / the visitor confirms a desk entry"),
            _col("confirmed_by", "客户确认方式", K.WORD, "", words=e.ConfirmedBy),
            _col("offline", "离线登记", K.YES_NO),
            _col("token", "独立凭据", K.WORD, "", words=e.Token),
            _col("token_at", "凭据时间", K.INSTANT),
            _DEVICE,
            _SEALED,
        ),
    ),
    Sheet(
        name="receipts",
        chinese=("到访回执",),
        evidence="E21",
        meaning="客户手里并出示的到访回执 / a signed receipt of a visit that the visitor kept and showed",
        record=e.Receipt,
        columns=(
            _key("receipt", "回执编号", "H1"),
            _col("visit_at", "回执所载到访时间|到访时间", K.TIME, "2026-05-03 10:02:00", required=True),
            _phone(),
            _col("bound_to", "绑定方式", K.WORD, "phone", required=True, words=e.Binding),
            _staff("签发人编号|签发人"),
            _col("presented_at", "出示时间", K.TIME, "2026-05-20 15:00:00"),
            _SEALED,
        ),
    ),
    Sheet(
        name="escorts",
        chinese=("带看", "带看确认"),
        evidence="E3 (B5)",
        meaning="经纪人陪同到场 / an agent came with the client",
        record=e.Escort,
        columns=(
            _key("escort", "带看编号|带看单号", "K1"),
            _at("带看时间", "2026-05-03 10:02:00"),
            _agent(required=True),
            _phone(),
            _col("means", "带看凭据|带看方式", K.WORD, "code", required=True, words=e.EscortMeans),
            _col("project", "带看项目|项目", K.TEXT, "示例花园"),
            _col("buyer_named", "客户确认带看", K.YES_NO, "yes", "客户指名或签字 / the client named the agent or signed"),
            _DEVICE,
            _SEALED,
        ),
    ),
    Sheet(
        name="statements",
        chinese=("客户声明", "客户确认单"),
        evidence="E7",
        meaning="客户自己说是谁带来的 / the client's own words on who brought them",
        record=e.Statement,
        columns=(
            _key("statement", "声明编号|确认单编号", "S1"),
            _at("声明时间|签署时间", "2026-05-03 10:05:00"),
            _phone(required=True),
            _col("stage", "声明阶段", K.WORD, "check_in", words=e.Stage, required=True),
            _col("origin", "谁介绍来的|客户来源", K.WORD, "agent", words=e.Origin, required=True),
            _agent("指名经纪人编号|指名经纪人"),
            _col("referrer", "推荐人编号|推荐人", K.REF, "", "老业主、员工或顾问编号 / id of the owner, employee or consultant"),
            _col("phones", "本人其他号码|副手机号", K.CONTACTS, "16000000002"),
            _col("first_contact_at", "首次接触时间", K.TIME),
            _col("first_contact_where", "首次接触地点", K.WORD, "wechat", words=e.Place),
            _col("earlier_visit_at", "自述更早到访", K.TIME),
            _col("earlier_erased", "更早到访已删除", K.YES_NO),
            _col("before_staff", "见员工之前填写", K.YES_NO, "yes"),
            _col("present", "首访同来的签约人", K.CONTACTS),
            _SEALED,
        ),
    ),
    Sheet(
        name="identities",
        chinese=("身份核验",),
        evidence="E6",
        meaning="号码与身份的核对结果 / this contact is this person",
        record=e.Identity,
        columns=(
            _key("identity", "核验编号", "I1"),
            _at("核验时间", "2026-05-20 15:10:00"),
            _phone(required=True),
            _col("id_key", "身份证号|证件号|身份证号码|证件号码|身份证", K.ID_CARD, "ID-0001", header="id_number"),
            _col("stage", "核验阶段", K.WORD, "signing", words=e.Stage, required=True),
            _col("matched", "核验一致", K.YES_NO, "yes"),
            _SEALED,
        ),
    ),
    Sheet(
        name="passes",
        chinese=("凭证",),
        evidence="E3 E5",
        meaning="客户持有的凭证发给了哪个号码 / a proof a visitor holds, and the contact it was issued to",
        record=e.Pass,
        columns=(
            _key("issue", "发放编号", "P1"),
            _col("pass_id", "凭证编号", K.REF, "pass-1", header="pass", required=True),
            _phone(required=True),
            _col("issued_at", "发放时间", K.TIME, "2026-05-03 10:02:00"),
            _col("revoked_at", "撤销时间", K.TIME),
        ),
    ),
    Sheet(
        name="leads",
        chinese=("线上留资",),
        evidence="E20",
        meaning="网上留下联系方式 / a contact left on-line",
        record=e.Lead,
        columns=(
            _key("lead", "留资编号", "L1"),
            _at("留资时间", "2026-05-01 20:11:00"),
            _phone(required=True),
            _col("otp", "已验证码核验", K.YES_NO, "no"),
            _staff(),
            _col("referrer", "推荐人编号|推荐人", K.REF),
            _col("source", "留资渠道|来源", K.TEXT, "官网"),
            _SEALED,
        ),
    ),
    Sheet(
        name="calls",
        chinese=("来电",),
        evidence="E8",
        meaning="来电登记 / a call to the sales office",
        record=e.Call,
        columns=(
            _key("call", "来电编号", "C1"),
            _at("来电时间", "2026-05-01 11:30:00"),
            _phone(required=True),
            _staff(),
            _SEALED,
        ),
    ),
    Sheet(
        name="followups",
        chinese=("跟进",),
        evidence="E11",
        meaning="对一条报备的跟进 / a follow-up of a registration",
        record=e.Followup,
        columns=(
            _key("followup", "跟进编号", "F1"),
            _at("跟进时间", "2026-05-05 16:00:00"),
            _col("registration", "报备编号|报备单号", K.REF, "R1", required=True),
            _col("by", "跟进人编号|跟进人", K.REF, "甲-01"),
            _col("kind", "跟进类型", K.WORD, "contact", words=e.FollowupKind, required=True),
            _SEALED,
        ),
    ),
    Sheet(
        name="lookups",
        chinese=("查号记录", "查号"),
        evidence="E9",
        meaning="员工查询客户 / a member of staff looked a client up",
        record=e.Lookup,
        columns=(
            _key("lookup", "查号编号", "Q1"),
            _at("查号时间", "2026-05-03 09:30:00"),
            _col("staff", "查号人编号|查号人", K.REF, "顾问-01", required=True),
            _phone(required=True),
            _col("reason", "查号原因", K.TEXT, "来电回访"),
            _SEALED,
        ),
    ),
    Sheet(
        name="edits",
        chinese=("资料变更", "变更记录"),
        evidence="E10",
        meaning="客户资料变更，旧值保留 / a client's record was changed; the old value stands",
        record=e.Edit,
        columns=(
            _key("edit", "变更编号", "X1"),
            _at("变更时间", "2026-05-04 18:00:00"),
            _col("staff", "变更人编号|变更人", K.REF, "顾问-01", required=True),
            _phone(),
            _col("field", "变更字段", K.WORD, "name", words=e.EditField, required=True),
            _col("target", "变更记录编号", K.REF, "", "被改或被拆的记录 / the record changed, or the link broken"),
            _col("old", "原值", K.TEXT, "王女士", personal=True),
            _col("new", "新值", K.TEXT, "王测试", personal=True),
            _col("buyer_otp", "客户验证码确认", K.YES_NO),
            _SEALED,
        ),
    ),
    Sheet(
        name="deals",
        chinese=("成交", "成交台账"),
        evidence="E12 E13",
        meaning="一套房的认购与签约 / the subscription and contract of one room",
        record=e.Deal,
        columns=(
            _key("deal", "成交编号|合同编号|认购编号|合同号|认购书编号", "D1"),
            _col("room", "房号|房间|房源|房间号", K.TEXT, "1-1-101"),
            _col("buyers", "购房人电话|买受人电话|客户电话|联系电话|手机号|购房人手机号", K.CONTACTS, "16000000001", "全部买受人 / everyone on the contract", required=True),
            _col("intended_at", "认筹时间|认筹日期", K.TIME),
            _col("selection_at", "选房时间|选房日期", K.TIME),
            _col("subscribed_at", "认购时间|认购日期|大定时间|大定日期", K.TIME, "2026-05-20 15:00:00", required=True),
            _col("contracted_at", "签约时间|签约日期|网签时间|网签日期", K.TIME, "2026-05-28 10:00:00"),
            _col("filed_at", "备案时间|网签备案时间|备案日期", K.TIME),
            _col("price_fen", "成交总价|合同总价|总价|成交金额|合同金额|成交价", K.YUAN, "2150000.00", header="price_yuan"),
            _col("consultant", "成交顾问编号|成交顾问|置业顾问", K.REF, "顾问-01"),
            _col("claimed_agent", "台账经纪人编号|成交经纪人", K.REF, "甲-01", "台账所记 / as the office's book has it"),
            _col("recorded_source", "台账来源|成交渠道|渠道", K.TEXT, "分销中介", "只并列显示，不作依据 / shown beside the ruling, never an input"),
            _col("loan_approved_at", "贷款批复时间", K.TIME),
            _col("ruled_at", "判客时间", K.TIME, "", "空：签约时，无则认购时 / empty: at contract, else at subscription"),
            _SEALED,
        ),
    ),
    Sheet(
        name="payments",
        chinese=("回款",),
        evidence="E14",
        meaning="收到的房款；负数为退给购房人 / money received for a deal; negative: paid back to the buyer",
        record=e.Payment,
        columns=(
            _key("payment", "回款编号|收款编号", "M1"),
            _col("deal", "成交编号|合同编号|认购编号", K.REF, "D1", required=True),
            _at("回款时间|收款时间|到账时间|回款日期|收款日期|到账日期", "2026-05-20 15:20:00"),
            _col("amount_fen", "金额|回款金额|收款金额", K.YUAN, "50000.00", header="amount_yuan", required=True),
            _col("kind", "款项类型|款项", K.WORD, "earnest", words=e.PaymentKind, required=True),
            _SEALED,
        ),
    ),
    Sheet(
        name="cancellations",
        chinese=("退房", "退换房"),
        evidence="E15",
        meaning="退筹、退认购、退签约、换房 / what was undone",
        record=e.Cancellation,
        columns=(
            _key("cancellation", "退换编号", "T1"),
            _col("deal", "成交编号|合同编号|认购编号", K.REF, "D1", required=True),
            _at("退换时间|退房时间|退房日期|退换日期", "2026-06-09 09:30:00"),
            _col("kind", "退换类型", K.WORD, "contract", words=e.CancelKind, required=True),
            _col("refund_fen", "退款金额", K.YUAN, "", header="refund_yuan"),
            _col("by_partner", "渠道原因", K.YES_NO),
            _col("new_deal", "换房后成交编号", K.REF),
            _SEALED,
        ),
    ),
    Sheet(
        name="invoices",
        chinese=("发票",),
        evidence="D8",
        meaning="渠道公司的佣金发票 / an agency's invoice for its commission",
        record=e.Invoice,
        columns=(
            _key("invoice", "发票记录编号", "B1"),
            _col("number", "发票号码|发票号", K.TEXT, "TEST-0001", required=True),
            _col("agency", "渠道公司编号|渠道公司", K.REF, "甲公司", required=True),
            _col("deal", "成交编号|合同编号", K.REF, "D1"),
            _at("开票时间|开票日期", "2026-06-01"),
            _col("amount_fen", "开票金额|金额", K.YUAN, "20000.00", header="amount_yuan", required=True),
            _col("matched", "已核对", K.YES_NO, "yes"),
        ),
    ),
    Sheet(
        name="approvals",
        chinese=("审批",),
        evidence="D8",
        meaning="结佣审批，或一方接受判客结果 / a step of approval, or a party's acceptance of a ruling",
        record=e.Approval,
        columns=(
            _key("approval", "审批编号", "A1"),
            _col("deal", "成交编号|合同编号", K.REF, "D1", required=True),
            _col("step", "审批环节", K.TEXT, "财务", required=True),
            _col("by", "审批人编号|审批人", K.REF, "财务-01"),
            _at("审批时间", "2026-06-02 11:00:00"),
        ),
    ),
    Sheet(
        name="extensions",
        chinese=("延期",),
        evidence="D3",
        meaning="保护期延长 / a window was widened",
        record=e.Extension,
        columns=(
            _key("extension", "延期编号", "Y1"),
            _col("registration", "报备编号|报备单号", K.REF, "R1", required=True),
            _at("批准时间|延期时间", "2026-05-30 17:00:00"),
            _col("window", "延长哪个期限", K.WORD, "visit", words=e.Window, required=True),
            _col("days", "延长天数", K.WHOLE, "30", required=True),
            _col("reason", "延期原因", K.TEXT, "客户出差"),
            _col("approver1", "批准人一", K.REF, "经理-01"),
            _col("approver2", "批准人二", K.REF, "经理-02"),
            _SEALED,
        ),
    ),
    Sheet(
        name="relations",
        chinese=("关联权益人", "关系"),
        evidence="E16",
        meaning="两个人的关系及其证明 / two people, and what shows their relation",
        record=e.Relation,
        columns=(
            _key("relation", "关系编号", "G1"),
            _col("phone_a", "甲方电话|本人电话", K.CONTACT, "16000000001", required=True),
            _col("phone_b", "乙方电话|关联人电话", K.CONTACT, "16000000002", required=True),
            _col("kind", "关系", K.WORD, "spouse", words=e.Relationship, required=True),
            _col("since", "证明所载日期", K.TIME, "2015-10-01", "结婚、出生、户口登记日 / the proof's own date (I3)"),
            _col("verified_at", "核验时间", K.TIME, "2026-05-20 15:12:00", "空：只有声明 / empty: declared only"),
            _col("verified_by", "证明材料", K.TEXT, "结婚证"),
            _col("broken_at", "解除时间", K.TIME),
        ),
    ),
    Sheet(
        name="agents",
        chinese=("经纪人", "经纪人名单"),
        evidence="",
        meaning="经纪人的一段任职；换公司再写一行 / one employment of one agent; one row each",
        record=e.Agent,
        columns=(
            _col("id", "经纪人编号|经纪人工号", K.REF, "甲-01", header="agent", required=True),
            _col("name", "经纪人姓名|经纪人", K.TEXT, "李测试", personal=True),
            _col("agency", "渠道公司编号|渠道公司|中介公司|门店", K.REF, "甲公司"),
            _col("kind", "经纪人类型", K.WORD, "broker", words=e.AgentKind),
            _phone("经纪人电话"),
            _col("since", "入职时间|启用时间", K.TIME, "2026-01-01"),
            _col("until", "离职时间|停用时间", K.TIME),
            _col("suspended_from", "暂停起", K.TIME),
            _col("suspended_until", "暂停止", K.TIME),
            _col("declared", "已申报", K.YES_NO, "", "员工推荐已申报 / an employee's referral was declared"),
        ),
    ),
    Sheet(
        name="agreements",
        chinese=("分销协议", "协议"),
        evidence="E19",
        meaning="与渠道公司的协议及其会签的规则版本 / an agreement, and the policy version it signed",
        record=e.Agreement,
        columns=(
            _key("agreement", "协议编号", "W1"),
            _col("agency", "渠道公司编号|渠道公司", K.REF, "甲公司", required=True),
            _col("since", "协议起", K.TIME, "2026-01-01", required=True),
            _col("until", "协议止", K.TIME, "2026-12-31"),
            _col("policy", "规则版本", K.REF, "", "空：不限 / empty: any"),
            _col("countersigned_at", "会签时间", K.TIME),
            _col("claims_follow_agent", "客户随经纪人", K.YES_NO, "no"),
            _col("platform", "平台公司编号|平台公司", K.REF, "", "开发商付给平台，平台付给本公司 / paid by the developer, pays this agency"),
            _col("platform_fee_ppm", "平台费比例", K.PERCENT, "", header="platform_fee_percent"),
            _col("agent_share_ppm", "经纪人分佣比例", K.PERCENT, "", "空：公司自理，不记账 / empty: the agency's own affair", header="agent_share_percent"),
            _col("contact", "对接人编号|对接人", K.REF, "", "与该公司对接的顾问，不计入搭配统计 / the consultant it deals with by agreement, left out of F-PAIR"),
        ),
    ),
    Sheet(
        name="terms",
        chinese=("佣金条款", "结佣方案"),
        evidence="D6",
        meaning="渠道公司的佣金条款；跳点每档一行 / an agency's commission terms, a row for each tier",
        record=e.Term,
        columns=(
            _key("term", "条款编号", "TJ1"),
            _col("agency", "渠道公司编号|渠道公司", K.REF, "甲公司", required=True),
            _col("kind", "佣金方式", K.WORD, "fixed", words=e.TermKind, required=True),
            _col("since", "条款起", K.TIME, "2026-01-01", required=True),
            _col("until", "条款止", K.TIME, "2026-12-31"),
            _col("amount_fen", "每套金额", K.YUAN, "40000.00", header="amount_yuan"),
            _col("rate_ppm", "佣金比例", K.PERCENT, "", header="rate_percent"),
            _col("from_unit", "起始套数", K.WHOLE, "", "跳点：第几套起 / from the how-many-th deal"),
            _col("to_unit", "截止套数", K.WHOLE),
            _col("scope", "跳点方式", K.WORD, "", words=e.TierScope),
        ),
    ),
    Sheet(
        name="owners",
        chinese=("老业主",),
        evidence="A4",
        meaning="老业主名单；集团名单须另有依据 / existing owners; a group list needs its own basis",
        record=e.Owner,
        columns=(
            _key("owner", "业主编号", "O1"),
            _phone("业主电话|电话", required=True),
            _col("scope", "业主范围", K.WORD, "project", words=e.Scope, required=True),
            _col("since", "购房时间", K.TIME, "2020-03-01"),
            _col("basis", "法律依据", K.TEXT, "本项目合同"),
        ),
    ),
    Sheet(
        name="outreach",
        chinese=("外拓", "自渠记录"),
        evidence="C6",
        meaning="案场先找的客户 / staff went to the client first",
        record=e.Outreach,
        columns=(
            _key("outreach", "外拓编号", "U1"),
            _at("外拓时间", "2026-04-28 19:00:00"),
            _col("staff", "外拓人编号|外拓人", K.REF, "顾问-02", required=True),
            _phone(required=True),
            _col("source", "外拓方式", K.TEXT, "外展"),
            _SEALED,
        ),
    ),
    Sheet(
        name="withdrawals",
        chinese=("撤回与删除",),
        evidence="E18",
        meaning="撤回同意或删除资料 / consent withdrawn, or data erased",
        record=e.Withdrawal,
        columns=(
            _key("withdrawal", "撤回编号", "Z1"),
            _at("撤回时间|删除时间", "2026-05-06 09:00:00"),
            _col("kind", "撤回类型", K.WORD, "consent", words=e.WithdrawalKind, required=True),
            _phone(),
            _col("pass_id", "凭证编号", K.REF, "pass-1", header="pass"),
            _col("deal", "成交编号|合同编号", K.REF, "", "其依据已被删除的成交 / the deal whose evidence is gone"),
            _col("evidence", "已删除的记录", K.REFS),
            _col("commitment", "承诺值", K.TEXT, "", "存证日志中的承诺值 / the log's commitment"),
            _SEALED,
        ),
    ),
    Sheet(
        name="objections",
        chinese=("异议",),
        evidence="E22",
        meaning="对带看或判客结果的异议 / an objection to an escort or to a ruling",
        record=e.Objection,
        columns=(
            _key("objection", "异议编号", "J1"),
            _col("deal", "成交编号|合同编号", K.REF, "D1"),
            _col("escort", "带看编号|带看单号", K.REF),
            _col("by", "提出方", K.WORD, "agency", words=e.Side, required=True),
            _col("party", "提出人编号|提出人", K.REF, "甲公司"),
            _at("异议时间", "2026-06-01 09:00:00"),
            _col("ground", "异议理由", K.TEXT, "客户由我司带看"),
            _SEALED,
        ),
    ),
    Sheet(
        name="decisions",
        chinese=("人工判客", "判客决定"),
        evidence="H",
        meaning="具名的人对待定或争议的决定 / a named person's decision",
        record=e.Decision,
        columns=(
            _key("decision", "决定编号", "E1"),
            _col("deal", "成交编号|合同编号", K.REF, "D1", required=True),
            _at("决定时间", "2026-06-02 16:00:00"),
            _col("stage", "决定阶段", K.WORD, "first", words=e.DecisionStage, required=True),
            _col("outcome", "判定", K.TEXT, "CHANNEL", "CHANNEL NATURAL OWN REFERRAL EMPLOYEE SPLIT", required=True),
            _col("registration", "判给报备编号", K.REF, "R1"),
            _col("share_ppm", "分单比例", K.PERCENT, "", "SPLIT：判给上一列的比例 / its part", header="share_percent"),
            _col("other_registration", "另一报备编号", K.REF),
            _col("site_reviewer", "案场复核人", K.REF, "经理-01"),
            _col("agency_reviewer", "渠道复核人", K.REF, "甲-主管"),
            _col("evidence", "引用证据编号", K.REFS, "R1;V1"),
            _col("reason", "理由", K.TEXT, "回执与声明一致"),
            _SEALED,
        ),
    ),
    Sheet(
        name="clocks",
        chinese=("时钟",),
        evidence="E23",
        meaning="设备显示时间减真实时间，在两数之间 / shown time minus true time lies between the two",
        record=e.Clock,
        columns=(
            _key("clock", "校时编号", "CK1"),
            _col("device", "设备编号|设备", K.REF, "平板-1", required=True),
            _col("since", "起", K.TIME, "2026-05-01"),
            _col("until", "止", K.TIME, "2026-05-10"),
            _col("offset_low_s", "快慢下限秒", K.WHOLE, "410", "快为正 / fast is positive", required=True),
            _col("offset_high_s", "快慢上限秒", K.WHOLE, "430", required=True),
        ),
    ),
    Sheet(
        name="calendar",
        chinese=("项目日历",),
        evidence="D1a",
        meaning="不可售或系统停用的时段 / when the project was not saleable, or the system stood still",
        record=e.CalendarEntry,
        columns=(
            _key("entry", "日历编号", "KA1"),
            _col("kind", "时段类型", K.WORD, "suspended", words=e.CalendarKind, required=True),
            _col("since", "起", K.TIME, "2026-04-01", required=True),
            _col("until", "止", K.TIME, "2026-04-20"),
        ),
    ),
    Sheet(
        name="counts",
        chinese=("客流计数",),
        evidence="E17",
        meaning="非成像计数器的成人数，不识别任何人 / adults counted without any image; names nobody",
        record=e.Count,
        columns=(
            _key("count", "计数编号", "CT1"),
            _col("since", "起", K.TIME, "2026-05-03 09:00:00", required=True),
            _col("until", "止", K.TIME, "2026-05-03 18:00:00", required=True),
            _col("adults", "成人数", K.WHOLE, "40", required=True),
            _col("staff", "其中员工", K.WHOLE, "6"),
        ),
    ),
    Sheet(
        name="commissions_paid",
        chinese=("已付佣金", "结佣台账"),
        evidence="D8",
        meaning="已经付出的佣金 / what was paid out already",
        record=e.CommissionPaid,
        columns=(
            _key("paid", "付款编号", "PD1"),
            _col("deal", "成交编号|合同编号", K.REF, "D1", required=True),
            _col("agency", "渠道公司编号|渠道公司", K.REF, "甲公司"),
            _agent(),
            _at("付款时间|付佣时间|结佣时间|结佣日期|付款日期", "2026-06-05"),
            _col("amount_fen", "付款金额|金额", K.YUAN, "20000.00", header="amount_yuan", required=True),
            _col("payer", "付款方编号|付款方", K.REF, "", "空：开发商 / empty: the developer"),
            _col("kind", "付佣类型", K.WORD, "paid", words=e.PaidKind),
        ),
    ),
    Sheet(
        name="staff",
        chinese=("员工", "案场人员"),
        evidence="",
        meaning="案场人员 / the site's staff",
        record=e.Staff,
        columns=(
            _col("id", "员工编号|顾问编号", K.REF, "顾问-01", header="staff", required=True),
            _col("name", "员工姓名", K.TEXT, "赵测试", personal=True),
            _col("role", "岗位", K.TEXT, "置业顾问"),
            _phone("员工电话"),
            _col("since", "入职时间", K.TIME, "2026-01-01"),
            _col("until", "离职时间", K.TIME),
        ),
    ),
    Sheet(
        name="policies",
        chinese=("判客规则", "规则版本"),
        evidence="E19",
        meaning="规则版本的参数，一行一个 / one parameter of one policy version a row",
        record=e.PolicyRow,
        columns=(
            _col("version", "规则版本", K.REF, "2026-夏", required=True),
            _col("base", "基于", K.REF, "classic", "classic 或 open / classic or open"),
            _col("effective_from", "生效时间", K.TIME, "2026-06-01", required=True),
            _col("parameter", "参数", K.TEXT, "lead_min"),
            _col("value", "取值", K.TEXT, "60"),
            _col("countersigned", "须会签", K.YES_NO, "", "是：渠道公司会签满七天才对其适用；空：协议无会签记录的公司按生效时间 / yes: it binds an agency seven days after its countersignature; empty: agencies without any recorded signature are bound from its date"),
        ),
    ),
)
# fmt: on

YES_WHEN_EMPTY: Final = frozenset({("confirmations", "agreed"), ("identities", "matched"), ("invoices", "matched")})
"""Sheet and field of the yes-or-no columns where an empty cell says yes; elsewhere it says no."""
NO_ANSWER_WHEN_EMPTY: Final = frozenset({("confirmations", "been_before")})
"""Where an empty cell says that nobody answered."""
NOT_RECORDED: Final = "n/a"
"""In `registrations.client`: the source has no such column, which is not the same as a client without a name."""

BY_NAME: Final[dict[str, Sheet]] = {sheet.name: sheet for sheet in SHEETS}
