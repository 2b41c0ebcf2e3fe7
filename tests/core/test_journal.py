"""The journal: bounded, counted, redacted, canonical."""

from recording_emulator.core.journal import Journal, canonical, redact


def filled(limit: int, entries: int) -> Journal:
    journal = Journal(limit)
    for number in range(entries):
        journal.add(number, "note", "s", f"n{number}", 0)
    return journal


def test_old_entries_are_evicted_and_counted_and_counters_never_drop() -> None:
    journal = filled(limit=3, entries=10)

    assert [entry.name for entry in journal] == ["n7", "n8", "n9"]
    assert (journal.evicted, journal.counts["note"], journal.last_seq) == (7, 10, 10)


def test_since_returns_what_is_newer_and_still_here() -> None:
    journal = filled(limit=3, entries=10)

    assert [entry.seq for entry in journal.since(9)] == [10]
    assert [entry.seq for entry in journal.since(0)] == [8, 9, 10]
    assert journal.since(10) == []


def test_the_canonical_form_marks_secrets_and_addresses() -> None:
    journal = Journal(10)
    journal.add(0, "call", "", "x", 0, {"secretKey": "s3cr3t", "url": "http://127.0.0.1:4711/a"})

    lines = canonical(journal, frozenset({"secretKey"}), {"http://127.0.0.1:4711": "{base}"})

    assert lines == (
        b'{"type":"core.Entry","seq":1,"at_ms":0,"kind":"call","subject":"","name":"x","cause":0,'
        b'"detail":{"secretKey":"<secret>","url":"{base}/a"}}\n'
    )


def test_an_empty_journal_is_no_lines() -> None:
    assert canonical(Journal(10), frozenset(), {}) == b""


def test_a_secret_is_marked_in_a_tuple_too() -> None:
    told = redact({"users": ({"token": "s3cr3t"},)}, frozenset({"token"}))

    assert told == {"users": [{"token": "<secret>"}]}
