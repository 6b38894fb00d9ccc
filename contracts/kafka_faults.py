"""What Kafka's client says went wrong, in words that tell a person what to do. Passwords and keys are never in them.

kafka-python 3.0 tells why a connection failed only in its log: what it raises is "unable to bootstrap", whether the
broker is off, the certificate is wrong or the password is. So its log is listened to; it is shown nowhere.
"""

import logging
from collections import deque
from collections.abc import Mapping
from typing import Any, Final

_CONNECTIONS: Final = "kafka.net.manager"
_BOOTSTRAP: Final = "Bootstrap attempt to "
"""The one reason that the client writes into its message and does not hand over as an exception."""
_ENDED: Final = (
    "socket disconnected",
    "connection reset by peer",
    "broken pipe",
    "eof occurred in violation",  # in the middle of a TLS handshake
    "invalid frame length",  # the alert of a TLS port to who speaks plainly: its first four bytes read as a length
)
"""How a connection that the broker ends without a word looks from here, by what was on its way just then."""
_NOT_THERE: Final = frozenset(
    {
        "ConnectionRefusedError",
        "KafkaConnectionError",
        "KafkaTimeoutError",
        "NoBrokersAvailable",
        "NodeNotReadyError",
        "TimeoutError",
    }
)

_TLS: Final = (
    ("mismatch, certificate", "its certificate is made out to another name; write that name in kafka.bootstrap"),
    ("certificate has expired", "its certificate has expired, or this machine's clock is wrong"),
    ("CERTIFICATE_VERIFY_FAILED", "its certificate is of no authority we trust; see kafka.tls.ca"),
    ("CERTIFICATE_REQUIRED", "it wants a certificate of ours; see kafka.tls.certificate and kafka.tls.key"),
    ("UNKNOWN_CA", "it does not trust our certificate; see kafka.tls.certificate"),
    ("BAD_CERTIFICATE", "it does not take our certificate; see kafka.tls.certificate"),
    ("CERTIFICATE_UNKNOWN", "it does not take our certificate; see kafka.tls.certificate"),
    ("HANDSHAKE_FAILURE", "the TLS handshake failed; it may want a certificate of ours, see kafka.tls.certificate"),
    ("KEY_VALUES_MISMATCH", "kafka.tls.key is not the key of kafka.tls.certificate"),
    ("WRONG_VERSION_NUMBER", "it does not speak TLS on this port; take kafka.tls out, or use its TLS port"),
    ("RECORD_LAYER", "it does not speak TLS on this port; take kafka.tls out, or use its TLS port"),
    ("NO_CERTIFICATE", "a file named under kafka.tls holds no certificate; PEM files are expected"),
    ("[SSL", "a file named under kafka.tls cannot be used; PEM files are expected"),
    ("[X509", "kafka.tls.key is not the key of kafka.tls.certificate"),
)
"""What OpenSSL writes, and what it means here; the first that fits."""


class HeardFaults(logging.Handler):
    """Keeps the newest reasons for which the client's connections failed."""

    def __init__(self) -> None:
        """Listens once `listen` was called."""
        super().__init__(logging.WARNING)
        self._newest: deque[BaseException] = deque(maxlen=8)

    def listen(self) -> None:
        """Quiets the client's log, which tells each refused connection as an error, and hears what it says."""
        logging.getLogger("kafka").setLevel(logging.CRITICAL)
        connections = logging.getLogger(_CONNECTIONS)
        connections.setLevel(logging.WARNING)
        connections.propagate = False
        if self not in connections.handlers:
            connections.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Called by the client's thread."""
        given = record.args if isinstance(record.args, tuple) else ()
        reasons = [each for each in given if isinstance(each, BaseException)]
        if not reasons and record.getMessage().startswith(_BOOTSTRAP):
            reasons = [ConnectionError(record.getMessage())]
        self._newest.extend(reasons)

    def forget(self) -> None:
        """Before a new try: what was heard until now says nothing of it."""
        self._newest.clear()

    def telling(self) -> BaseException | None:
        """The newest reason that is about TLS or signing in; where there is none, the newest that is no timeout."""
        newest = [each for each in reversed(list(self._newest)) if "Timeout" not in type(each).__name__]
        return next((each for each in newest if _is_telling(each)), newest[0] if newest else None)


HEARD: Final = HeardFaults()
"""Of this process; a process speaks with one cluster."""
HEARD.listen()


def kafka_fault(
    error: BaseException, bootstrap: str, options: Mapping[str, Any] | None = None, *, doing: str = "take the records"
) -> str:
    """One sentence for a person.

    Args:
        error: what the client raised.
        bootstrap: where the cluster should be.
        options: the client's settings for TLS and SASL; only the user's name is repeated.
        doing: what the cluster did not do, where that is all there is to say.
    """
    options = options or {}
    name = type(error).__name__
    heard = HEARD.telling() if name in _NOT_THERE else None
    where = f"Kafka at {bootstrap}"
    why = _reason(heard or error, options)
    if why:
        return f"{where} cannot be used: {why}"
    if name in _NOT_THERE:
        return f"{where} not reachable"
    if name == "UnknownTopicOrPartitionError":
        return f"{where} has no topic for this yet; the centre makes the topics when it starts"
    if name in {"MessageSizeTooLargeError", "RecordListTooLargeError"}:
        return f"{where} takes no record as large as this; see max.message.bytes (giaolo topics apply --check)"
    if name.startswith("NotEnoughReplicas"):
        return f"{where} has fewer live copies than min.insync.replicas asks for; a broker may be down"
    return f"{where} did not {doing} ({name})"


def _reason(error: BaseException, options: Mapping[str, Any]) -> str:
    """Why a connection or a request was refused; empty when it was not."""
    if _is_ended(error):
        return _ended(options)
    text = str(error).lower()
    meaning = next((words for mark, words in _TLS if mark.lower() in text), "")
    if meaning:
        return meaning
    if isinstance(error, (FileNotFoundError, PermissionError)):
        return "a file named under kafka.tls is not there or may not be read"
    return _refused(type(error).__name__, options)


def _refused(name: str, options: Mapping[str, Any]) -> str:
    """The broker said no, by the name of its answer."""
    user = options.get("sasl_plain_username", "nobody")
    known = {
        "UnsupportedSaslMechanismError": f"it takes no {options.get('sasl_mechanism')}; see kafka.sasl.mechanism",
        "IllegalSaslStateError": "it expects no user on this port; see kafka.sasl",
        "FencedInstanceIdError": "another centre runs with the same kafka.instance; each needs its own",
        "InconsistentGroupProtocolError": "a centre of an older version is in the group; bring all to one version",
    }
    if name in known:
        return known[name]
    if "Authentication" in name:
        return f"it refused the user {user} or the password; see kafka.sasl"
    if "Authorization" in name:
        what = {"Group": "the consumer group", "Topic": "the topic"}.get(name[:5], "this")
        return f"the user {user} has no right to {what} ({name}); see its ACLs"
    return ""


def _ended(options: Mapping[str, Any]) -> str:
    """A broker that ends the connection says no more; what we asked for tells what it is about."""
    user = options.get("sasl_plain_username")
    protocol = options.get("security_protocol", "PLAINTEXT")
    if protocol == "SASL_SSL":
        return f"it ends the connection while the user {user} signs in; see kafka.sasl (user, password, mechanism)"
    if protocol == "SSL":
        return "it ends the connection at once; it may want a user, see kafka.sasl"
    if protocol == "SASL_PLAINTEXT":
        return f"it ends the connection while the user {user} signs in; see kafka.sasl, and it may want kafka.tls"
    return (
        "it ends the connection at once; it may want TLS and a user, see kafka.tls and kafka.sasl, "
        "or it is down and something before it answers"
    )


def _is_ended(error: BaseException) -> bool:
    text = str(error).lower()
    return any(mark in text for mark in _ENDED)


def _is_telling(error: BaseException) -> bool:
    if _is_ended(error):
        return False  # a broker that goes down does this too
    name = type(error).__name__
    return (
        "SSL" in str(error)
        or "Sasl" in name
        or "Authentication" in name
        or isinstance(error, (FileNotFoundError, PermissionError))
    )
