"""markdown: text with the extensions that come with it."""

import markdown

TEXT = """# Title {#top}

A *para* with **bold**, `code`, [a link](http://x.y "t") and ![img](i.png).

* one
* two
    1. inner
    2. more

> quote
> goes on

| a | b |
|---|:-:|
| 1 | *2* |

```python
x = 1 < 2
```

Term
:   Definition[^1]

[^1]: A note with <b>html</b> & entity.

[TOC]
"""
print(markdown.markdown(TEXT))
md = markdown.Markdown(extensions=["extra", "toc", "sane_lists", "admonition", "meta"], output_format="html")
print(md.convert("Author: me\n\n" + TEXT), md.Meta, md.toc)
