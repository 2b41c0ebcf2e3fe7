"""Host names: which are a vendor's and served here, and which are a vendor's and are not.

A name that belongs to a vendor and is served by nobody here is a *leak*: an app that means to talk
to us has asked for the real thing. Ways in that see names refuse it and have it noted.
"""

from collections.abc import Sequence
from enum import Enum

from recording_emulator.vendors.base import VendorAdapter


class Whose(Enum):
    """What a name is to us."""

    SERVED = "served"
    VENDORS = "a vendor's, and not served"
    OTHER = "nobody's we know"


class Names:
    """The names of all vendors there are.

    An adapter's ``hosts`` are served, they and what is below them; its ``domains``, if it has any,
    are what the vendor owns besides.
    """

    def __init__(self, adapters: Sequence[VendorAdapter]) -> None:
        self.served = {host: each for each in adapters for host in each.hosts}
        owned = [domain for each in adapters for domain in getattr(each, "domains", ())]
        self.domains = tuple(dict.fromkeys(owned))

    def vendor(self, host: str) -> VendorAdapter | None:
        """Return whose name this is, if it is served."""
        return next((self.served[each] for each in _endings(host) if each in self.served), None)

    def whose(self, host: str) -> Whose:
        """Say what a name is to us; case, a port and a final dot do not count."""
        if self.vendor(host) is not None:
            return Whose.SERVED
        owned = any(each in self.domains for each in _endings(host))
        return Whose.VENDORS if owned else Whose.OTHER

    @property
    def certified(self) -> list[str]:
        """The names a certificate is made for: all that a client of a vendor may ask for."""
        return list(dict.fromkeys((*self.served, *self.domains)))


def bare(host: str) -> str:
    """Write a host as it is compared: lowercase, without port and final dot.

    >>> bare("API.Agora.io.:443"), bare("[::1]:80"), bare("::1")
    ('api.agora.io', '::1', '::1')
    """
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    name, colon, port = host.rpartition(":")
    host = name if colon and port.isdigit() and ":" not in name else host
    return host.rstrip(".").lower()


def _endings(host: str) -> list[str]:
    labels = bare(host).split(".")
    return [".".join(labels[nth:]) for nth in range(len(labels))]
