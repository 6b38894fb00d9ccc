"""A person who works at the centre, as the rest of the program sees him."""

from dataclasses import dataclass

from ingest.access.permissions import Permission, Role, allows


@dataclass(frozen=True, slots=True)
class Person:
    """Who a request comes from. Holds no password and no token."""

    id: str
    username: str
    name: str
    role: Role
    active: bool = True
    cameras: frozenset[str] | None = None
    """Ids of the cameras he may see; None: all of them. Ask `scope.scope_of`, not this."""

    def can(self, permission: Permission) -> bool:
        """Whether his role holds the permission and he is active."""
        return self.active and allows(self.role, permission)
