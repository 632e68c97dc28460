"""Where each role begins."""

from collections.abc import Mapping
from typing import Final

from mingshi.domain.roles import Role

HOME: Final[Mapping[Role, str]] = {
    Role.PERSON: "/me",
    Role.AGENT: "/agent",
    Role.AGENCY: "/agency",
    Role.DISPLAY: "/door",
    Role.RECEPTION: "/desk",
    Role.CONSULTANT: "/consult",
    Role.MANAGER: "/rulings",
    Role.RISK: "/risk",
    Role.FINANCE: "/finance",
    Role.AUDITOR: "/audit",
}
