import pytest

from webapp.config import Config
from webapp.demo.shop import create_shop

SHOP = "/shop-of-alice"


@pytest.fixture
def config(tmp_path):
    return Config.from_env({"VAR": str(tmp_path)})


@pytest.fixture
def shop(config):
    return create_shop(config)


@pytest.fixture
def visitor(shop):
    return shop.test_client()


@pytest.fixture
def switch(visitor):
    def throw(**switches):
        assert visitor.post(f"{SHOP}/switches", data=switches).status_code == 303

    return throw


@pytest.fixture
def buyer(visitor):
    """Somebody who is logged in and has a lantern in the basket."""
    visitor.post(f"{SHOP}/login", data={"username": "ada", "password": "wick-and-wax"})
    visitor.post(f"{SHOP}/basket", data={"product": "harbour-lantern", "add": "1"})
    return visitor
