"""Turns between real threads: never more than the places, nobody is left waiting, whoever leaves or dies."""

import threading
import time

import pytest

from edge.engine.desk import TurnDesk

pytestmark = pytest.mark.timeout(30)


def test_threads_share_two_places_evenly() -> None:
    """Eight threads that all want more than there is."""
    desk = TurnDesk(2)
    counts = [0] * 8
    inside: list[int] = []
    most = 0
    stop = threading.Event()

    def camera(number: int) -> None:
        nonlocal most
        ticket = desk.join(50)
        while not stop.is_set():
            pause_s = desk.ask(ticket, 50)
            if pause_s > 0:
                time.sleep(pause_s)
            elif desk.wait(ticket):
                inside.append(number)
                most = max(most, len(inside))
                time.sleep(0.01)
                inside.remove(number)
                counts[number] += 1
                desk.end(ticket)
        desk.leave(ticket)

    threads = [threading.Thread(target=camera, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(2)
    stop.set()
    for thread in threads:
        thread.join(5)
    assert not any(thread.is_alive() for thread in threads)
    assert most <= 2
    assert min(counts) >= 0.7 * max(counts) > 0
    assert desk.usual_s is not None
    assert desk.usual_s >= 0.01


def test_who_leaves_while_he_waits_is_let_go() -> None:
    """A camera that is ended stands in line: its thread must end, too."""
    desk = TurnDesk(1)
    first, second = desk.join(5), desk.join(5)
    assert desk.ask(first, 5) == 0
    assert desk.wait(first)
    assert desk.ask(second, 5) == 0
    threading.Timer(0.05, desk.leave, [second]).start()
    assert not desk.wait(second)
    assert desk.ask(second, 5) == 0
    assert not desk.wait(second)
    desk.leave(second)


def test_who_leaves_with_a_turn_gives_it_back() -> None:
    desk = TurnDesk(1)
    first, second = desk.join(5), desk.join(5)
    desk.ask(first, 5)
    desk.wait(first)
    desk.ask(second, 5)
    desk.leave(first)
    assert desk.wait(second)
    desk.end(first)
    assert desk.ask(desk.join(5), 5) == 0


def test_a_place_that_hangs_is_given_to_others_once() -> None:
    """And when the hanging one comes back after all, he ends no turn but his own."""
    desk = TurnDesk(1)
    hung, second, third = desk.join(5), desk.join(5), desk.join(5)
    desk.ask(hung, 5)
    desk.wait(hung)
    desk.ask(second, 5)
    desk.take_back(hung)
    assert desk.wait(second)
    desk.ask(third, 5)
    desk.end(hung)
    assert not third.bell.is_set()
    desk.end(second)
    assert desk.wait(third)
