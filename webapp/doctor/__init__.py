"""What is missing or wrong on this machine, and the command that mends it."""

from webapp.doctor import machine  # isort: skip  (the order of the report)
from webapp.doctor import browsers, parts  # isort: skip
from webapp.doctor.checks import CHECKS, Check, Finding, State, examine

__all__ = ["CHECKS", "Check", "Finding", "State", "browsers", "examine", "machine", "parts"]
