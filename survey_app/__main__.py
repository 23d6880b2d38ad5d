"""``python -m survey_app`` is ``sipas``, also where nothing is on the path."""

from survey_app.cli import main

main(prog_name="sipas")
