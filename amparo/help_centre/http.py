"""Routes of the help centre for programs: search."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from amparo.help_centre.search_queries import search
from amparo.storage.http import Language, Now, Unit

router = APIRouter(prefix="/api/v1", tags=["help_centre"])


class SearchResult(BaseModel):
    """A question that fits; ``language`` is the one its answer is written in."""

    key: str
    title: str
    excerpt: str
    language: str
    url: str


class SearchResults(BaseModel):
    """Results, best first."""

    results: list[SearchResult]


@router.get("/help/search", operation_id="search_help")
def search_help(
    session: Unit, now: Now, language: Language, q: Annotated[str, Query(max_length=1_000)] = ""
) -> SearchResults:
    """Questions that fit a free text; tolerates word forms and typos."""
    hits = search(session, language, q, now)
    return SearchResults(
        results=[
            SearchResult(
                key=hit.key,
                title=hit.title,
                excerpt=hit.excerpt,
                language=hit.language,
                url=f"/help/{language}/{hit.key}",
            )
            for hit in hits
        ]
    )
