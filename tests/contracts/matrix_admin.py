"""Who may do what in the administration (the words are those of ``matrix.py``)."""

from amparo.kernel.ids import new_id
from tests.contracts.matrix_rows import QUESTION, Ask, about, request, row

# Administration
ADMINISTRATOR = "401 401 | 403 403 403 | 403 403 | 403 {0} | 403"
HIDDEN = ADMINISTRATOR.replace("403", "404")
row("GET /api/v1/admin/overview", ADMINISTRATOR.format("200"))
row(
    "GET /api/v1/admin/questions",
    HIDDEN.format("200"),
    lambda w, r: Ask(query={"lang": "en"}),
)
row(
    "GET /api/v1/admin/questions/{key}/texts/{lang}",
    HIDDEN.format("200"),
    lambda w, r: Ask({"key": QUESTION, "lang": "en"}),
)
row(
    "PUT /api/v1/admin/questions/{key}/texts/{lang}",
    HIDDEN.format("412"),
    lambda w, r: Ask(
        {"key": QUESTION, "lang": "en"},
        body={"title": "Another title", "body": "Another text"},
        headers={"if-match": '"999"'},
    ),
    "over a version that is not the present one",
)
TEXT = "/api/v1/admin/questions/{key}/texts/{lang}"
WORDS = {"title": "Another title", "body": "Another text"}
_SPANISH = {"key": QUESTION, "lang": "es", "version": 1}
for method, tail, sent in (
    ("PUT", "draft", WORDS),
    ("DELETE", "draft", None),
    ("PUT", "made-from", {"made_from": 1}),
    ("PUT", "reviewed", {"reviewed": True}),
    ("POST", "versions/{version}/restore", None),
):
    row(
        f"{method} {TEXT}/{tail}",
        HIDDEN.format("412"),
        lambda w, r, sent=sent: Ask(_SPANISH, body=sent, headers={"if-match": '"999"'}),  # type: ignore[misc]
        "over an edition that is not the present one",
    )
row(f"GET {TEXT}/versions", HIDDEN.format("200"), lambda w, r: Ask(_SPANISH))
row(f"GET {TEXT}/versions/{{version}}", HIDDEN.format("200"), lambda w, r: Ask(_SPANISH))
row("GET /api/v1/admin/placeholders", HIDDEN.format("200"))
row(
    "PUT /api/v1/admin/placeholders",
    HIDDEN.format("412"),
    lambda w, r: Ask(body={"values": {"store_name": "Mercadia"}}, headers={"if-match": '"999"'}),
    "over a version that is not the present one",
)
row("GET /api/v1/admin/mail", ADMINISTRATOR.format("sees"), lambda w, r: about(w.mail()))
row(
    "POST /api/v1/admin/mail/{mail_id}/send-again",
    ADMINISTRATOR.format("200"),
    lambda w, r: Ask({"mail_id": w.mail()}),
)
row("GET /api/v1/admin/notices", ADMINISTRATOR.format("200"))
row("GET /api/v1/admin/webhooks/endpoints", ADMINISTRATOR.format("200"))
row(
    "POST /api/v1/admin/webhooks/endpoints",
    ADMINISTRATOR.format("201"),
    lambda w, r: Ask(body={"url": "https://93.184.216.34/hook", **request()}),
)
for verb in ("disable", "enable"):
    row(
        f"POST /api/v1/admin/webhooks/endpoints/{{endpoint_id}}/{verb}",
        ADMINISTRATOR.format("200"),
        lambda w, r: Ask({"endpoint_id": w.endpoint()}),
    )
row("GET /api/v1/admin/webhooks/deliveries", ADMINISTRATOR.format("200"))
row(
    "POST /api/v1/admin/webhooks/deliveries/{delivery_id}/replay",
    ADMINISTRATOR.format("200"),
    lambda w, r: Ask({"delivery_id": w.delivery()}, body=request()),
)

# Teams and what operators can do
row("GET /api/v1/admin/teams", ADMINISTRATOR.format("200"))
row(
    "PUT /api/v1/admin/teams/{key}",
    ADMINISTRATOR.format("200"),
    lambda w, r: Ask(
        {"key": "support-fr"},
        body={"names": {"en": "Support"}, "language": "fr", "zone": "UTC", "always": True},
    ),
)
row(
    "PUT /api/v1/admin/operators/{id}/routing",
    ADMINISTRATOR.format("200"),
    lambda w, r: Ask({"id": w["marta"].person_id}, body={"capacity": 3}),
)

# What helped
HELP = "/api/v1/admin/help"
for path in ("outcomes", "outcomes.csv", "unanswered", "confused"):
    row(f"GET {HELP}/{path}", HIDDEN.format("200"))
for verb, decision in (
    ("example", {"question": QUESTION}),
    ("question", {"category": "orders_status", "title": "Another?", "body": "So it is."}),
    ("dismiss", {}),
):
    row(
        f"POST {HELP}/unanswered/{{unanswered_id}}/{verb}",
        HIDDEN.format("200"),
        lambda w, r, d=decision: Ask({"unanswered_id": w.unanswered()}, body=d | request()),  # type: ignore[misc]
    )
row(f"GET {HELP}/examples", HIDDEN.format("200"), lambda w, r: Ask(query={"question": QUESTION}))
row(
    f"DELETE {HELP}/examples/{{example_id}}",
    HIDDEN.format("204"),
    lambda w, r: Ask({"example_id": new_id()}),
)
row(
    "POST /api/v1/admin/questions/{key}/texts/{lang}/effect",
    HIDDEN.format("200"),
    lambda w, r: Ask({"key": QUESTION, "lang": "en"}, body={"title": "Another", **request()}),
)
row(
    "GET /api/v1/admin/effects/{effect_id}",
    HIDDEN.format("200"),
    lambda w, r: Ask({"effect_id": w.effect()}),
)
for path in ("", "/trial"):
    row(f"GET /api/v1/admin/suggestions{path}", HIDDEN.format("200"))
