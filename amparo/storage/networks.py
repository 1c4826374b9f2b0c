"""Which addresses a call from this machine may go to.

The list is ours and not ``ipaddress.is_global``, whose meaning changed between Python releases.
Source: the IANA special-purpose address registries (RFC 6890, RFC 8190).
"""

from collections.abc import Iterable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_REFUSED_4: tuple[IPv4Network, ...] = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers; some clouds keep their metadata service here
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud's platform service: a public number reached from inside
        "169.254.0.0/16",  # link-local, metadata services
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments, metadata services
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # measuring
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
_GLOBAL_6 = IPv6Network("2000::/3")
"""All IPv6 that is routed at all. Outside lie ::, ::1, mapped IPv4, NAT64, fc00::/7, fe80::/10."""
_REFUSED_6: tuple[IPv6Network, ...] = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, with Teredo, which carries an IPv4 address inside
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which carries an IPv4 address inside
        "3fff::/20",  # documentation
    )
)


def read_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Networks from a setting, as ``127.0.0.0/8`` or ``::1``; ValueError on anything else."""
    return tuple(ip_network(text.strip()) for text in texts)


def may_be_called(address: str, allowed: Sequence[Network] = ()) -> bool:
    """Whether a call may go to this address: public, or listed in ``allowed``.

    An IPv4 address in IPv6 clothes (mapped, NAT64, 6to4) counts as the IPv6 address that it is:
    listing 127.0.0.0/8 opens neither ``::ffff:127.0.0.1`` nor ``64:ff9b::7f00:1``.
    """
    try:
        parsed = ip_address(address)
    except ValueError:  # also every address with a zone that no registry knows
        return False
    if any(parsed.version == network.version and parsed in network for network in allowed):
        return True
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _REFUSED_4)
    if parsed.scope_id is not None or parsed not in _GLOBAL_6:
        return False
    return not any(parsed in network for network in _REFUSED_6)
