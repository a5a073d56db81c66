"""Everything a step can do. A new action is one module here and one import line."""

import webapp.browser.actions.accessibility
import webapp.browser.actions.assertions
import webapp.browser.actions.blocks
import webapp.browser.actions.downloads
import webapp.browser.actions.failures
import webapp.browser.actions.keyboard
import webapp.browser.actions.navigation
import webapp.browser.actions.network
import webapp.browser.actions.picture
import webapp.browser.actions.pointer
import webapp.browser.actions.timing
import webapp.browser.actions.waiting  # noqa: F401  (each registers its actions)
from webapp.browser.actions.registry import ACTIONS, Action, Finding, action_named

__all__ = ["ACTIONS", "Action", "Finding", "action_named"]
