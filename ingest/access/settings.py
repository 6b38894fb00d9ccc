"""What a centre may tune about access. Part of the centre's configuration file."""

from datetime import timedelta
from ipaddress import ip_network

from pydantic import Field, field_validator

from contracts.config_file import Config


class AccessSettings(Config):
    """Sessions, one-time links and sign-in limits."""

    session_idle: timedelta = Field(
        default=timedelta(hours=12), gt=timedelta(0), description="A session that is not used for this long ends."
    )
    session_lifetime: timedelta = Field(
        default=timedelta(hours=24),
        gt=timedelta(0),
        description=(
            "A session ends this long after sign-in even when it is used all the time. A day covers the longest shift "
            "of a duty room (24 h) and no more: what is decided is signed with the name of who sits there, so a "
            "session must not be handed over with the chair. Also the ceiling of NIST SP 800-63B-4 for AAL2."
        ),
    )
    link_lifetime: timedelta = Field(
        default=timedelta(hours=24), gt=timedelta(0), description="A one-time link works for this long."
    )
    limit_window: timedelta = Field(
        default=timedelta(minutes=15), gt=timedelta(0), description="Failed sign-ins are counted over this time."
    )
    failures_per_person_and_address: int = Field(
        default=5, ge=1, description="Failed sign-ins of one user name from one address before it has to wait."
    )
    failures_per_address: int = Field(
        default=50, ge=1, description="Failed sign-ins from one address, whatever the names, before it has to wait."
    )
    failures_per_person: int = Field(
        default=50,
        ge=1,
        description=(
            "Failed sign-ins of one user name from everywhere before new addresses have to wait. Addresses where the "
            "person signed in during the last 30 days do not wait, so that nobody can be locked out by strangers."
        ),
    )
    trusted_proxies: tuple[str, ...] = Field(
        default=(),
        description="Addresses or networks of reverse proxies whose X-Forwarded-For and -Proto headers are believed.",
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            try:
                ip_network(one, strict=False)
            except ValueError as error:
                raise ValueError(f"{one!r} is no address and no network; write 10.0.0.5 or 10.0.0.0/24") from error
        return value
