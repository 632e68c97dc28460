"""Purchase units: numbers that are one household's, and grow together."""

from contextlib import closing

from office import Office, phone

from mingshi.app.check_in import CheckIn, check_in
from mingshi.domain.evidence import DoorCode, Means


def test_units_that_are_joined_are_one_with_all_their_members(quick_path):
    office = Office(quick_path, roster=False)
    for number in range(1, 6):
        assert office.do(check_in, CheckIn(phone(number), Means.OTP, DoorCode.VALID))

    def joined(transaction):
        def units(*numbers):
            return transaction.units([phone(number) for number in numbers])

        assert len(units(1, 2, 3, 4, 5)) == 5
        assert transaction.join([phone(2), phone(3)])
        assert transaction.join([phone(4), phone(5)])
        assert len(units(2, 3)) == len(units(4, 5)) == 1
        assert units(2) != units(4)
        assert transaction.join([phone(3), phone(5)]), "each by a member that is not its first"
        assert len(units(2, 3, 4, 5)) == 1
        assert transaction.join([phone(1), phone(4)])
        assert transaction.join([phone(1), phone(2)]), "they are one already"
        return units(1, 2, 3, 4, 5)

    assert len(office.store.look(joined, now=office.now)) == 1
    office.close()


def test_who_was_joined_is_found_by_the_index_and_nobody_else_stands_in_it(quick_path):
    office = Office(quick_path, roster=False)
    with closing(office.store.connect()) as connection:
        plan = "EXPLAIN QUERY PLAN UPDATE person SET unit = 1 WHERE unit = 2 AND unit != id"
        assert "person_unit" in str(connection.execute(plan).fetchall())
    office.close()
