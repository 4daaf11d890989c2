"""Another government system at the interfaces, with its token; and an application as it sends it."""

import uuid
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from organizations.enums import OfficeKind
from organizations.models import Office, SystemClient
from organizations.services.areas import founder
from organizations.services.clients import add_client
from tests.builders.cases import governed, identity, picture
from tests.builders.organization import DISTRICT, VILLAGE
from tests.leaks.plants import ACCOUNT, PHONE

BASE = "/api/v1"


@dataclass
class System:
    """A registered system: asks for its token once, then speaks with it."""

    record: SystemClient
    secret: str
    _token: str = ""

    def token(self, **changes):
        """The answer of the token's address."""
        sent = {"grant_type": "client_credentials", "client_id": self.record.client_id, "client_secret": self.secret}
        return Client().post(f"{BASE}/token/", sent | changes)

    def headers(self):
        self._token = self._token or self.token().json()["access_token"]
        return {"Authorization": f"Bearer {self._token}"}

    def get(self, path, query=None, **headers):
        return Client().get(path, query, headers=self.headers() | headers)

    def post(self, path, data, *, key=None, seen=None, upload=False, **headers):
        sent = self.headers() | {"Idempotency-Key": key or str(uuid.uuid4())} | headers
        if seen is not None:
            sent["If-Match"] = f'"{seen}"'
        kind = {} if upload else {"content_type": "application/json"}
        return Client().post(path, data, headers=sent, **kind)

    def submits(self, sent=None, **more):
        return self.post(f"{BASE}/applications/", sent or application(), **more)


def system(district=DISTRICT, area_code="", name="示例政务服务平台", scopes=("applications",)):
    """A system of the district's bureau, for the whole district unless told a narrower area."""
    governed(district)
    office = Office.objects.get(seat__code=district, kind=OfficeKind.GOVERNMENT)
    made = add_client(founder(), name=name, office_id=office.pk, scopes=list(scopes), area_code=area_code)
    return System(made, made.secret_shown)


def application(village_code=VILLAGE, **changes):
    """An application of one woman, as JSON."""
    values = {
        "reference": f"ZW-{uuid.uuid4().hex[:12]}",
        "programme": "DIBAO",
        "village_code": village_code,
        "applied_on": "2026-09-01",
        "address": "春和里3号楼2门501",
        "phone": PHONE[0],
        "account": ACCOUNT[0],
        "account_holder": "李桂兰",
        "account_bank": "示例银行",
        "difficulty": "本人下岗多年，无固定收入，生活困难。",
        "kin_declared": False,
        "rights_told": True,
        "members": [{"name": "李桂兰", "relation": "self", "id_number": identity(), "work": "unemployed"}],
        "items": [{"kind": "income", "category": "transfer", "amount": "420.00", "member": 0, "note": "养老金"}],
    }
    return values | changes


def photo():
    return SimpleUploadedFile("scan.jpg", picture(), content_type="image/jpeg")
