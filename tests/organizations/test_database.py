"""What the database itself refuses, whoever asks."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection

from organizations.models import Appointment
from tests.builders import organization as org


def test_the_database_itself_lets_an_appointment_end_once_and_change_in_no_other_way(fresh_database):
    org.district()
    row = org.post("handler", org.STREET).appointments.get()
    for statement, refused in (
        ("UPDATE organizations_appointment SET post = 'principal_leader' WHERE id = %s", ProgrammingError),
        ("DELETE FROM organizations_appointment WHERE id = %s", ProgrammingError),
        ("UPDATE organizations_appointment SET valid_to = '2026-12-31' WHERE id = %s", IntegrityError),
    ):
        with pytest.raises(refused), connection.cursor() as cursor:
            cursor.execute(statement, [row.pk])
    assert Appointment.objects.get(pk=row.pk).valid_to is None
