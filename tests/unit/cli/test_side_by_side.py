"""Several processes: answers in order, and nothing lost where one of them ends before its time."""

import os
import signal

import pytest

from mingshi.cli.side_by_side import side_by_side

CHUNKS = [[number, number + 1] for number in range(0, 200, 2)]
HERE = os.getpid()


def squares(chunk: list[int]) -> list[tuple[int, int]]:
    return [(number * number, os.getpid()) for number in chunk]


def values(answers: list[list[tuple[int, int]]]) -> list[int]:
    return [value for answer in answers for value, _ in answer]


@pytest.mark.parametrize("processes", [1, 2, 4])
def test_answers_come_in_the_order_of_their_chunks(processes: int) -> None:
    answers = list(side_by_side(squares, CHUNKS, processes))
    assert values(answers) == [number * number for number in range(200)]
    assert len({process for answer in answers for _, process in answer}) <= processes


def test_the_others_work_and_so_does_this_process() -> None:
    answers = list(side_by_side(lambda chunk: [(sum(range(200_000)), os.getpid()) for _ in chunk], CHUNKS, 2))
    workers = [process for answer in answers for _, process in answer]
    assert 0 < workers.count(HERE) < len(workers)


class Learner:
    """What each process learns: whose work it was told of."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []
        self._own: list[tuple[int, int]] = []

    def work(self, chunk: list[int]) -> list[tuple[int, list[tuple[int, int]]]]:
        self._own += [(os.getpid(), sum(range(100_000)) * 0 + number) for number in chunk]
        return [(os.getpid(), list(self.told)) for _ in chunk]

    def news(self) -> list[tuple[int, int]]:
        news, self._own = self._own, []
        return news

    def learn(self, news: list[tuple[int, int]]) -> None:
        self.told += news


def test_what_one_has_learnt_every_other_is_told_once() -> None:
    learner = Learner()
    seen = [each for answer in side_by_side(learner.work, CHUNKS, 3, learner) for each in answer]
    last = dict(seen) | {HERE: learner.told}
    assert len(last) == 3
    for process, told in last.items():
        assert len(set(told)) == len(told)
        assert {one for one, _ in told} == last.keys() - {process}
    done_elsewhere = {number for number, (process, _) in enumerate(seen) if process != HERE}
    assert {number for _, number in learner.told} == done_elsewhere


def test_what_a_killed_process_had_before_it_is_done_here() -> None:
    def killed(chunk: list[int]) -> list[tuple[int, int]]:
        if os.getpid() != HERE and 4 in chunk:
            os.kill(os.getpid(), signal.SIGKILL)
        return squares(chunk)

    assert values(list(side_by_side(killed, CHUNKS, 3))) == [number * number for number in range(200)]


def test_answers_larger_than_a_pipe_do_not_stop_the_work() -> None:
    answers = list(side_by_side(lambda chunk: [bytes(3 << 20) for _ in chunk], CHUNKS[:12], 2))
    assert sum(len(one) for answer in answers for one in answer) == 24 * (3 << 20)


def test_what_fails_fails_here_and_no_process_is_left(capfd: pytest.CaptureFixture[str]) -> None:
    started: list[int] = []

    def failing(chunk: list[int]) -> list[int]:
        return [1 // (number - 30) for number in chunk]

    with pytest.raises(ZeroDivisionError):
        started.extend(len(one) for one in side_by_side(failing, CHUNKS, 3))
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
