"""Facts are read once within a block, and only there."""

from dashebao.kernel.records.api import read_once, reading_once

asked: list[int] = []


@read_once
def doubled(number: int) -> int:
    asked.append(number)
    return 2 * number


def test_a_question_is_asked_once_within_a_block_and_anew_outside_of_it():
    asked.clear()
    assert (doubled(1), doubled(1)) == (2, 2)
    with reading_once():
        assert [doubled(1), doubled(1), doubled(2)] == [2, 2, 4]
        with reading_once():
            assert doubled(1) == 2
        assert doubled(1) == 2
    assert doubled(1) == 2
    assert asked == [1, 1, 1, 2, 1]
