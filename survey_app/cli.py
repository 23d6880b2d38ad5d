"""``sipas``: every command by name; a command's module is imported when it runs."""

from __future__ import annotations

import importlib
import sys

import click

COMMANDS = {
    "db": ("survey_app.commands:database", "Cơ sở dữ liệu: tạo, nâng cấp."),
    "serve": ("survey_app.commands:serve", "Chạy máy chủ trên máy này."),
    "doctor": ("survey_app.commands:doctor", "Kiểm tra cài đặt và nói việc cần làm."),
    "user": ("survey_app.accounts.commands:user", "Tài khoản: thêm, đặt lại mật khẩu."),
    "audit": ("survey_app.accounts.commands:audit", "Nhật ký: kiểm tra tính toàn vẹn."),
    "questionnaire": (
        "survey_app.paper.commands:questionnaire",
        "Mẫu phiếu: kiểm tra, XLSForm, phiếu giấy.",
    ),
    "api-key": (
        "survey_app.api.commands:api_key",
        "Khóa cho phần mềm một cửa.",
    ),
    "import": ("survey_app.fieldwork.commands:import_", "Nhập đơn vị, hồ sơ, phiếu."),
    "sample": ("survey_app.fieldwork.commands:sample", "Cỡ mẫu, phân bổ, chọn mẫu."),
    "wave": ("survey_app.fieldwork.commands:wave", "Đợt khảo sát."),
    "index": (
        "survey_app.results.commands:index",
        "Chỉ số hài lòng từ bộ số liệu.",
    ),
    "score": ("survey_app.results.commands:score", "Điểm SIPAS của một bộ số liệu."),
    "estimate": (
        "survey_app.estimate.commands:estimate",
        "Ước lượng từ tệp bất kỳ và tệp thiết kế.",
    ),
    "demo": ("survey_app.demonstration.commands:demo", "Trình diễn, số liệu mô phỏng."),
}


class LazyGroup(click.Group):
    """Lists commands without importing them, so that ``--help`` is instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        found: click.Command = getattr(importlib.import_module(module), name)
        return found

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a refusal is its reasons, one to a line, and exit 1."""
        try:
            return super().invoke(ctx)
        except Exception as mishap:
            errors = sys.modules.get("survey_app.errors")
            if errors is None or not isinstance(mishap, errors.SurveyError):
                raise
            for reason in getattr(mishap, "reasons", (mishap.message,)):
                click.echo(reason, err=True)
            ctx.exit(1)

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(n, COMMANDS[n][1]) for n in sorted(COMMANDS)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """SIPAS: khảo sát mức độ hài lòng tại Bộ phận Một cửa."""
