"""What the service does with callers that leave, and with too many of them."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from namewright.suggest.candidates import Candidate
from namewright.suggest.service import MAX_WAITING, make_app
from namewright.suggest.suggester import Suggester

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.applications import Starlette

    from namewright.shared import Request

BODY = {"type": "http.request", "body": b'{"description": "organic coffee shop", "count": 1}', "more_body": False}
GONE = {"type": "http.disconnect"}


class OneName:
    """Says one name, when it may, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.may_answer = threading.Event()

    def rounds(self, request: Request, _seed: int) -> Iterator[list[Candidate]]:
        self.asked.append(request)
        self.may_answer.wait(30)
        yield [Candidate("brewhaven.com", -1.0, 0.5)]


@pytest.fixture
def source() -> OneName:
    return OneName()


@pytest.fixture
def app(source: OneName) -> Starlette:
    return make_app(Suggester(source), model="one-name")


async def post(app: Starlette, answers: list[tuple[int, Any]], *messages: dict[str, Any]) -> None:
    """Send a request as a server would; the client stays unless a message says that it is gone."""
    scope = {"type": "http", "method": "POST", "path": "/v1/suggestions", "headers": [], "query_string": b""}
    left = list(messages)

    async def receive() -> dict[str, Any]:
        if not left:
            await anyio.sleep_forever()
        return left.pop(0)

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answers.append((message["status"], None))
        else:
            answers[-1] = (answers[-1][0], json.loads(message["body"]))

    await app(scope, receive, send)


def test_a_client_that_leaves_in_the_middle_of_its_body_is_no_error(app: Starlette, source: OneName):
    answers: list[tuple[int, Any]] = []
    anyio.run(post, app, answers, BODY | {"more_body": True}, GONE)
    assert [status for status, _ in answers] == [499]
    assert source.asked == []


def test_who_left_while_waiting_is_not_served(app: Starlette, source: OneName):
    answers: list[tuple[int, Any]] = []

    async def two() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(post, app, answers, BODY)
            await anyio.wait_all_tasks_blocked()
            tasks.start_soon(post, app, answers, BODY, GONE)
            await anyio.wait_all_tasks_blocked()
            source.may_answer.set()

    anyio.run(two)
    assert sorted(status for status, _ in answers) == [200, 499]
    assert len(source.asked) == 1


def test_when_too_many_wait_the_next_is_sent_away(app: Starlette, source: OneName):
    answers: list[tuple[int, Any]] = []

    async def many() -> None:
        async with anyio.create_task_group() as tasks:
            for _ in range(MAX_WAITING + 1):
                tasks.start_soon(post, app, answers, BODY)
            await anyio.wait_all_tasks_blocked()
            await post(app, answers, BODY)
            source.may_answer.set()

    anyio.run(many)
    assert answers[0][0] == 503
    assert "try again later" in answers[0][1]["errors"][0]["message"]
    assert [status for status, _ in answers[1:]] == [200] * (MAX_WAITING + 1)
