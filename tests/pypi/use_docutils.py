"""docutils: reStructuredText to HTML, to LaTeX and to a tree, with errors."""

from docutils.core import publish_parts, publish_string

TEXT = """
=====
Title
=====
:Author: Me
:Date: 2024-01-02

.. contents::

Section *one*
-------------

A paragraph with ``code``, `a link <http://x.y>`_, a footnote [1]_ and |sub|.

.. |sub| replace:: substituted
.. [1] The note.

1. first
2. second

   - inner

+-----+-----+
| a   | b   |
+=====+=====+
| 1   | 2   |
+-----+-----+

.. note:: Take care.

.. code:: python

   def f(): return 1

Term
  definition :sup:`2`
"""
settings = {"report_level": 1, "halt_level": 5, "warning_stream": False, "datestamp": None, "generator": None, "_disable_config": True}
parts = publish_parts(TEXT, writer="html5", settings_overrides=settings)
print(parts["title"], parts["html_body"])
print(publish_string(TEXT, writer="pseudoxml", settings_overrides=settings).decode())
print(publish_string("Bad *emphasis\n\n.. nonsense:: x\n", writer="pseudoxml", settings_overrides=settings).decode())
print(publish_parts(TEXT, writer="latex", settings_overrides=settings)["body"][:600])
