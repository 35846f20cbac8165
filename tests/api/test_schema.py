"""Whatever fits the published schema, or does not, from three identities: never a server error, never an answer of another shape."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import ignored_auth, negative_data_rejection, response_schema_conformance, status_code_conformance

from tests import make
from tests.api.caller import Trade, caller, trade

pytestmark = pytest.mark.django_db
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
FEW = settings(
    max_examples=5, deadline=None, database=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
OPEN = ("/auth/codes", "/auth/tokens")


@dataclass
class Cast:
    """Tokens of the three identities, and ids that exist."""

    buyer: str
    foreigner: str
    ids: dict[str, str]


@pytest.fixture
def cast() -> Iterator[Cast]:
    """A paid order, and nothing that closes the test's own connection at a request's end (Django's test client does the same)."""
    done: Trade = trade(2).ask().offer().accept().pay()
    ids = {
        "rfq_id": done.rfq, "quote_id": done.quote, "order_id": done.order, "payment_id": done.payment,
        "conversation_id": str(done.pair.conversation), "company_id": str(done.pair.supplier.company.id),
    }  # fmt: skip
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield Cast(done.buyer.token, caller(make.outsider(done.pair.conversation)).token, ids)
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def aimed(case: Any, ids: dict[str, str]) -> None:
    """Half of the examples are about things that exist."""
    for name in case.path_parameters or {}:
        if name in ids and len(repr(case.body)) % 2:
            case.path_parameters[name] = ids[name]


@schema.parametrize()
@seed(1)
@FEW
def test_a_member_gets_what_the_schema_says(case, cast):
    aimed(case, cast.ids)
    checks = [not_a_server_error, response_schema_conformance, status_code_conformance]
    if case.operation.body:  # an unknown name in a query is let pass, in a body it is not
        checks.append(negative_data_rejection)
    case.call_and_validate(headers={"Authorization": f"Bearer {cast.buyer}"}, checks=checks)


@schema.parametrize()
@seed(2)
@FEW
def test_a_foreigner_gets_nothing_of_theirs(case, cast):
    aimed(case, cast.ids)
    response = case.call_and_validate(headers={"Authorization": f"Bearer {cast.foreigner}"}, checks=[not_a_server_error, response_schema_conformance])
    if any((case.path_parameters or {}).get(name) == own for name, own in cast.ids.items() if name != "company_id"):
        assert response.status_code in (400, 401, 404, 405, 409, 413, 422), response.status_code


@schema.parametrize()
@seed(3)
@FEW
def test_without_a_token_there_is_nothing(case, cast):
    aimed(case, cast.ids)
    response = case.call_and_validate(checks=[not_a_server_error, ignored_auth])
    if not case.path.endswith(OPEN):
        assert response.status_code in (400, 401, 405), response.status_code
