"""The client's address behind the proxy."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from config.proxy import ClientAddress


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [("10.1.2.3", "10.1.2.3"), ("6.6.6.6, 10.1.2.3", "10.1.2.3"), ("", "172.18.0.5")],
)
def test_the_address_is_the_one_that_the_proxy_saw(forwarded, address):
    seen = []
    through = ClientAddress(lambda request: seen.append(request.META["REMOTE_ADDR"]) or HttpResponse())
    through(RequestFactory().get("/", REMOTE_ADDR="172.18.0.5", HTTP_X_FORWARDED_FOR=forwarded))
    assert seen == [address]
