"""beautifulsoup4 (with html.parser), requests' and urllib3's parts that need no net, mako, typing_extensions, six."""

import requests
import six
import typing_extensions
import urllib3
from bs4 import BeautifulSoup
from mako.template import Template
from requests.models import PreparedRequest, Response
from urllib3.util import Retry, parse_url

soup = BeautifulSoup("<html><body><p class='a b'>Hi <b>there</b><p id=x>Two &amp; <!-- c --><a href='/u?v=1'>l</a></body>", "html.parser")
print(soup.prettify())
print(soup.select("p.a > b"), soup.find(id="x").get_text(), [a["href"] for a in soup.find_all("a")], soup.p["class"])
soup.b.replace_with("THERE")
print(soup.p, soup.body.find_all(string=True))
request = PreparedRequest()
request.prepare(method="post", url="http://exämple.org/a b?x=1", params={"q": ["1", "ü"]}, headers={"X-A": "b"}, data={"k": "v w"}, auth=("u", "p"), cookies={"c": "d"})
print(request.method, request.url, dict(request.headers), request.body)
response = Response()
response.status_code, response._content, response.encoding = 404, b'{"a": [1, 2]}', "utf-8"
print(response.json(), response.ok, response.reason, response)
for bad in ("http://", "htp://x", "no"):
    try:
        requests.get(bad)
    except requests.exceptions.RequestException as e:
        print(type(e).__name__, e)
print(parse_url("http://User:pw@HOST.com:80/a/../b?q#f"), Retry(3, backoff_factor=0.5).increment("GET", "/x", error=urllib3.exceptions.ProtocolError("p")))
print(Template("% for i in range(3):\n${i} ${'<x>' | h}\n% endfor\n<%def name='f(x)'>[${x}]</%def>${f('y')}").render())


class Movie(typing_extensions.TypedDict, total=False):
    name: typing_extensions.Required[str]
    year: int


print(Movie.__required_keys__, Movie.__optional_keys__, typing_extensions.get_type_hints(Movie), six.ensure_str(b"x"), six.PY3)
