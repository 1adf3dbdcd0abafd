"""Work that is shared with another process: everything is made once, whoever makes it and whenever the other is free."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from perf.pdf.batch import shared_with

TASKS = [f"{number:03d}" for number in range(100)]


def here(tasks: list[str]) -> list[bytes]:
    return [f"here {task}".encode() for task in tasks]


def there(tasks: list[str]) -> list[bytes]:
    return [f"there {task}".encode() for task in tasks]


def of_each(found: list[tuple[str, bytes]]) -> list[str]:
    """The tasks that were made, sorted; each file is of its own task."""
    assert all(content.decode().split()[1] == task for task, content in found)
    return sorted(task for task, _ in found)


def test_with_a_helper_that_is_free_every_task_is_made_once_by_either() -> None:
    with ThreadPoolExecutor(1) as helper:
        found = list(shared_with(helper, TASKS, here, there, size=lambda _task: 1))
    assert of_each(found) == TASKS
    assert any(content.startswith(b"there") for _, content in found)


def test_with_a_helper_that_never_comes_to_it_all_is_made_here() -> None:
    held = Event()
    with ThreadPoolExecutor(1) as helper:
        helper.submit(held.wait)
        found = list(shared_with(helper, TASKS, here, there, size=lambda _task: 1))
        held.set()
    assert of_each(found) == TASKS
    assert all(content.startswith(b"here") for _, content in found)


def test_a_few_tasks_and_none_at_all() -> None:
    with ThreadPoolExecutor(1) as helper:
        assert of_each(list(shared_with(helper, TASKS[:3], here, there, size=lambda _task: 1))) == TASKS[:3]
        assert list(shared_with(helper, [], here, there, size=lambda _task: 1)) == []


def test_what_goes_wrong_there_is_told_here() -> None:
    def fails(_tasks: list[str]) -> list[bytes]:
        raise ValueError("broken")

    with ThreadPoolExecutor(1) as helper, pytest.raises(ValueError, match="broken"):
        list(shared_with(helper, TASKS, here, fails, size=lambda _task: 1))
