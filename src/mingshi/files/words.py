"""The closed sets of a case in the trade's words: each member has an English name and Chinese ones.

The first Chinese name is the one that is written and shown.
"""

from enum import StrEnum
from typing import Final

from mingshi.domain.evidence import (
    AgentKind,
    Binding,
    CalendarKind,
    CancelKind,
    ConfirmedBy,
    DecisionStage,
    DoorCode,
    EditField,
    EscortMeans,
    FollowupKind,
    Means,
    Origin,
    PaidKind,
    PaymentKind,
    Place,
    Relationship,
    ReleasedBy,
    Scope,
    Side,
    Stage,
    TermKind,
    TierScope,
    Token,
    Window,
    WithdrawalKind,
)

# By type first: members of two sets that are spelled alike are equal as dictionary keys.
CHINESE: Final[dict[type[StrEnum], dict[StrEnum, tuple[str, ...]]]] = {
    Means: {
        Means.OTP: ("短信验证码", "验证码", "短信"),
        Means.QR: ("到访码", "带看码", "二维码", "扫码"),
        Means.DEVICE_KEY: ("设备密钥", "手机密钥"),
        Means.PASSKEY: ("通行密钥",),
        Means.FACE_PASS: ("本人刷脸凭证",),
        Means.ID: ("身份证", "刷证"),
        Means.RECEPTION: ("前台登记", "前台", "登记"),
        Means.PAPER: ("纸质登记", "纸质回执", "来访登记表"),
        Means.UNKNOWN: ("未知", "不详"),
    },
    DoorCode: {
        DoorCode.VALID: ("有效",),
        DoorCode.STALE: ("过期",),
        DoorCode.NONE: ("无",),
    },
    ConfirmedBy: {
        ConfirmedBy.OTP: ("短信验证码", "验证码"),
        ConfirmedBy.QR: ("到访码", "扫码"),
        ConfirmedBy.SIGNATURE: ("签名", "签字"),
    },
    Token: {
        Token.SMS_LOG: ("短信平台记录",),
        Token.RECEIPT: ("客户回执",),
        Token.WITNESS: ("外部见证",),
    },
    Binding: {
        Binding.PHONE: ("手机号", "手机"),
        Binding.DEVICE_KEY: ("设备密钥",),
        Binding.PASSKEY: ("通行密钥",),
        Binding.ID: ("身份证",),
        Binding.COUNTERFOIL: ("存根", "编号存根"),
        Binding.BEARER: ("不记名",),
    },
    EscortMeans: {
        EscortMeans.CODE: ("门口码", "扫码"),
        EscortMeans.PAPER: ("带看确认单", "确认单", "带看单"),
        EscortMeans.SITE_RECORD: ("案场记录", "来访登记"),
    },
    Stage: {
        Stage.CHECK_IN: ("到访", "签到"),
        Stage.SUBSCRIPTION: ("认购",),
        Stage.SIGNING: ("签约",),
        Stage.LATER: ("事后",),
    },
    Origin: {
        Origin.AGENT: ("经纪人", "中介", "渠道"),
        Origin.NOBODY: ("无人介绍", "自己来的", "自然到访", "自来客"),
        Origin.OWNER: ("老业主", "业主介绍"),
        Origin.EMPLOYEE: ("员工", "员工介绍"),
        Origin.STAFF: ("置业顾问", "案场"),
        Origin.DECLINED: ("不想说",),
    },
    Place: {
        Place.WECHAT: ("微信",),
        Place.STORE: ("门店",),
        Place.GATE: ("售楼处门口", "门口"),
        Place.CAR_PARK: ("停车场",),
        Place.PHONE: ("电话",),
        Place.OTHER: ("其他",),
    },
    Relationship: {
        Relationship.SPOUSE: ("配偶", "夫妻"),
        Relationship.PARENT: ("父母",),
        Relationship.CHILD: ("子女",),
        Relationship.SIBLING: ("兄弟姐妹",),
        Relationship.AGENT_RELATIVE: ("经纪人亲属",),
    },
    AgentKind: {
        AgentKind.BROKER: ("中介经纪人", "经纪人", "中介"),
        AgentKind.FREE_BROKER: ("自由经纪人", "自由经纪"),
        AgentKind.OWNER: ("老业主", "业主"),
        AgentKind.EMPLOYEE: ("员工", "内部员工"),
    },
    ReleasedBy: {
        ReleasedBy.AGENT: ("经纪人",),
        ReleasedBy.SITE: ("案场",),
    },
    FollowupKind: {
        FollowupKind.CONTACT: ("联系", "跟进"),
        FollowupKind.ON_SITE_HELP: ("到场协助",),
        FollowupKind.WARNING_AGENT: ("提醒经纪人",),
        FollowupKind.WARNING_SITE: ("提醒案场",),
    },
    EditField: {
        EditField.NAME: ("姓名",),
        EditField.PHONE: ("电话", "手机号"),
        EditField.SECOND_PHONE: ("副手机号", "副号"),
        EditField.SOURCE: ("来源", "渠道"),
        EditField.FIRST_VISIT: ("首访时间",),
        EditField.WINDOW: ("保护期",),
        EditField.RELEASE: ("释放",),
        EditField.DELETE: ("删除",),
        EditField.UNLINK: ("解除关联",),
        EditField.OTHER: ("其他",),
    },
    CancelKind: {
        CancelKind.INTENT: ("退筹",),
        CancelKind.SUBSCRIPTION: ("退认购", "退定"),
        CancelKind.CONTRACT: ("退签约", "退房"),
        CancelKind.SWAP: ("换房",),
    },
    Window: {
        Window.REPORT: ("报备有效期",),
        Window.VISIT: ("成交保护期", "保护期"),
    },
    Side: {
        Side.AGENT: ("经纪人",),
        Side.AGENCY: ("渠道公司", "中介公司"),
        Side.BUYER: ("购房人", "客户"),
        Side.SITE: ("案场", "开发商"),
    },
    WithdrawalKind: {
        WithdrawalKind.CONSENT: ("撤回同意",),
        WithdrawalKind.ERASURE: ("删除",),
    },
    Scope: {
        Scope.PROJECT: ("本项目",),
        Scope.GROUP: ("集团",),
    },
    CalendarKind: {
        CalendarKind.SUSPENDED: ("不可售", "蓄客", "取证中"),
        CalendarKind.STOPPED: ("系统停用", "停用"),
    },
    PaymentKind: {
        PaymentKind.INTENT: ("认筹金", "诚意金", "意向金"),
        PaymentKind.EARNEST: ("认购金", "定金", "大定", "订金"),
        PaymentKind.DOWN: ("首付", "首付款", "首期款", "首期"),
        PaymentKind.LOAN: ("贷款", "按揭", "按揭款", "按揭放款"),
        PaymentKind.BALANCE: ("尾款", "房款", "回款", "楼款", "其他"),
        PaymentKind.REFUND: ("退款", "退房款"),
    },
    TermKind: {
        TermKind.FIXED: ("固定金额", "固定"),
        TermKind.PERCENT: ("按比例", "比例"),
        TermKind.BONUS: ("现金奖",),
        TermKind.FIRST_DEAL: ("开单奖",),
    },
    TierScope: {
        TierScope.MARGINAL: ("分段",),
        TierScope.RETROACTIVE: ("追溯",),
    },
    PaidKind: {
        PaidKind.PAID: ("已付", "结佣"),
        PaidKind.PREPAID: ("预付佣", "预付"),
        PaidKind.ADVANCE: ("垫佣",),
    },
    DecisionStage: {
        DecisionStage.FIRST: ("初次判定", "初判"),
        DecisionStage.NEUTRAL: ("中立方",),
        DecisionStage.APPEAL: ("复核",),
    },
}

YES: Final = frozenset({"yes", "true", "1", "是", "有", "y", "√", "已", "同意"})
NO: Final = frozenset({"no", "false", "0", "否", "无", "n", "×", "未", "不同意"})


def words_of(kind: type[StrEnum]) -> dict[str, StrEnum]:
    """Every word by which a member of `kind` may be written, lower case."""
    words: dict[str, StrEnum] = {}
    for member in kind:
        for word in (member.value, *CHINESE[kind][member]):
            assert word not in words, f"{word} names two members of {kind.__name__}"
            words[word] = member
    return words
