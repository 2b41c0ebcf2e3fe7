"""What shows who speaks: an app's secret, the key of API calls, the signature of a callback.

Source:
    Sheet §6.1 (``SecretKey``), §7.1 (``Signature``, which is over the time alone, not over the
    body: documented), §7.3 and §10 (the MD5 of the AppSecret).
"""

import hashlib
import re
from typing import Final

MD5: Final = re.compile(r"[0-9a-f]{32}\Z")


def md5(text: str) -> str:
    """Return the MD5 of a text, in lower-case hex.

    >>> bool(MD5.match(md5("demo-secret")))
    True
    """
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def secret_key(comp_id: str, secret: str) -> str:
    """Return the ``SecretKey`` of API calls: without a time, so always the same.

    >>> secret_key("1", "1"), secret_key("100200", "demo-secret")
    ('a7febff6a21c36fb50150f88c95ef641', '559a6845f26c7bfae5cb5a409bb4db44')
    """
    return md5(f"{comp_id}&{secret}")


def signature(comp_id: str, secret: str, seconds: int) -> str:
    """Sign a callback: MD5 over company, secret and time.

    >>> signature("100200", "demo-secret", 1700000000)
    '9989f8a1a9ea605dcb89739bfd529dec'
    """
    return md5(f"{comp_id}&{secret}&{seconds}")
