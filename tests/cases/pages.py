"""A person at the pages: signs in, reads, sends forms as a browser without script would."""

import re
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.models import Case
from organizations.models import User
from tests.builders.cases import picture


class Person:
    """`Person(actor).send("survey-sign", case)`; what comes back is on `reply` and, as text, on `said`."""

    def __init__(self, actor):
        self.actor = actor
        self.client = Client()
        self.client.force_login(User.objects.get(pk=actor.user_id), backend="django.contrib.auth.backends.ModelBackend")
        session = self.client.session
        session["appointment_id"] = actor.appointment_id
        session.save()

    def opens(self, name, *args, **query):
        self.reply = self.client.get(reverse(f"cases:{name}", args=args), query)
        return self

    def sends(self, name, *args, follow=True, **values):
        data = {"key": str(uuid.uuid4()), **{key.replace("__", "-"): value for key, value in values.items()}}
        self.reply = self.client.post(reverse(f"cases:{name}", args=args), data, follow=follow)
        return self

    def acts(self, name, case_id, **values):
        """Sends a form of a case, with the version that the page shows now."""
        seen = Case.objects.unscoped(reason="test").values_list("version", flat=True).get(pk=case_id)
        return self.sends(name, case_id, **{"seen": seen, **values})

    @property
    def status(self):
        return self.reply.status_code

    @property
    def said(self):
        return self.reply.content.decode()

    def value_of(self, name):
        """What stands in a field of the page."""
        field = re.search(rf'<(?:input|textarea)[^>]*name="{name}"[^>]*>(?:([^<]*)</textarea>)?', self.said)
        inner = re.search(r'value="([^"]*)"', field[0])
        return (field[1] or "").strip() if field[0].startswith("<textarea") else inner[1] if inner else ""


def photo(name="photo.jpg"):
    return SimpleUploadedFile(name, picture(), content_type="image/jpeg")
