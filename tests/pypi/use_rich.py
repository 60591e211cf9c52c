"""rich: tables, markup, panels, trees, syntax and progress on a recorded console."""

import io

from rich.console import Console
from rich.markdown import Markdown
from rich.panel import Panel
from rich.pretty import pretty_repr
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

console = Console(file=io.StringIO(), width=60, force_terminal=True, color_system="truecolor", record=True, legacy_windows=False)
table = Table(title="Star [b]Wars[/b]", show_lines=True)
table.add_column("Year", justify="right", style="cyan", no_wrap=True)
table.add_column("Title", style="magenta")
for row in [("1977", "A New Hope"), ("1980", "The Empire Strikes Back " * 3), ("2019", "日本語 and é")]:
    table.add_row(*row)
console.print(table)
console.print(Panel.fit("[bold red]alert[/] :smile:", title="box"))
tree = Tree("root")
tree.add("one").add("[green]two")
tree.add("three")
console.print(tree)
console.print(Markdown("# Title\n\n* a **bold**\n* b `code`\n\n> quote\n\n1. x\n2. y\n"))
console.print(Syntax("def f(x):\n    return x + 1  # why\n", "python", line_numbers=True))
console.print(Text.assemble(("a", "bold"), " b ", ("c", "italic blue")), {"k": [1, 2.5, None, "s"]})
console.rule("end")
print(console.file.getvalue())
print(console.export_text()[:300])
print(pretty_repr({"a": list(range(30)), "b": {"c": (1, 2)}}, max_width=40))
