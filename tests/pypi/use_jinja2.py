"""jinja2: templates with inheritance, macros, filters, loops, autoescape and errors."""

from jinja2 import DictLoader, Environment, StrictUndefined, TemplateSyntaxError, UndefinedError

templates = {
    "base.html": "<h1>{% block title %}none{% endblock %}</h1>\n{% block body %}{% endblock %}",
    "page.html": """{% extends "base.html" %}
{% from "macros.html" import item %}
{% block title %}{{ title|upper }}{% endblock %}
{% block body %}
{%- for name, value in rows|dictsort if value is not none %}
{{ loop.index }}/{{ loop.length }} {{ item(name, value) }}
{%- else %}nothing{% endfor %}
{{ super() }}{% set ns = namespace(total=0) %}
{%- for v in rows.values() if v %}{% set ns.total = ns.total + v %}{% endfor %}
sum {{ ns.total }} {{ "%05.2f"|format(ns.total) }} {{ [3, 1, 2]|sort|join("-") }}
{% endblock %}""",
    "macros.html": "{% macro item(name, value, sep=':') %}<b>{{ name }}</b>{{ sep }}{{ value }}{% endmacro %}",
}
env = Environment(loader=DictLoader(templates), autoescape=True, undefined=StrictUndefined)
env.filters["double"] = lambda text: text * 2
print(env.get_template("page.html").render(title="a <b>", rows={"x<": 3, "y": None, "a": 4.5}))
for source in (
    "{{ 'ab'|double }} {{ 7 // 2 }} {{ 2 ** 8 }} {{ [1,2,3][::-1] }} {{ {'a': 1}.a }}",
    "{% for c in 'abc' %}{{ loop.cycle('x', 'y') }}{{ c }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{% filter upper %}text {{ v|default('d') }}{% endfilter %}{# gone #}",
    "{{ missing }}",
    "{% if %}",
    "{% with a=1, b=2 %}{{ a + b }}{% endwith %} {{ '<i>'|safe }} {{ '<i>' }} {{ 1.5|round|int }}",
    "{{ items|map(attribute='n')|list }} {{ items|groupby('n')|map('first')|list }} {{ items|sum('n') }}",
):
    try:
        print(env.from_string(source).render(items=[{"n": 1}, {"n": 2}, {"n": 1}]))
    except (TemplateSyntaxError, UndefinedError) as e:
        print(type(e).__name__, e)
