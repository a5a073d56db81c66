"""How the operator names a flow on the command line: by its id."""

from typing import Any

import click

from webapp.extensions import db
from webapp.flows.models import Flow

LARGEST_ID = 2**63 - 1


class FlowId(click.ParamType[int]):
    """A number that can be the id of a flow; others are answered as unknown, not as a crash."""

    name = "flow id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value)
        if not text.isascii() or not text.isdigit() or int(text) > LARGEST_ID:
            self.fail(f"“{text[:40]}” is not the id of a flow.", param, ctx)
        return int(text)


def flow_of(flow_id: int) -> Flow:
    flow = db.session.get(Flow, flow_id)
    if flow is None:
        raise click.UsageError(f"There is no flow {flow_id}.")  # exit code 2
    return flow
