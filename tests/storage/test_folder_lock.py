"""Two Amparos never work on one data folder."""

import os
from pathlib import Path

import pytest

from amparo.storage.errors import StorageError
from amparo.storage.folder_lock import FolderLock
from tests.storage.clusters import python

HOLD_AND_WAIT = """
import sys
from pathlib import Path
from amparo.storage.folder_lock import FolderLock
lock = FolderLock(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""

HOLD_AND_FORK = HOLD_AND_WAIT.replace(
    'print("held", flush=True)', 'import os; os.fork() or print("forked", flush=True)'
)


def test_the_second_is_told_who_holds_the_folder_and_a_kill_frees_it(tmp_path: Path) -> None:
    holder = python(HOLD_AND_WAIT, tmp_path)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(StorageError, match=rf"process {holder.pid}\b.*{tmp_path}"):
        FolderLock(tmp_path).acquire()
    holder.kill()
    holder.communicate()
    with FolderLock(tmp_path):
        pass


def test_one_process_cannot_hold_it_twice_but_may_ask_again(tmp_path: Path) -> None:
    with FolderLock(tmp_path) as lock:
        lock.acquire()
        with pytest.raises(StorageError, match=rf"process {os.getpid()}\b"):
            FolderLock(tmp_path).acquire()


def test_a_forked_worker_does_not_keep_it_for_a_dead_parent(tmp_path: Path) -> None:
    parent = python(HOLD_AND_FORK, tmp_path)
    assert parent.stdout is not None
    assert parent.stdout.readline() == "forked\n"
    with pytest.raises(StorageError, match=rf"process {parent.pid}\b"):
        FolderLock(tmp_path).acquire()
    parent.kill()
    parent.wait()
    with FolderLock(tmp_path):
        pass
    parent.communicate()


def test_giving_it_back_frees_it_at_once(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path)
    lock.acquire()
    lock.release()
    lock.release()
    with FolderLock(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be used"):
        FolderLock(tmp_path / "file" / "data").acquire()
