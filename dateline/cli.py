"""The `dateline` command.

It reads the settings before anything else, and says in words which cannot be used. Each subcommand
loads only what it needs: the framework costs a second and a hundred megabytes, and most do without.
"""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence

from dateline import __version__
from dateline import env as environment
from dateline.env import BadSettings, Env
from dateline.errors import DatelineError

logger = logging.getLogger("dateline")

OK, FAULT, UNUSABLE = 0, 1, 2
"""Exit codes: all well; something is wrong; the settings or the command cannot be used."""

_LIFELINE = "--lifeline="
"""Added by the supervisor to the commands it starts: the pipe and the process to end with."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    if arguments and arguments[-1].startswith(_LIFELINE):
        _tie_to_parent(arguments.pop().removeprefix(_LIFELINE))
    if arguments[:1] == ["manage"]:  # its own arguments are Django's to read
        return _with_settings(lambda env: _manage(arguments[1:]))
    options, rest = _parser().parse_known_args(arguments)
    options.rest = rest
    if rest and options.command is not _demo:
        _parser().error(f"unknown arguments: {' '.join(rest)}")
    command: Callable[[argparse.Namespace, Env], int] = options.command
    if command is _check:
        return _check_settings_too(options)
    return _with_settings(lambda env: command(options, env))


def _tie_to_parent(lifeline_and_parent: str) -> None:
    from dateline.serving import lifeline

    reading, parent = map(int, lifeline_and_parent.split(":"))
    lifeline.end_with_parent(parent)
    lifeline.end_with_pipe(reading)


def _with_settings(command: Callable[[Env], int]) -> int:
    try:
        return command(_load())
    except BadSettings as error:
        return _say_faults(error)
    except DatelineError as error:
        print(f"dateline: {error.message}", file=sys.stderr)
        return UNUSABLE if error.code == "cannot-listen" else FAULT
    except KeyboardInterrupt:
        return 130


def _load() -> Env:
    # The role is what `dateline` tells its own processes, and no setting.
    os.environ.pop("DATELINE_ROLE", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "dateline.settings"
    return environment.load()


def _say_faults(error: BadSettings) -> int:
    print("dateline: these settings cannot be used:", file=sys.stderr)
    for fault in error.faults:
        print(f"  {fault}", file=sys.stderr)
    return UNUSABLE


# --- the commands --------------------------------------------------------------------------------


def _serve(options: argparse.Namespace, env: Env) -> int:
    from dateline.serving.ports import ensure_free

    ensure_free(env.host, env.port)
    return _run("prepare", "--quiet") or _supervise()


def _demo(options: argparse.Namespace, env: Env) -> int:
    from dateline.serving.ports import ensure_free

    if options.serve:
        ensure_free(env.host, env.port)
    for name in ("stories", "seed"):
        if (given := getattr(options, name)) is not None:
            options.rest += [f"--{name}", str(given)]
    code = _run("prepare", "--quiet") or _run("manage", "demo", *options.rest)
    if code or not options.serve:
        return code
    return _supervise(*(["manage", "demo", "--live"] for _ in range(options.live)))


def _run(*arguments: str) -> int:
    """Run a `dateline` command in a process of its own: what it loads would otherwise stay in the
    supervisor's memory for ever."""
    import subprocess

    from dateline.serving.supervisor import command

    return subprocess.run(command(*arguments), check=False).returncode  # noqa: S603 - our own


def _supervise(*further: list[str]) -> int:
    from dateline.serving import lines
    from dateline.serving.processes import PROGRAMS
    from dateline.serving.supervisor import Program, Supervisor

    lines.log_as("serve")
    return Supervisor([*PROGRAMS, *(Program(words[-1], tuple(words)) for words in further)]).run()


def _prepare(options: argparse.Namespace, env: Env) -> int:
    from dateline.serving import lines
    from dateline.serving.preparing import prepare

    lines.log_as("prepare")
    done = prepare(env)
    if not options.quiet:
        print("Prepared." if done else "Everything was prepared already.")
    return OK


def _web(options: argparse.Namespace, env: Env) -> int:
    from dateline.serving import lines, processes

    lines.log_as("web")
    return processes.web(env)


def _follow(options: argparse.Namespace, env: Env) -> int:
    from dateline.serving import lines, processes

    lines.log_as("follower")
    return processes.follow(options.archive)


def _schedule(options: argparse.Namespace, env: Env) -> int:
    from dateline.serving import lines, processes

    lines.log_as("scheduler")
    return processes.schedule()


def _send(options: argparse.Namespace, env: Env) -> int:
    from dateline.serving import lines, processes

    lines.log_as("sender")
    return processes.send()


def _check_settings_too(options: argparse.Namespace) -> int:
    from dateline.serving.checking import table

    if options.all:
        print(table(os.environ), end="\n\n")
    return _with_settings(lambda env: _check(options, env))


def _check(options: argparse.Namespace, env: Env) -> int:
    from dateline.serving.checking import Level, findings

    faults = 0
    for finding in findings(env):
        faults += finding.level is Level.FAULT
        print(f"{finding.level:5}  {finding.text}")
    print("\nAll is well." if not faults else f"\nFaults found: {faults}.")
    return FAULT if faults else OK


def _rebuild(options: argparse.Namespace, env: Env) -> int:
    os.environ["DATELINE_ROLE"] = "follower"
    import django
    from django.db import DatabaseError

    from dateline.serving import lines

    lines.log_as("rebuild")
    django.setup()
    from dateline.serving.rebuilding import rebuild

    try:
        reached = rebuild(options.archive, var=env.var)
    except DatabaseError as error:
        print(f"dateline: The archive was not rebuilt: {str(error).strip()}", file=sys.stderr)
        return FAULT
    what = "feed of the wire" if options.archive == "wire" else f"archive {options.archive!r}"
    print(f"The {what} is made again, up to release {reached:,}.")
    return OK


def _wire(options: argparse.Namespace, env: Env) -> int:
    os.environ["DATELINE_ROLE"] = "follower"
    import django

    django.setup()
    from django.utils import timezone

    from dateline.wire import console

    if options.act == "clients":
        print("\n".join(console.clients_table(timezone.now())) or "There are no clients yet.")
        return OK
    text = console.new_token(
        options.client, name=options.name, days=options.days, now=timezone.now()
    )
    print(text)
    print(
        "Shown this once. Try it:\n"
        f'  curl --header "Authorization: Bearer {text}" {env.base_url}/api/v1/client',
        file=sys.stderr,
    )
    return OK


def _manage(arguments: list[str]) -> int:
    from dateline.serving import lines

    lines.name_process("manage")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["dateline manage", *arguments])
    return OK


# --- the words on the command line ---------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dateline",
        description="A news agency: the newsroom, the public site and the wire.",
        epilog="Settings are environment variables; `dateline check --all` lists them.",
    )
    parser.add_argument("--version", action="version", version=f"Dateline {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="command", required=True)

    def add(
        name: str, sentence: str, command: Callable[[argparse.Namespace, Env], int]
    ) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=sentence, description=sentence)
        added.set_defaults(command=command)
        return added

    add("serve", "Prepare, then run everything under one command until Ctrl-C.", _serve)
    demo = add("demo", "Fill the newsroom with the demo agency, seeded and made up.", _demo)
    demo.add_argument("--serve", action="store_true", help="then serve it, as `dateline serve`")
    demo.add_argument("--live", action="count", default=0, help="then release a story now and then")
    demo.add_argument("--stories", type=_count, metavar="N", help="how many stories, at first")
    demo.add_argument("--seed", type=_count, metavar="N", help="another number, other news")
    prepare = add("prepare", "Make or renew the databases and static files.", _prepare)
    prepare.add_argument("--quiet", action="store_true", help="say only what is wrong")
    check = add("check", "List what is wrong with this installation, in words.", _check)
    check.add_argument("--all", action="store_true", help="show every setting with its value first")
    rebuild = add("rebuild", "Make an archive, or the feed, again from the log.", _rebuild)
    rebuild.add_argument("archive", nargs="?", default="public", choices=["public", "wire"])
    add("web", "Run the web server alone.", _web)
    follow = add("follow", "Run one follower alone.", _follow)
    follow.add_argument("archive", choices=["public", "wire"])
    add("schedule", "Run the scheduler alone.", _schedule)
    add("send", "Run the sender of clients' deliveries alone.", _send)
    wire = add("wire", "List the wire's clients, or make a token for one.", _wire)
    acts = wire.add_subparsers(title="what", metavar="what", dest="act", required=True)
    acts.add_parser("clients", help="list the clients with contract, tokens and products")
    token = acts.add_parser("token", help="make a token for a client, and show it this once")
    token.add_argument("client", help="the client's short name")
    token.add_argument("--name", default="command line", help="what it is for")
    token.add_argument("--days", type=_count, metavar="N", help="how long it is valid")
    add("manage", "Run one of Django's own commands, for administrators.", _never)
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) > 10_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 to 10,000,000")
    return int(text)


def _never(options: argparse.Namespace, env: Env) -> int:
    raise AssertionError("`manage` is run before the command line is read")


if __name__ == "__main__":
    sys.exit(main())
