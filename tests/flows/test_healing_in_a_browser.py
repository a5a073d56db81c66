"""A real browser shows a proposal, accepts it and undoes that, by keyboard and on a telephone."""

import pytest
from selenium.webdriver.common.keys import Keys

from tests.factories import make_flow, make_run
from tests.runs.pages.conftest import chrome, person, site  # noqa: F401  fixtures
from tests.runs.pages.test_following import eventually
from webapp.extensions import db
from webapp.flows import healing
from webapp.flows.bodies import closed_steps
from webapp.flows.editing import current_version
from webapp.runs.states import State

pytestmark = pytest.mark.browser

LONG = (
    "/html/body/div[2]/main/div/div[3]/section/form/div/div/div[2]/span/button[contains(., 'Buy')]"
)
LOCATORS = [
    {"by": "xpath", "value": LONG},
    {"by": "css", "value": "#buy"},
    {"by": "role", "value": 'button[name="Buy now"]'},
]
WHY = (
    f'Found by role button[name="Buy now"]. XPath {LONG}: no such element; CSS #buy: it is '
    "disabled."
)


@pytest.fixture
def flow(alice):
    steps = (
        {"number": 1, "action": "open", "content": "/"},
        {"number": 2, "action": "click", "name": "Put it into the basket", "locators": LOCATORS},
    )
    flow = make_flow(alice, steps)
    healing.propose(
        project_id=flow.project_id,
        flow_id=flow.id,
        step=closed_steps(current_version(flow))[1],
        winner=2,
        why=WHY,
        run_id=make_run(flow, State.PASSED).id,
    )
    db.session.commit()
    return flow


def focused(person) -> str:  # noqa: F811
    return str(person.driver.execute_script("return document.activeElement.id"))


def first_of(flow) -> str:
    db.session.expire_all()
    found = closed_steps(current_version(flow))[1].locators[0].by
    db.session.commit()
    return found


def test_a_proposal_is_accepted_and_undone(person, flow):  # noqa: F811
    person.goes_to(f"/flows/{flow.id}")
    person.sees("#healings .healing-step", "Step 2: Put it into the basket")
    person.sees("#healings .btn-primary", "Accept").send_keys(Keys.ENTER)
    person.sees(".healing-decided", "1 decided")
    assert first_of(flow) == "role"
    eventually(lambda: focused(person) == "healings-heading")
    person.sees(".healing-decided .btn", "Undo").send_keys(Keys.ENTER)
    person.sees("#healings .healing-step", "Step 2: Put it into the basket")
    assert first_of(flow) == "xpath"


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_everybody_can_read_it(person, flow, width, colours):  # noqa: F811
    person.prefers(colours)
    person.has_a_screen(width, 900)
    person.goes_to(f"/flows/{flow.id}").sees("#healings .btn-primary", "Accept")
    assert person.asks_axe() == []
    wide = person.driver.execute_script("return document.documentElement.scrollWidth")
    assert wide <= width
    person.takes_a_picture(f"healing-{width}-{colours}")
