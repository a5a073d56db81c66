"""Make the sample flow: a purchase in a demo shop that is the maker's own to break."""

import re
import secrets

from flask import current_app

from webapp.accounts.models import Project, User
from webapp.browser.steps import parse_step
from webapp.config import Config
from webapp.flows import editing
from webapp.flows.bodies import kept_values
from webapp.flows.models import Flow
from webapp.flows.sample import sample_flow


def create_sample(project: Project, by: User) -> Flow:
    """The sample flow with a shop of its own, so that nobody breaks another's. Does not commit."""
    sample = sample_flow(_demo_url(), f"wick-{secrets.token_hex(6)}")
    return editing.create_flow(
        project,
        by,
        name=sample["name"],
        url=sample["url"],
        browser=sample["browser"],
        cron=sample["scheduling"],
        time_zone=by.time_zone,
        steps=[kept_values(parse_step(step)) for step in sample["steps"]],
    )


def shop_switches(flow: Flow) -> str | None:
    """Where the demo shop of a sample flow is broken and mended; None for other flows."""
    shop = re.match(re.escape(_demo_url()) + r"/([a-z0-9-]{8,40})/", flow.url)
    return f"{_demo_url()}/{shop[1]}/switches" if shop else None


def _demo_url() -> str:
    config: Config = current_app.config["LAMPLIGHTER"]
    return config.demo_url
