from collections import Counter

from questionnaires.order import SEEDS, sections_in_order


def ids(sections):
    return [question.id for section in sections for question in section.questions]


def test_the_same_seed_shows_the_same_order(careful):
    assert ids(sections_in_order(careful, 7)) == ids(sections_in_order(careful, 7))


def test_the_order_of_a_seed_never_changes(careful):
    """Recorded seeds must tell the order that was shown, years later as well."""
    assert [ids(sections_in_order(careful, seed))[:4] for seed in (0, 1)] == [
        ["lawful", "clear", "polite", "listens"],
        ["polite", "clear", "lawful", "listens"],
    ]


def test_every_criterion_comes_first_about_equally_often(careful):
    firsts = Counter(ids(sections_in_order(careful, seed))[0] for seed in SEEDS)

    assert set(firsts) == {"polite", "listens", "clear", "lawful"}
    assert all(200 <= count <= 300 for count in firsts.values())


def test_only_factors_that_ask_for_it_are_shuffled(every_kind):
    assert sections_in_order(every_kind, 7) == every_kind.sections


def test_nothing_is_lost_or_added(careful):
    assert sorted(ids(sections_in_order(careful, 7))) == sorted(ids(careful.sections))
