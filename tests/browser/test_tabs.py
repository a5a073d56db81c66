"""What is known of the tabs of a browser."""

from webapp.browser.tabs import Tabs


def opened() -> Tabs:
    tabs = Tabs("shop")
    tabs.refresh(["shop", "help"], "shop")
    tabs.enter("help")
    tabs.refresh(["shop", "help", "more"], "help")
    return tabs


def test_tabs_are_counted_as_they_opened_whatever_the_browser_says() -> None:
    tabs = opened()
    assert tabs.refresh(["more", "last", "shop", "help"], "more")[0].handle == "last"
    assert tabs.handles == ("shop", "help", "more", "last")
    assert [tabs.number(handle) for handle in ("shop", "last", "gone")] == [1, 4, 0]


def test_the_newest_tab_is_one_that_the_run_was_not_in() -> None:
    tabs = opened()
    assert tabs.newest is not None and tabs.newest.handle == "more"
    tabs.enter("more")
    assert tabs.newest is None


def test_after_a_tab_its_opener_follows_or_else_the_last_one() -> None:
    assert opened().follower("more", ["shop", "help"]) == "help"
    assert opened().follower("more", ["shop"]) == "shop"
    assert opened().follower("shop", ["shop", "help", "more"]) == "more"
    assert opened().follower("more", []) == ""


def test_a_name_belongs_to_one_tab() -> None:
    tabs = opened()
    tabs.give_name("shop", "a")
    tabs.give_name("help", "a")
    assert [tab.name for tab in tabs.all] == ["", "a", ""]


def test_a_tab_is_prepared_once() -> None:
    tabs = opened()
    assert [tabs.was_prepared(one) for one in ("shop", "help", "help")] == [True, False, True]
