"""Audit rows are written once."""

import pytest
from django.db import DatabaseError, transaction

from atelier.accounts.models import User
from atelier.audit.models import Record


@pytest.fixture
def record(alice: User) -> Record:
    return Record.objects.create(actor=alice, verb="x", object_type="project", object_id="p1")


def test_a_record_cannot_be_changed(record: Record) -> None:
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Record.objects.filter(pk=record.pk).update(verb="y")


def test_a_record_cannot_be_deleted(record: Record) -> None:
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        record.delete()
