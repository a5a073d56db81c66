"""Everything a step can do. A new action is one module here and one import line."""

import webapp.browser.actions.accessibility
import webapp.browser.actions.assertions
import webapp.browser.actions.blocks
import webapp.browser.actions.choices
import webapp.browser.actions.dialogs
import webapp.browser.actions.downloads
import webapp.browser.actions.element_assertions
import webapp.browser.actions.extracting
import webapp.browser.actions.failures
import webapp.browser.actions.forms
import webapp.browser.actions.frames
import webapp.browser.actions.generating
import webapp.browser.actions.http
import webapp.browser.actions.keyboard
import webapp.browser.actions.mailbox
import webapp.browser.actions.navigation
import webapp.browser.actions.network
import webapp.browser.actions.page_assertions
import webapp.browser.actions.picture
import webapp.browser.actions.pointer
import webapp.browser.actions.scripts
import webapp.browser.actions.state_assertions
import webapp.browser.actions.text_waits
import webapp.browser.actions.timing
import webapp.browser.actions.totp
import webapp.browser.actions.uploading
import webapp.browser.actions.variables
import webapp.browser.actions.waiting
import webapp.browser.actions.windows  # noqa: F401  (each registers its actions)
from webapp.browser.actions.registry import ACTIONS, Action, Finding, action_named

__all__ = ["ACTIONS", "Action", "Finding", "action_named"]
