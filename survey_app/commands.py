"""Commands that run the program itself: its database, its server, its check-up."""

from __future__ import annotations

import json

import click

from survey_app import create_app


@click.group()
def database() -> None:
    """Cơ sở dữ liệu."""


@database.command("upgrade")
def upgrade_database() -> None:
    """Tạo các bảng còn thiếu, nạp các mẫu phiếu và cách tính điểm đã ban hành."""
    from survey_app import clock, db, upgrade

    app = create_app()
    with app.app_context():
        upgrade.migrate(db.current_database().engine)
        with db.begin() as session:
            upgrade.publish_shipped(session, now=clock.now())
    click.echo("Cơ sở dữ liệu đã sẵn sàng.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Địa chỉ nghe.")
@click.option("--port", default=8000, show_default=True, help="Cổng; 0: cổng trống.")
@click.option("--threads", default=8, show_default=True, help="Số luồng xử lý.")
def serve(host: str, port: int, threads: int) -> None:
    """Chạy máy chủ trên máy này (Ctrl+C để dừng)."""
    from survey_app import server

    server.run(
        create_app(),
        host=host,
        port=port,
        threads=threads,
        ready=lambda url: click.echo(f"Đang phục vụ tại {url}"),
    )


@click.command()
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Kiểm tra cài đặt, dữ liệu, khóa bí mật và nói việc cần làm."""
    from survey_app import check_up

    app = create_app()
    with app.app_context():
        findings = check_up.findings(app)
    if as_json:
        rows = [finding.as_json() for finding in findings]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(finding.as_text())
    ctx.exit(1 if any(finding.must_be_done for finding in findings) else 0)
