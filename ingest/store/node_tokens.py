"""Digests of the nodes' tokens, one per node."""

from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from ingest.store.base import Base, UtcTime


class NodeTokenRow(Base):
    """Table `node_tokens`."""

    __tablename__ = "node_tokens"

    node: Mapped[str] = mapped_column(String(64), primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcTime)


def node_of(session: Session, token_sha256: str) -> str | None:
    """The node with this token."""
    return session.scalar(select(NodeTokenRow.node).where(NodeTokenRow.token_sha256 == token_sha256))


def put(session: Session, node: str, token_sha256: str, now: datetime) -> bool:
    """Stores the node's token; True when it takes the place of one."""
    row = session.get(NodeTokenRow, node)
    if row is None:
        session.add(NodeTokenRow(node=node, token_sha256=token_sha256, made_at=now))
        return False
    row.token_sha256 = token_sha256
    row.made_at = now
    return True


def remove(session: Session, node: str) -> bool:
    """Takes the node's token away; False when it had none."""
    row = session.get(NodeTokenRow, node)
    if row is None:
        return False
    session.delete(row)
    return True
