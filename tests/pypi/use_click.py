"""click: groups, options, arguments, help texts and errors, run in its test runner."""

import click
from click.testing import CliRunner


@click.group()
@click.version_option("1.2", prog_name="tool")
@click.option("--verbose/--quiet", default=False, help="Say more.")
@click.pass_context
def cli(ctx, verbose):
    """A tool of several commands."""
    ctx.obj = {"verbose": verbose}


@cli.command()
@click.argument("names", nargs=-1, required=True)
@click.option("-n", "--count", type=click.IntRange(1, 5), default=1, show_default=True)
@click.option("--shout", is_flag=True)
@click.pass_obj
def greet(obj, names, count, shout):
    """Greet NAMES."""
    for name in names:
        text = f"Hello {name}!" * count
        click.secho(text.upper() if shout else text, fg="green")
    if obj["verbose"]:
        click.echo("done", err=True)


@cli.command()
@click.option("--color", type=click.Choice(["red", "blue"]), prompt=True)
@click.option("--when", type=click.DateTime())
def paint(color, when):
    """Paint it."""
    click.echo(f"{color} {when}")


runner = CliRunner()
for args, text in [
    (["--help"], None),
    (["--version"], None),
    (["greet", "--help"], None),
    (["greet", "a", "b", "-n", "2"], None),
    (["--verbose", "greet", "x", "--shout"], None),
    (["greet"], None),
    (["greet", "a", "-n", "9"], None),
    (["paint"], "red\n"),
    (["paint", "--color", "green"], None),
    (["paint", "--color", "blue", "--when", "2024-02-03"], None),
    (["nothing"], None),
]:
    result = runner.invoke(cli, args, input=text)
    print(args, result.exit_code, type(result.exception).__name__)
    print(result.output)
