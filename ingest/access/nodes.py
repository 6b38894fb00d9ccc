"""Tokens of edge nodes: one per node, shown once, kept as a digest."""

from dataclasses import dataclass

from ingest.access import names, tokens
from ingest.clock import Clock, utc_now
from ingest.store import access_log, node_tokens
from ingest.store.access_log import Act, Entry
from ingest.store.base import Database


@dataclass(frozen=True, slots=True)
class NodeIdentity:
    """The node whose token a request carries."""

    node: str


class Nodes:
    """Which nodes may deliver."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def identify(self, token: str) -> NodeIdentity | None:
        """The node this token was made for; None when there is none, or a newer one was made."""
        if len(token) > tokens.MAX_TOKEN_CHARACTERS:
            return None
        with self._database.read() as session:
            node = node_tokens.node_of(session, tokens.digest(token))
        return None if node is None else NodeIdentity(node)

    def add(self, name: str, *, by: str | None = None, address: str | None = None) -> str:
        """Makes the node's token; one that it had before stops working at once.

        Raises:
            NameRefused: not a node's name.
        """
        node = names.node_name(name)
        token = tokens.new_token()
        now = self._clock()
        with self._database.write() as session:
            replaced = node_tokens.put(session, node, tokens.digest(token), now)
            access_log.add(
                session,
                Entry(
                    at=now,
                    act=Act.NODE_TOKEN_MADE,
                    person_id=by,
                    subject=node,
                    address=address,
                    note="replaces the one before" if replaced else None,
                ),
            )
        return token

    def remove(self, name: str, *, by: str | None = None, address: str | None = None) -> bool:
        """Takes the node's token away; False when it had none."""
        with self._database.write() as session:
            removed = node_tokens.remove(session, name)
            if removed:
                access_log.add(
                    session,
                    Entry(at=self._clock(), act=Act.NODE_TOKEN_REMOVED, person_id=by, subject=name, address=address),
                )
        return removed


def add_node(database: Database, name: str, clock: Clock = utc_now) -> str:
    """Makes and returns a node's token, for `giaolo centre add-node`; shown once, kept only as a digest."""
    return Nodes(database, clock).add(name)
