"""Where callbacks and uploads may go when a request, and not the user, names the place.

A request could be anybody's: what it names is reached only on this machine, or on a host that
the user has allowed.
"""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit


def host_of(url: str) -> str:
    """Return the host of a URL in lower case, or an empty text if it has none.

    >>> host_of("http://App.test:3000/hook"), host_of("http://[::1]/"), host_of("hook")
    ('app.test', '::1', '')
    """
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Whether a host is this machine.

    >>> is_loopback("127.0.0.2"), is_loopback("hooks.localhost"), is_loopback("10.0.0.1")
    (True, True, False)
    """
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_numeric(host: str) -> bool:
    """Whether a host is an address, to which no name can be put in front.

    >>> is_numeric("127.0.0.1"), is_numeric("::1"), is_numeric("s3.test")
    (True, True, False)
    """
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def why_closed(url: str, allowed: Iterable[str]) -> str:
    """Say why nothing is sent to a URL and what would allow it; an empty text if it may be.

    >>> why_closed("http://127.0.0.1:3000/hook", ())
    ''
    >>> why_closed("https://app.test/hook", ("app.test",))
    ''
    """
    host = host_of(url)
    if not host or not url.lower().startswith(("http://", "https://")):
        return f"{url[:200]!r} is no http:// or https:// address"
    if is_loopback(host) or host in allowed:
        return ""
    return (
        f"{host} is not this machine; `serve --allow-host {host}`, or {host!r} among the tenant's "
        "allow_hosts, would allow it"
    )
