"""The table of docs/reference/api.md, cell by cell: a slip here lets somebody decide what he must not."""

import re
from pathlib import Path

import pytest

from ingest.access.permissions import PERMISSIONS, Permission, Role, allows
from ingest.access.person import Person

TABLE = {
    Permission.EVENT_READ: "officer operator engineer admin",
    Permission.CAMERA_READ: "officer operator engineer admin",
    Permission.MEDIA_READ: "officer operator engineer admin",
    Permission.VIOLATION_DECIDE: "officer admin",
    Permission.INCIDENT_DECIDE: "officer operator admin",
    Permission.EVENT_HOLD: "officer admin",
    Permission.GAP_ACKNOWLEDGE: "operator engineer admin",
    Permission.NODE_MANAGE: "engineer admin",
    Permission.PERSON_MANAGE: "admin",
}
CELLS = [(role, permission) for role in Role for permission in Permission]


@pytest.mark.parametrize(("role", "permission"), CELLS)
def test_each_cell(role: Role, permission: Permission) -> None:
    assert allows(role, permission) is (role.value in TABLE[permission].split())


def test_the_document_says_the_same() -> None:
    page = (Path(__file__).parents[4] / "docs/reference/api.md").read_text(encoding="utf-8")
    documented = set()
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and cells[0].startswith("`") and set(cells[1:]) <= {"x", ""}:
            for name in re.findall(r"`([a-z:]+)`", cells[0]):
                documented |= {(role, Permission(name)) for role, cell in zip(Role, cells[1:], strict=True) if cell}
    assert documented == {(role, permission) for role in Role for permission in PERMISSIONS[role]}


@pytest.mark.parametrize("permission", list(Permission))
def test_who_is_switched_off_may_nothing(permission: Permission) -> None:
    assert not Person("1", "an", "An", Role.ADMIN, active=False).can(permission)
    assert Person("1", "an", "An", Role.ADMIN).can(permission)
