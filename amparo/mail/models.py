"""Tables of mail."""

from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from amparo.storage.base import Base, Json
from amparo.storage.outbox import Sendable, due_index


class OutgoingMail(Sendable):
    """One mail to one address.

    Attributes:
        message_id: given at the first attempt and kept: a mail that is sent twice after a crash
            is recognised by it.
        about: the conversation that it belongs to.
        notice: which notice it is, where it is one.
    """

    __tablename__ = "mail_outbox"
    __table_args__ = (
        Index("ix_mail_outbox_log", "created_at", "id"),
        Index("ix_mail_outbox_about", "about"),
        due_index("mail_outbox"),
    )

    to: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str | None]
    headers: Mapped[Json]
    language: Mapped[str]
    about: Mapped[UUID | None]
    notice: Mapped[str | None]
    message_id: Mapped[str | None]


class Correspondence(Base):
    """What a buyer who may be away has been told of a conversation by mail.

    Attributes:
        by_mail: the answer was promised by mail, and the buyer has not come back since.
        told_seq: the last number of the buyer's stream that a mail has told, or that the buyer
            saw before leaving.
    """

    __tablename__ = "mail_correspondence"

    conversation_id: Mapped[UUID] = mapped_column(primary_key=True)
    by_mail: Mapped[bool]
    told_seq: Mapped[int]
