"""Who may do what at a site: roles × permissions as one table, default deny (LEDGER §3.2, 8.2.1).

The rules this module keeps:

1. A permission is `<audience>:<resource>:<action>`; a page or call that has none does not exist.
2. Nobody has a permission that the table does not give. A role never includes another one's.
3. What a role may see *of* something (rivals masked, own clients only) is asked where it is read; this table says
   only whether it may ask at all.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Role(StrEnum):
    """In what capacity somebody asks."""

    ANYONE = "anyone"
    """Not signed in: the hall's sign, the notice, checking in."""
    PERSON = "person"
    """购房人、访客: proved a phone number or a pass of their own."""
    AGENT = "agent"
    API = "api"
    """A channel agency's own system, by a token."""
    AGENCY = "agency"
    """渠道公司复核人: decides beside the site's reviewer."""
    DISPLAY = "display"
    """The tablet at the sign: shows the door code and nothing else."""
    RECEPTION = "reception"
    CONSULTANT = "consultant"
    MANAGER = "manager"
    RISK = "risk"
    FINANCE = "finance"
    AUDITOR = "auditor"
    """监管、检查: reads what is public and what proves."""


class Permission(StrEnum):
    """What may be asked."""

    AGENCY_DECISION_SIGN = "agency:decision:sign"
    AGENCY_RULES_READ = "agency:rules:read"
    AGENCY_RULES_SIGN = "agency:rules:sign"
    AGENCY_RULING_READ = "agency:ruling:read"
    AGENT_CLIENT_REGISTER = "agent:client:register"
    AGENT_CLIENT_READ = "agent:client:read"
    AGENT_ESCORT_CONFIRM = "agent:escort:confirm"
    AGENT_RULING_OBJECT = "agent:ruling:object"
    API_CLIENT_REGISTER = "api:client:register"
    API_RECORD_READ = "api:record:read"
    AUDITOR_RECORD_READ = "auditor:record:read"
    BUYER_RECORD_READ = "buyer:record:read"
    BUYER_RECORD_CORRECT = "buyer:record:correct"
    BUYER_RECORD_ERASE = "buyer:record:erase"
    BUYER_RULING_OBJECT = "buyer:ruling:object"
    BUYER_STATEMENT_MAKE = "buyer:statement:make"
    CONSULTANT_CLIENT_LOOK_UP = "consultant:client:look_up"
    CONSULTANT_CLIENT_READ = "consultant:client:read"
    CONSULTANT_DEAL_RECORD = "consultant:deal:record"
    DISPLAY_DOOR_SHOW = "display:door:show"
    FINANCE_SETTLEMENT_APPROVE = "finance:settlement:approve"
    FINANCE_SETTLEMENT_PAY = "finance:settlement:pay"
    FINANCE_SETTLEMENT_PREPARE = "finance:settlement:prepare"
    FINANCE_SETTLEMENT_READ = "finance:settlement:read"
    MANAGER_DECISION_PROPOSE = "manager:decision:propose"
    MANAGER_REQUEST_ANSWER = "manager:request:answer"
    MANAGER_RULES_READ = "manager:rules:read"
    MANAGER_RULING_READ = "manager:ruling:read"
    MANAGER_SETTLEMENT_APPROVE = "manager:settlement:approve"
    MANAGER_WINDOW_APPROVE = "manager:window:approve"
    """延期的第二人: another manager, or risk, who gains nothing by it."""
    MANAGER_WINDOW_PROPOSE = "manager:window:propose"
    PUBLIC_PAGE_READ = "public:page:read"
    PUBLIC_SESSION_OPEN = "public:session:open"
    RECEPTION_CHECK_IN_RECORD = "reception:check_in:record"
    RECEPTION_CONSENT_WITHDRAW = "reception:consent:withdraw"
    RECEPTION_QUEUE_READ = "reception:queue:read"
    RISK_FLAG_READ = "risk:flag:read"
    RISK_PATTERN_READ = "risk:pattern:read"
    RISK_RULING_OBJECT = "risk:ruling:object"
    SESSION_CREDENTIAL_KEEP = "session:credential:keep"
    SESSION_PATTERN_ANSWER = "session:pattern:answer"
    """Whom a pattern may be about reads it and answers (amendment 17)."""
    SESSION_SELF_CLOSE = "session:self:close"
    VISITOR_CHECK_IN_MAKE = "visitor:check_in:make"
    VISITOR_REGISTRATION_CONFIRM = "visitor:registration:confirm"


_EVERYBODY: Final = frozenset(
    {
        Permission.PUBLIC_PAGE_READ,
        Permission.PUBLIC_SESSION_OPEN,
        Permission.VISITOR_CHECK_IN_MAKE,
        Permission.VISITOR_REGISTRATION_CONFIRM,
    }
)
_AT_WORK: Final = frozenset(
    {Permission.PUBLIC_PAGE_READ, Permission.SESSION_SELF_CLOSE, Permission.SESSION_CREDENTIAL_KEEP}
)
_SIGNED_IN: Final = frozenset({Permission.PUBLIC_PAGE_READ, Permission.SESSION_SELF_CLOSE})

GRANTS: Final[Mapping[Role, frozenset[Permission]]] = MappingProxyType(
    {
        Role.ANYONE: _EVERYBODY,
        Role.PERSON: _EVERYBODY
        | _SIGNED_IN
        | {
            Permission.BUYER_RECORD_READ,
            Permission.BUYER_RECORD_CORRECT,
            Permission.BUYER_RECORD_ERASE,
            Permission.BUYER_RULING_OBJECT,
            Permission.BUYER_STATEMENT_MAKE,
        },
        Role.AGENT: _EVERYBODY
        | _SIGNED_IN
        | {
            Permission.AGENT_CLIENT_REGISTER,
            Permission.AGENT_CLIENT_READ,
            Permission.AGENT_ESCORT_CONFIRM,
            Permission.AGENT_RULING_OBJECT,
            Permission.SESSION_PATTERN_ANSWER,
        },
        Role.AGENCY: _AT_WORK
        | {
            Permission.PUBLIC_SESSION_OPEN,
            Permission.AGENCY_DECISION_SIGN,
            Permission.AGENCY_RULES_READ,
            Permission.AGENCY_RULES_SIGN,
            Permission.AGENCY_RULING_READ,
        },
        Role.API: frozenset({Permission.PUBLIC_PAGE_READ, Permission.API_CLIENT_REGISTER, Permission.API_RECORD_READ}),
        Role.DISPLAY: _SIGNED_IN | {Permission.PUBLIC_SESSION_OPEN, Permission.DISPLAY_DOOR_SHOW},
        Role.RECEPTION: _AT_WORK
        | {
            Permission.PUBLIC_SESSION_OPEN,
            Permission.RECEPTION_CHECK_IN_RECORD,
            Permission.RECEPTION_CONSENT_WITHDRAW,
            Permission.RECEPTION_QUEUE_READ,
            Permission.DISPLAY_DOOR_SHOW,
            Permission.SESSION_PATTERN_ANSWER,
        },
        Role.CONSULTANT: _AT_WORK
        | {
            Permission.PUBLIC_SESSION_OPEN,
            Permission.CONSULTANT_CLIENT_LOOK_UP,
            Permission.CONSULTANT_CLIENT_READ,
            Permission.CONSULTANT_DEAL_RECORD,
            Permission.SESSION_PATTERN_ANSWER,
        },
        Role.MANAGER: _AT_WORK
        | {
            Permission.PUBLIC_SESSION_OPEN,
            Permission.MANAGER_DECISION_PROPOSE,
            Permission.MANAGER_REQUEST_ANSWER,
            Permission.MANAGER_RULES_READ,
            Permission.MANAGER_RULING_READ,
            Permission.MANAGER_SETTLEMENT_APPROVE,
            Permission.MANAGER_WINDOW_APPROVE,
            Permission.MANAGER_WINDOW_PROPOSE,
            Permission.FINANCE_SETTLEMENT_READ,
            Permission.RECEPTION_QUEUE_READ,
            Permission.RISK_PATTERN_READ,
            Permission.SESSION_PATTERN_ANSWER,
        },
        Role.RISK: _AT_WORK
        | {
            Permission.PUBLIC_SESSION_OPEN,
            Permission.MANAGER_RULES_READ,
            Permission.MANAGER_RULING_READ,
            Permission.MANAGER_WINDOW_APPROVE,
            Permission.RISK_FLAG_READ,
            Permission.RISK_PATTERN_READ,
            Permission.RISK_RULING_OBJECT,
        },
        Role.FINANCE: _AT_WORK
        | {
            Permission.PUBLIC_SESSION_OPEN,
            Permission.FINANCE_SETTLEMENT_READ,
            Permission.FINANCE_SETTLEMENT_PREPARE,
            Permission.FINANCE_SETTLEMENT_APPROVE,
            Permission.FINANCE_SETTLEMENT_PAY,
        },
        Role.AUDITOR: _AT_WORK | {Permission.PUBLIC_SESSION_OPEN, Permission.AUDITOR_RECORD_READ},
    }
)

STAFF_ROLES: Final[Mapping[str, Role]] = MappingProxyType(
    {
        "前台": Role.RECEPTION,
        "接待": Role.RECEPTION,
        "置业顾问": Role.CONSULTANT,
        "案场经理": Role.MANAGER,
        "风控": Role.RISK,
        "财务": Role.FINANCE,
    }
)
"""The roster's word for a role. A word that is not here gives nothing."""


def may(role: Role, permission: Permission) -> bool:
    """Whether the table gives it."""
    return permission in GRANTS.get(role, frozenset())
