"""What each role may do.

The table of docs/reference/api.md, once: every path asks for a `Permission`, never for a role, so that a new role
is a new row here and nothing else.
"""

from enum import StrEnum


class Role(StrEnum):
    """What a person is at the centre."""

    OFFICER = "officer"
    OPERATOR = "operator"
    ENGINEER = "engineer"
    ADMIN = "admin"


class Permission(StrEnum):
    """One thing that may be done, `resource:action`."""

    EVENT_READ = "event:read"
    CAMERA_READ = "camera:read"
    MEDIA_READ = "media:read"
    VIOLATION_DECIDE = "violation:decide"
    INCIDENT_DECIDE = "incident:decide"
    EVENT_HOLD = "event:hold"
    GAP_ACKNOWLEDGE = "gap:acknowledge"
    NODE_MANAGE = "node:manage"
    PERSON_MANAGE = "person:manage"


_EVERYBODY = frozenset({Permission.EVENT_READ, Permission.CAMERA_READ, Permission.MEDIA_READ})

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OFFICER: _EVERYBODY | {Permission.VIOLATION_DECIDE, Permission.INCIDENT_DECIDE, Permission.EVENT_HOLD},
    Role.OPERATOR: _EVERYBODY | {Permission.INCIDENT_DECIDE, Permission.GAP_ACKNOWLEDGE},
    Role.ENGINEER: _EVERYBODY | {Permission.NODE_MANAGE, Permission.GAP_ACKNOWLEDGE},
    Role.ADMIN: frozenset(Permission),
}


def allows(role: Role, permission: Permission) -> bool:
    """Whether the role holds the permission."""
    return permission in PERMISSIONS[role]
