"""What each command of Selenium IDE becomes, by its name."""

from webapp.imports.selenium_ide import checks, dialogs, elements, pages, values
from webapp.imports.selenium_ide.translating import Translate

COMMANDS: dict[str, Translate] = {
    **pages.COMMANDS,
    **elements.COMMANDS,
    **checks.HARD,
    **checks.SOFT,
    **checks.WAITS,
    **values.COMMANDS,
    **dialogs.COMMANDS,
}
