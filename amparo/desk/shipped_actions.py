"""What a new installation has at its desk: targets of time, a few macros, some tags."""

from datetime import datetime

from sqlalchemy.orm import Session

from amparo.desk import shipped_rules
from amparo.desk.macros_actions import load_macros
from amparo.desk.sla_actions import load_default_targets
from amparo.desk.tags_actions import know_tags
from amparo.desk.tags_queries import known_tags


def load(session: Session, now: datetime) -> None:
    """Bring along what is not there yet; never over anybody's edit."""
    load_default_targets(session)
    load_macros(session, shipped_rules.MACROS, now)
    if not known_tags(session):
        know_tags(session, shipped_rules.TAGS, now)
