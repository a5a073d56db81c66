"""A test client whose requests share nothing with the test but the database, as in real life."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from webapp.extensions import db


class Visitor(FlaskClient):
    """Gives each request its own `g` and its own database session.

    Flask lends the test's app context to every request of its test client. Who is logged in, and
    whether a request only reads, would then be what the request before has left there.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.commit()  # a transaction of the test would keep the request waiting
        with self.application.app_context():
            answer = super().open(*args, **kwargs)
        db.session.expire_all()
        return answer
