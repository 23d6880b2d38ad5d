"""The door a web server knocks on: ``gunicorn wsgi:app`` or ``granian wsgi:app``."""

from survey_app import create_app

app = create_app()
