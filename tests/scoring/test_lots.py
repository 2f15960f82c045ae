"""Lots drawn from a list and a seed, checked against the shell's own `sha256sum`."""

from __future__ import annotations

from scoring.lots import digest_of, drawn, listed

NUMBERS = ["(2019)01", "(2019)02", "(2019)03", "(2019)04"]
# printf 'seed-7\n(2019)01' | sha256sum, and so on.
DIGESTS = {
    "(2019)01": "d4735e77fc26068970ac7585ad97591ecb9327495590bb4413fd1fe9f4be7118",
    "(2019)02": "5b2d32823ee6a52fbb2cfe8794cf7a6d3f1d750290b753e7e1bdff6d5175c756",
    "(2019)03": "0483ffcb9df1f55fc266ac072a5b4f2cf0d94934b01333f6b5a361646d6eeba1",
    "(2019)04": "2f80ca3f45dc89127a76578465021cc18cda1265e0bc1cc32840720a42a4e1e2",
}


def test_a_list_is_its_numbers_whatever_their_order_and_blanks() -> None:
    assert listed([" b", "a", "", "b ", "a"]) == ("a", "b")
    # printf 'a\nb' | sha256sum
    assert (
        digest_of(["b", "a "]) == "7e18f737311b2dc3b2f269dd78396b0351f14fb66efa879f768cb23181883c78"
    )


def test_the_smallest_digests_are_drawn() -> None:
    lots = drawn(reversed(NUMBERS), "seed-7", 2)
    assert dict(lots) == dict(sorted(DIGESTS.items(), key=lambda one: one[1])[:2])
    assert [lot.digest for lot in lots] == sorted(DIGESTS.values())[:2]
    assert len(drawn(NUMBERS, "seed-7", 9)) == 4
    assert drawn(NUMBERS, "seed-8", 2) != lots
