"""`chaidaen up`, `down`, `demo` and `doctor`."""

import typer


def register(app: typer.Typer) -> None:
    """Mount the commands that start, stop, show and examine the local stack."""
    app.command(rich_help_panel="Stack")(up)
    app.command(rich_help_panel="Stack")(down)
    app.command(rich_help_panel="Stack")(demo)
    app.command(rich_help_panel="Stack")(doctor)


def up() -> None:
    """Start PostgreSQL and Airflow on this machine and leave them running.

    Files dropped into the landing folder are then checked, loaded and published without any further command. Everything
    listens on 127.0.0.1 only. Stop it with `chaidaen down`.
    """
    from rich.console import Console

    from chaidaen.stack.local import up as start

    console = Console()
    stack = start(Console(stderr=True))
    console.print("[bold]ระบบพร้อมใช้งาน · Already running[/]" if stack.was_running else "[bold]ระบบพร้อมใช้งาน · Ready[/]")
    console.print(f"  Airflow   {stack.url}", highlight=False)
    if stack.password:
        console.print(f"  ผู้ใช้ · user {stack.user}   รหัสผ่าน · password {stack.password}", highlight=False)
        console.print(f"            (ไม่แสดงอีก · not shown again; kept in {stack.password_file})", highlight=False)
    else:
        console.print(f"  ผู้ใช้ · user {stack.user}   รหัสผ่านอยู่ใน · password in {stack.password_file}", highlight=False)
    folder = f"{stack.landing}/<agency>/<dataset>/<period>/"
    console.print(f"  วางไฟล์ที่ · drop files in   {folder}", highlight=False, soft_wrap=True)
    console.print(f"  ใบรับและรายงาน · receipts   {stack.outbox}", highlight=False, soft_wrap=True)
    console.print("  ฐานข้อมูล · database        chaidaen db url --role chaidaen_bi", highlight=False)


def down() -> None:
    """Stop everything that `chaidaen up` started, and the embedded PostgreSQL. Nothing is lost."""
    from rich.console import Console

    from chaidaen.stack.local import down as stop

    console = Console()
    with Console(stderr=True).status("กำลังหยุดระบบ · stopping"):
        was_running = stop()
    console.print("หยุดแล้ว · Stopped." if was_running else "ไม่มีอะไรทำงานอยู่ · Nothing was running.")


def demo() -> None:
    """Show the whole way on sample submissions of all five provinces: dropped files to published marts.

    The same DAGs, database, checks and gate as in real use. Safe to run again: nothing is loaded twice.
    """
    from chaidaen.demo import run

    run()


def doctor(as_json: bool = typer.Option(False, "--json", help="Machine-readable.")) -> None:
    """Look for what is missing on this machine and say how to mend it. Exit code 1 when something must be mended."""
    from chaidaen.stack.doctor import report

    raise typer.Exit(report(as_json=as_json))
