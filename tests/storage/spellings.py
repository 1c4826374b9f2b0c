"""Ways to write this machine or one of its neighbours in a URL: tricks known from real attacks."""

from collections.abc import Iterator
from ipaddress import IPv4Address


def _words(text: str) -> list[str]:
    return text.split()


PRIVATE = _words(
    """
    127.0.0.1 127.1.2.3 127.255.255.254 0.0.0.0 10.0.0.1 10.255.255.255 172.16.0.1
    172.31.255.254 192.168.0.1 192.168.255.255 169.254.169.254 100.64.0.1 100.100.100.200
    192.0.0.192 168.63.129.16 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
    """
)
IPV6 = _words(
    """
    :: ::1 0:0:0:0:0:0:0:1 0000:0000:0000:0000:0000:0000:0000:0001 0:0::0:1 ::0001 ::0:1 0::1
    fe80::1 fe80::1%25lo fe80::1%lo ::1%lo febf::1 fec0::1 fc00::1 fd00:ec2::254
    fd12:3456:789a:1::1 fdff::1 ff02::1 ff05::2 2001:db8::1 2001::1 2001:0:7f00:1::1 3fff::1
    5f00::1 100::1 ::127.0.0.1 ::7f00:1 ::ffff:0:127.0.0.1 ::ffff:0:7f00:1 64:ff9b:1::1 4000::1
    """
)
NAMES = _words(
    """
    localhost LOCALHOST LocalHost localhost. localhost.. ip6-localhost localhost.localdomain
    app.localhost 127.0.0.1.nip.io 10.0.0.1.nip.io 7f000001.nip.io www.127-0-0-1.sslip.io
    localtest.me spoofed.mercadia.example metadata.google.internal metadata instance-data
    kubernetes.default.svc db intranet router.lan printer.local
    """
)
ODD = _words(
    """
    127.1 127.0.1 127.0.0.01 127.0.0.001 127.000.000.001 0127.0.0.1 00000177.0.0.1 0177.1
    0177.0.1 0x7f.1 0x7f.0.1 0x7F.0.0.1 0x7f.0x0.0x0.0x1 0x7f000001 0X7F000001
    0x000000007f000001 2130706433 017700000001 00017700000001 127.0x1 127.0.0x0.1 0x7f.0.0.01 0
    00 0x0 0.0 0.0.0 0.0.0.0. 0000.0.0.0 127.0.0.1. 127.0.0.1.. 127.0.0 127..1 127.0.0.1:80@
    127.0.0.256 127.0.0.1.1 １２７.０.０.１ 127。0。0。1 127．0．0．1 127｡0｡0｡1 ①②⑦.⓪.⓪.① ⓛⓞⓒⓐⓛⓗⓞⓢⓣ
    ｌｏｃａｌｈｏｓｔ %31%32%37.0.0.1 127%2e0%2e0%2e1 %6c%6f%63%61%6c%68%6f%73%74 127.0.0.1%00
    127.0.0.1%2f 127.0.0.1%20 localhost%00.mercadia.example ١٢٧.٠.٠.١ 3232235521 0xc0a80001
    0300.0250.0.1 2852039166 0xa9fea9fe 0251.0376.0251.0376 169.254.43518 0xA9.254.169.254
    167772161 012.0.0.1 10.1 0xa.1 4294967295 4294967296 -1 1e1 _ - . .. [] [ ] [::1 ::1]
    [127.0.0.1] [localhost] [::ffff:127.0.0.1%251] [v1.127.0.0.1]
    """
)
OTHER = [
    "http://a@127.0.0.1:{port}/",
    "http://mercadia.example@127.0.0.1:{port}/",
    "http://mercadia.example:80@127.0.0.1:{port}/",
    "http://@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@mercadia.example/",
    "http://mercadia.example\\@127.0.0.1:{port}/",
    "http:\\\\127.0.0.1:{port}/",
    "http:/127.0.0.1:{port}/",
    "http:127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "127.0.0.1:{port}",
    "http:///127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@mercadia.example/",
    "http://127.0.0.1:{port}?@mercadia.example/",
    "http://127.0.0.1:{port};@mercadia.example/",
    "http://127.0.0.1 :{port}/",
    "http://127.0.0.1\t:{port}/",
    "http://127.0.0.1\r\n:{port}/",
    "http://127.0.\n0.1:{port}/",
    " http://127.0.0.1:{port}/",
    "http://127.0.0.1:0{port}/",
    "http://127.0.0.1:{port}/\r\nX-Injected: 1",
    "http://127.0.0.1:999999/",
    "http://127.0.0.1:-1/",
    "http://127.0.0.1:port/",
    "HTTP://127.0.0.1:{port}/",
    "https://127.0.0.1:{port}/",
    "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/_GET",
    "file:///etc/passwd",
    "unix:///var/run/docker.sock",
    "dict://127.0.0.1:{port}/",
    "javascript:alert(1)",
    "data:text/plain,hello",
    "http://",
    "",
    "http://" + "a" * 64 + ".example:{port}/",
    "http://" + "a." * 200 + "example:{port}/",
    "http://127.0.0.1:{port}/" + "a" * 3000,
]


def _dressed(address: str) -> Iterator[str]:
    """An IPv4 address in the ways that IPv6 can carry it."""
    packed = int(IPv4Address(address))
    high, low = packed >> 16, packed & 0xFFFF
    yield f"::ffff:{address}"
    yield f"0:0:0:0:0:ffff:{high:x}:{low:x}"
    yield f"64:ff9b::{address}"
    yield f"2002:{high:x}:{low:x}::1"


def spellings(port: int) -> list[str]:
    """All of them, as URLs to a port."""
    hosts = [*PRIVATE, *NAMES, *ODD, *(f"[{address}]" for address in IPV6)]
    hosts += [f"[{dressed}]" for address in PRIVATE[:9] for dressed in _dressed(address)]
    found = [f"http://{host}:{port}/" for host in hosts]
    found += [pattern.replace("{port}", str(port)) for pattern in OTHER]
    return list(dict.fromkeys(found))
