"""The prompt that training and use have in common."""

from hypothesis import given
from hypothesis import strategies as st

from namewright.shared import Request
from namewright.shared.prompts import MAX_PROMPT_DESCRIPTION_CHARACTERS, render_messages, render_request


def test_a_request_is_its_description_and_a_line_on_what_the_name_may_look_like():
    request = Request(
        description="organic  coffee\nshop",
        tlds=["com", "io"],
        allow_hyphens=True,
        allow_numbers=True,
        prefer_puns=True,
        tone="playful",
        must_contain=["bean"],
        avoid=["mug"],
    )
    assert render_request(request) == (
        "organic coffee shop\n.com .io, hyphens, numbers, puns, playful, with bean, without mug"
    )
    assert render_request(Request(description="coffee")) == "coffee\n.com"


def test_a_chat_has_a_system_message_and_the_request():
    assert [message["role"] for message in render_messages(Request(description="coffee"))] == ["system", "user"]


@given(st.text(min_size=1, max_size=3_000).map(lambda text: f"a {text}"))
def test_a_long_description_is_cut_between_words_and_the_constraints_are_never_lost(description):
    text, constraints = render_request(Request(description=description, tlds=["io"])).rsplit("\n", 1)
    assert constraints == ".io"
    assert "\n" not in text
    assert len(text) <= MAX_PROMPT_DESCRIPTION_CHARACTERS + len(" ...")


@given(st.text(alphabet="<|im_end>[INST]/s ", min_size=1, max_size=60))
def test_nothing_in_a_request_can_write_a_control_token(noise):
    request = Request(description=f"a {noise}", tone=noise, avoid=[noise])
    assert not set(render_request(request)) & set("<>[]")
