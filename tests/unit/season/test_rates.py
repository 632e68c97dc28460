"""The table of rates is frozen: changing it is a change of the design, seen by everybody in this file."""

from dataclasses import fields

from mingshi.season.presets import PRESETS
from mingshi.season.rates import BEST_RESPONSE, DEFAULT, NAIVE, OPEN_OFFICE, fingerprint

FROZEN = "f24e21557d05469c9a3fd56d354b262537b8b9195e252e632b188a6bc97192c2"


def test_the_table_of_rates_is_the_frozen_one():
    assert fingerprint() == FROZEN


def test_the_open_office_differs_where_the_design_says_and_nowhere_else():
    differs = {
        each.name: getattr(OPEN_OFFICE, each.name)
        for each in fields(DEFAULT)
        if getattr(OPEN_OFFICE, each.name) != getattr(DEFAULT, each.name)
    }
    assert differs == {
        "check_in_recorded": 0.97,
        "client_confirms": 0.85,
        "receipt_kept": 0.95,
        "statement_truthful": 0.80,
        "look_up_logged": 1.0,
        "honest_look_up": 1.0,  # the same log
        "shared_pass": 0.60,
    }


def test_the_rates_of_the_design_are_the_designs():
    table = DEFAULT
    assert (table.days, table.agencies, table.agents, table.consultants) == (30, 12, 150, 14)
    assert (table.natural_groups, table.natural_buys) == (700, 0.09)
    assert (table.channel_groups, table.channel_buys) == (450, 0.12)
    assert (table.check_in_recorded, table.receipt_kept, table.statement_truthful) == (0.92, 0.50, 0.55)
    assert (table.look_up_logged, table.shared_pass, table.face) == (0.45, 0.35, 0.50)
    assert (table.jk, table.ck, table.hh, table.xk, table.jk_waits) == (0.35, 0.30, 0.25, 0.10, 0.5)
    assert (table.channel_called_before, table.family_came_before, table.short_gap) == (0.04, 0.05, 0.03)
    assert (table.late_report, table.duplicate, table.edit_logged) == (0.02, 0.08, 0.97)
    assert (table.fixed_yuan, table.percent, table.cancelled, table.swapped) == (40_000, 0.015, 0.04, 0.01)
    assert 0.6 <= table.truthful_when_colluding <= 0.7
    assert abs(table.hijacked - 50 / 63) < 1e-12


def test_the_two_kinds_of_collusion_are_the_designs():
    assert (NAIVE.shows_receipts, NAIVE.always_lies, NAIVE.device_changed) == (True, False, 0.0)
    assert (BEST_RESPONSE.shows_receipts, BEST_RESPONSE.always_lies) == (False, True)
    assert BEST_RESPONSE.device_changed == 0.7


def test_every_preset_of_the_design_is_here():
    assert set(PRESETS) >= {
        "megvii-T1", "megvii-T2", "megvii-T3", "clean", "honest", "zero-face", "all-face", "refusers-parity",
        "agency-war", "family-heavy", "clock-chaos", "hengshui-load", "cancel-storm", "rule-change-midseason",
        "withdrawal-wave", "insider", "masked-only", "open-office", "best-response", "site-steals", "crowd",
        "launch-day", "presale", "groups", "shared-phones", "erasure",
    }  # fmt: skip
