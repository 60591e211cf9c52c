"""flask with werkzeug's test client, html5lib, tqdm, cachetools, marshmallow, wcwidth."""

import io
import logging

import html5lib
import wcwidth
from cachetools import LRUCache, TTLCache, cached
from flask import Flask, abort, jsonify, redirect, render_template_string, request, session, url_for
from marshmallow import Schema, ValidationError, fields, validate
from tqdm import tqdm

app = Flask(__name__)
app.secret_key = "s"
logging.disable(logging.CRITICAL)


@app.route("/")
def index():
    session["n"] = session.get("n", 0) + 1
    return render_template_string("<p>{{ name|title }} {{ n }} {{ url_for('item', number=3) }}</p>", name="the <x>", n=session["n"])


@app.route("/item/<int:number>", methods=["GET", "POST"])
def item(number):
    if number > 5:
        abort(404)
    if request.method == "POST":
        return redirect(url_for("index", q=request.form["q"]))
    return jsonify(number=number, args=request.args.to_dict(flat=False), agent=request.headers.get("X-A"))


@app.errorhandler(404)
def missing(error):
    return {"error": error.description}, 404


@app.route("/fail")
def fail():
    raise RuntimeError("no")


client = app.test_client()
for method, path, options in [
    ("get", "/", {}),
    ("get", "/", {}),
    ("get", "/item/3?a=1&a=2&b=%C3%A9", {"headers": {"X-A": "y"}}),
    ("post", "/item/4", {"data": {"q": "a b"}}),
    ("get", "/item/9", {}),
    ("get", "/nothing", {}),
    ("put", "/item/1", {}),
    ("get", "/fail", {}),
]:
    answer = getattr(client, method)(path, **options)
    print(method, path, answer.status, answer.content_type, answer.headers.get("Location"))
    print(answer.get_data(as_text=True)[:300])
document = html5lib.parse("<table><tr><td>a<p>b</table><b>c<i>d</b>e", treebuilder="etree", namespaceHTMLElements=False)
print(html5lib.serialize(document, omit_optional_tags=False))
out = io.StringIO()
print(sum(tqdm(range(10), file=out, ascii=True, mininterval=0, disable=False)), "10/10" in out.getvalue())
cache = LRUCache(2)
calls = []


@cached(cache)
def square(x):
    calls.append(x)
    return x * x


print([square(x) for x in (1, 2, 1, 3, 2, 1)], calls, cache)
now = [0]
t = TTLCache(5, 10, timer=lambda: now[0])
t["a"] = 1
now[0] = 11
print("a" in t, len(t))


class Person(Schema):
    name = fields.Str(required=True, validate=validate.Length(min=2))
    born = fields.Date()
    tags = fields.List(fields.Int())


print(Person().load({"name": "Ann", "born": "2000-02-03", "tags": ["1", 2]}), Person().dump({"name": "x", "tags": (1,)}))
try:
    Person().load({"name": "A", "born": "x", "tags": ["q"], "more": 1})
except ValidationError as e:
    print(e.messages)
print(wcwidth.wcswidth("日本é"), wcwidth.wcwidth("\u0301"))
