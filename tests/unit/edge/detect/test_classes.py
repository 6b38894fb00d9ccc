"""Classes: the numbers of a network become ours, or nothing."""

from contracts.classes import RoadUserClass
from edge.detect.classes import NOT_OURS, coco_table, table_from_names


def test_coco_numbers() -> None:
    """COCO has car before motorcycle; a motorcycle taken for a car breaks every helmet rule."""
    table = coco_table()
    assert table[3] == RoadUserClass.MOTORCYCLE
    assert table[2] == RoadUserClass.CAR
    assert table[6] == NOT_OURS  # train
    assert {number: RoadUserClass(cls) for number, cls in enumerate(table) if cls != NOT_OURS} == {
        0: RoadUserClass.PERSON,
        1: RoadUserClass.BICYCLE,
        2: RoadUserClass.CAR,
        3: RoadUserClass.MOTORCYCLE,
        5: RoadUserClass.BUS,
        7: RoadUserClass.TRUCK,
        24: RoadUserClass.OBJECT,  # backpack
        26: RoadUserClass.OBJECT,  # handbag
        28: RoadUserClass.OBJECT,  # suitcase
    }


def test_names_out_of_a_file_win() -> None:
    """Somebody's own network with its own order and words."""
    table = table_from_names("{0: 'Motorbike', 1: 'helmet', 2: 'pedestrian', 3: 'suitcase'}", 4)
    assert table is not None
    assert table.tolist() == [RoadUserClass.MOTORCYCLE, NOT_OURS, RoadUserClass.PERSON, RoadUserClass.OBJECT]


def test_nonsense_names_are_no_names() -> None:
    """Never run what stands in a file."""
    for text in (None, "", "{0: 'car'}", "__import__('os').system('true')", "[1, 2", "7"):
        assert table_from_names(text, 3) is None
