"""Which addresses a server may be sent to by whoever writes a URL: public ones."""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from affectory.errors import Invalid

# RFC 6052: a gateway turns these into the IPv4 address in their last four bytes.
_TRANSLATED = IPv6Network("64:ff9b::/96")

Address = IPv4Address | IPv6Address


def is_public(address: Address) -> bool:
    """Whether neither the address nor one that it wraps is private, loopback, link-local, multicast or reserved."""
    inner = _wrapped(address)
    if inner is not None:
        return is_public(inner)
    return address.is_global and not address.is_multicast


def _wrapped(address: Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def resolve(host: str, port: int, *, private: bool) -> str:
    """The address to connect to, looked up once: a second look could give another one.

    Raises Invalid where one of the host's addresses is not public, unless ``private``; OSError where there is none.
    """
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    inside = next((one for one in found if not is_public(ip_address(one.partition("%")[0]))), None)
    if inside and not private:
        raise Invalid(
            f"{host} is {inside}, which is not a public address; webhooks go to public ones, unless the server "
            "is run with AFFECTORY_WEBHOOK_PRIVATE=1.",
            code="address_refused",
        )
    return found[0]
