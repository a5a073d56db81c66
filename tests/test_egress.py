"""Where a browser of ours may go, by the address alone."""

import pytest

from webapp.config import Config
from webapp.egress import EgressRefused, check_url

OWN = ("127.0.0.1:8000", "db.internal:5432")


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/",
        "http://example.org:8080/a?b#c",
        "http://93.184.216.34/",
        "HTTP://EXAMPLE.ORG",
        "http://bücher.example/",
        "http://例え.テスト/",
        "http://xn--bcher-kva.example/a%20b",
    ],
)
def test_a_website_may_be_visited(url):
    check_url(url, allow_private=False)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "chrome://version",
        "javascript:alert(1)",
        "data:text/html,hello",
        "ftp://example.org/",
        "example.org",
        "http://",
        "http://[::1",
        "http://example.org:99999/",
    ],
)
def test_what_is_no_web_address_is_refused_everywhere(url):
    with pytest.raises(EgressRefused):
        check_url(url, allow_private=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:169.254.169.254]/",
        "http://2852039166/",
        "http://0xa9fea9fe/",
        "http://metadata.google.internal/",
        "http://100.100.100.200/",
        "http://[fd00:ec2::254]/",
        "http://0.0.0.0/",
        "http://[fe80::1]/",
        "http://224.0.0.1/",
        "http://１６９.254.169.254/",
        "http://169。254．169｡254/",
        "http://%31%36%39.254.169.254/",
        "http://%EF%BC%91%EF%BC%96%EF%BC%99.254.169.254/",
        "http://169.254.169\u00ad.254/",
        "http://169.254.169.254\\@example.org/",
        "http://metadata.google%2Einternal/",
        "http://%2531%2536%2539.254.169.254/",
        "http://%ff.example.org/",
    ],
)
def test_metadata_and_link_local_are_refused_even_where_private_networks_are_allowed(url):
    with pytest.raises(EgressRefused):
        check_url(url, allow_private=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://shop.localhost/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://[::1]/",
        "http://[fd00::1]/",
        "http://100.64.0.1/",
        "http://127。0。0。1/",
        "http://①②⑦.0.0.1/",
        "http://ｌocalhost/",
        "http://%6cocalhost/",
    ],
)
def test_private_networks_are_the_operators_choice(url):
    check_url(url, allow_private=True)
    with pytest.raises(EgressRefused, match="ALLOW_PRIVATE_NETWORKS"):
        check_url(url, allow_private=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/outbox/",
        "http://localhost:8000/",
        "http://a.localhost:8000/",
        "http://[::1]:8000/",
        "http://127.0.0.5:8000/",
        "http://2130706433:8000/",
        "http://0.0.0.0:8000/",
        "http://db.internal:5432/",
        "http://127。0。0。1:8000/",
        "http://db%2einternal:5432/",
    ],
)
def test_our_own_services_are_never_visited(url):
    with pytest.raises(EgressRefused):
        check_url(url, allow_private=True, own=OWN)


def test_another_port_of_the_same_machine_is_no_service_of_ours():
    check_url("http://127.0.0.1:8001/", allow_private=True, own=OWN)


def test_the_settings_name_the_services(tmp_path):
    config = Config.from_env(
        {
            "VAR": str(tmp_path),
            "PORT": "8123",
            "DATABASE_URL": "postgresql://u:p@localhost:5432/lamp",
            "REDIS_URL": "redis://cache:6379/0",
        }
    )
    assert config.own_addresses == ("127.0.0.1:5432", "127.0.0.1:8123", "cache:6379")
