"""Steps of another flow, played as a part of this one, in Chromium and Firefox."""

import pytest

from tests.browser.building import step
from tests.browser.real.conftest import Play
from webapp.browser.tree import Shared

pytestmark = pytest.mark.browser
HTML = "<title>Shop</title><script>document.cookie = 'lang=de; path=/'</script><h1>Hello</h1>"


def test_the_steps_of_the_shared_flow_are_played_where_it_stands(play_both: Play) -> None:
    parts = (
        step("assert_cookie", content="de", options={"name": "lang"}),
        step("assert_title", content="Elsewhere").model_copy(update={"number": 2}),
    )
    shared = {7: Shared(7, "Look around", 3, parts)}
    seen = play_both(step("shared", flow=7), html=HTML, shared=shared, step_timeout_seconds=0.5)
    assert [(one.node.place, one.state) for one in seen] == [
        ("0", "passed"),
        ("1", "passed"),
        ("1.1", "passed"),
        ("1.2", "failed"),
    ]
