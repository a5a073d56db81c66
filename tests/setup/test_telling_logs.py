"""What the start says of a process that keeps ending."""

from webapp.supervision.front import LOG_LINES, _telling


def test_the_error_is_told_although_the_next_attempt_has_begun():
    log = [
        *[f"  frame {n}" for n in range(20)],
        "ZeroDivisionError: division by zero",
        "[INFO] Shutting down",
        *[f"[INFO] next attempt {n}" for n in range(20)],
    ]
    told = _telling(log)
    assert told[-1] == "ZeroDivisionError: division by zero"
    assert len(told) == LOG_LINES


def test_a_log_without_an_error_ends_where_it_ends():
    assert _telling(["a", "b"]) == ["a", "b"]
    assert _telling([]) == []
