"""What a child process needs to trust us and to come here, in the words of each language."""

from __future__ import annotations

import os
import ssl
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from recording_emulator.server.tls import Authority

NEVER_PROXIED: Final = "localhost,127.0.0.1,::1"
BUNDLE_VARIABLES: Final = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Python's ssl, httpx, Go and OpenSSL; requests and botocore; curl. Each replaces the system's."""
STORE_PASSWORD: Final = "changeit"
"""What the JDK's own trust store has for a password; it holds nothing secret."""


def environment(ca: Authority, folder: Path, has: Mapping[str, str]) -> dict[str, str]:
    """Make a bundle and a Java trust store in ``folder``; returns the variables that name them."""
    bundle = folder / "bundle.pem"
    bundle.write_bytes(system_bundle(has) + b"\n" + ca.cert_pem)
    store = folder / "trust.p12"
    store.write_bytes(java_store(bundle.read_bytes()))
    java = (
        f"-Djavax.net.ssl.trustStore={store} -Djavax.net.ssl.trustStoreType=PKCS12 "
        f"-Djavax.net.ssl.trustStorePassword={STORE_PASSWORD}"
    )
    return {
        **dict.fromkeys(BUNDLE_VARIABLES, str(bundle)),
        "NODE_EXTRA_CA_CERTS": str(bundle),
        "JAVA_TOOL_OPTIONS": " ".join(filter(None, (has.get("JAVA_TOOL_OPTIONS"), java))),
    }


def proxied(variables: Mapping[str, str], port: int) -> dict[str, str]:
    """Add what sends a child's calls through a proxy on this machine."""
    url = f"http://127.0.0.1:{port}"
    hosts = "|".join(("localhost", "127.*", "[::1]"))
    java = " ".join(
        f"-D{scheme}.proxyHost=127.0.0.1 -D{scheme}.proxyPort={port}"
        for scheme in ("http", "https")
    )
    names = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
    return {
        **variables,
        **dict.fromkeys(names, url),
        **dict.fromkeys(("NO_PROXY", "no_proxy"), NEVER_PROXIED),
        "NODE_USE_ENV_PROXY": "1",
        "JAVA_TOOL_OPTIONS": f"{variables['JAVA_TOOL_OPTIONS']} {java} "
        f"-Dhttp.nonProxyHosts={hosts}",
    }


def system_bundle(has: Mapping[str, str]) -> bytes:
    """Return the certificates that programs trust without us; none where none are found."""
    paths = ssl.get_default_verify_paths()
    for each in (has.get("SSL_CERT_FILE"), paths.cafile, *SYSTEM_BUNDLES):
        if each and Path(each).is_file():
            return Path(each).read_bytes()
    return b""


SYSTEM_BUNDLES: Final = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
)
"""Where Debian, Fedora, and Alpine and macOS keep theirs."""


def java_store(bundle: bytes) -> bytes:
    """Write certificates as a trust store of Java's."""
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.serialization import pkcs12

    with warnings.catch_warnings():  # some old roots have wrong serial numbers
        warnings.simplefilter("ignore")
        found = x509.load_pem_x509_certificates(bundle)
    named = [pkcs12.PKCS12Certificate(each, f"ca-{nth}".encode()) for nth, each in enumerate(found)]
    encryption = serialization.BestAvailableEncryption(STORE_PASSWORD.encode())
    return pkcs12.serialize_java_truststore(named, encryption)


def add_to(path: Path, ca: Authority) -> bool:
    """Append the CA to a bundle, unless it is there; says whether it was added."""
    there = path.read_bytes() if path.exists() else b""
    if ca.cert_pem.strip() in there:
        return False
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(there + (b"" if not there or there.endswith(b"\n") else b"\n") + ca.cert_pem)
    if path.exists():
        draft.chmod(path.stat().st_mode & 0o777)
    draft.replace(path)
    return True
