"""A site's own pages: what the panel links to for what only the site can do."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from amparo.accounts import management_actions, queries
from amparo.storage.http import CurrentActor, Now, Unit

router = APIRouter(prefix="/api/v1", tags=["accounts"])


class SitePages(BaseModel):
    """Action key -> address; ``{order}`` in an address stands for an order's number."""

    pages: dict[str, str] = Field(
        max_length=50, examples=[{"secure_account": "https://shop.example.com/account/security"}]
    )


@router.get("/sites/{key}/pages", operation_id="site_pages")
def site_pages(key: str, session: Unit) -> SitePages:
    """The site's pages; everybody may know where they are."""
    return SitePages(pages=queries.site_by_key(session, key).pages)


@router.put("/admin/sites/{key}/pages", operation_id="set_site_pages")
def set_site_pages(
    key: str, body: SitePages, session: Unit, actor: CurrentActor, now: Now
) -> SitePages:
    """Say where the site's pages are, in place of what was said before."""
    site = management_actions.set_pages(session, actor, key, body.pages, now=now)
    return SitePages(pages=site.pages)
