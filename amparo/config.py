"""Every setting of the program, typed, from the environment (``AMPARO_*``) or a ``.env`` file.

``DATABASE_URL`` is read under its customary name. Each description below is what
``docs/operate/settings.md`` says; a test holds the two together.
"""

import re
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AliasChoices, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Settings(BaseSettings):
    """What an installation can choose."""

    model_config = SettingsConfigDict(env_prefix="AMPARO_", extra="ignore", frozen=True)

    data: Path = Field(
        default=Path("data"),
        description="Folder of everything that must survive: the database, files, mail.",
    )
    database_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("DATABASE_URL", "AMPARO_DATABASE_URL", "database_url"),
        description="A PostgreSQL of your own (>= 15). Without it the program runs its own.",
    )
    database_pool: int = Field(
        default=16, ge=8, le=200, description="Most connections of one process to PostgreSQL."
    )
    nats_url: SecretStr | None = Field(
        default=None,
        description="NATS between the processes, e.g. nats://name:password@host:4222; several "
        "servers by comma. Needs `amparo[nats]`. Without it PostgreSQL does that too.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8420, ge=0, le=65535, description="Port to listen on; 0 takes any.")
    base_url: str | None = Field(
        default=None,
        description="Public address, e.g. https://help.example.com; default http://localhost:PORT.",
    )
    demo: bool = Field(
        default=False,
        description="Allow the demo's keys and passwords; refused unless bound to loopback.",
    )
    panel_session_minutes: int = Field(
        default=60, ge=5, le=1440, description="How long a buyer's or seller's session lasts."
    )
    staff_session_minutes: int = Field(
        default=720, ge=5, le=10080, description="How long staff stay signed in (12 hours)."
    )
    trusted_proxies: str = Field(
        default="",
        description="Addresses or networks, by comma, whose X-Forwarded-For is believed.",
    )
    limit_sign_in: str = Field(
        default="10/minute", description="Sign-in attempts per client address and e-mail."
    )
    limit_sign_in_address: str = Field(
        default="60/minute", description="Sign-in attempts per client address."
    )
    limit_token_exchange: str = Field(
        default="300/minute", description="Exchanges of marketplace tokens per client address."
    )
    limit_visitor: str = Field(
        default="60/minute", description="New visitor sessions per client address."
    )
    limit_post: str = Field(
        default="20/second;600/minute", description="Messages that one person may send."
    )
    files: str | None = Field(
        default=None,
        description="Where pictures lie: a folder, or a bucket as s3://bucket/folder; "
        "default DATA/files.",
    )
    limit_upload: str = Field(
        default="20/minute;200/day", description="Pictures that one person may add."
    )
    limit_upload_address: str = Field(
        default="120/minute", description="Pictures that may come from one client address."
    )
    limit_transcript: str = Field(
        default="5/hour;20/day", description="Transcripts that one buyer may have mailed."
    )
    limit_help_rating: str = Field(
        default="20/minute;200/day",
        description="Ratings of help pages that may come from one client address.",
    )
    help_video_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("www.youtube-nocookie.com", "player.vimeo.com"),
        description="Hosts whose videos help pages may show after a press, separated by commas; "
        "empty allows none.",
    )
    limit_body_bytes: int = Field(
        default=1_048_576, ge=1024, description="Largest body of a request, in bytes."
    )
    limit_import_bytes: int = Field(
        default=16_777_216, ge=1024, description="Largest body of an import, in bytes."
    )
    live_frames_per_second: float = Field(
        default=30, gt=0, description="Frames that one live connection may send on average."
    )
    live_frames_burst: float = Field(
        default=300, ge=1, description="Frames that one live connection may send at once."
    )
    live_connections_per_person: int = Field(
        default=20, ge=1, description="Live connections of one person."
    )
    live_connections_per_address: int = Field(
        default=500, ge=1, description="Live connections from one network address."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="How much the log tells."
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="Log lines for people or for machines."
    )
    translation: Literal["none"] = Field(
        default="none", description="Who translates by machine; `none` leaves every original."
    )
    mail_transport: Literal["folder", "smtp"] = Field(
        default="folder",
        description="Where mail goes: files in DATA/mail, or a mail server (smtp_*).",
    )
    mail_from: str = Field(
        default="no-reply@localhost",
        description="Sender of our mail: an address, or a name with the address in <>.",
    )
    smtp_host: str = Field(default="localhost", description="Mail server for submission.")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="Encryption to the mail server: after STARTTLS, from the start, or none.",
    )
    smtp_user: str | None = Field(default=None, description="Name to sign in at the mail server.")
    smtp_password: SecretStr | None = Field(
        default=None, description="Password to sign in at the mail server."
    )
    smtp_timeout_s: float = Field(
        default=30.0, gt=0, le=300, description="Seconds to wait for each answer of the server."
    )
    webhook_timeout_s: float = Field(
        default=15.0, gt=0, le=60, description="Seconds that one webhook call may take in all."
    )
    webhook_allowed_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        default=(),
        description="Networks that webhooks may reach although they are private or loopback, "
        "separated by commas, e.g. 127.0.0.0/8,10.1.0.0/16. The demo lists loopback.",
    )

    payments_url: str | None = Field(
        default=None,
        description="Address that pays refunds of cases, e.g. https://shop.example.com/refunds. "
        "Without it no money is moved: a demo provider plays.",
    )
    payments_secret: SecretStr | None = Field(
        default=None, description="Secret (whsec_...) that signs the calls to payments_url."
    )
    payments_timeout_s: float = Field(
        default=20.0, gt=0, le=60, description="Seconds that one call to payments_url may take."
    )
    payments_allowed_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        default=(),
        description="Networks in which payments_url may be although they are private or loopback, "
        "separated by commas.",
    )
    demo_payments: str = Field(
        default="ok",
        description="How the demo provider behaves: ok, slow, silent, failing, late or double; "
        "single orders after commas, e.g. ok,M-1003=late.",
    )

    model_policy: Literal["off", "when_unsure"] = Field(
        default="off",
        description="When a language model may word an answer from our articles: never, or where "
        "the assistant found articles and is unsure.",
    )
    model_url: str | None = Field(
        default=None,
        description="The model's OpenAI-compatible address, e.g. "
        "https://llm.example.com/v1/chat/completions.",
    )
    model_key: SecretStr | None = Field(
        default=None, description="Key for the model's service, sent as a bearer."
    )
    model_name: str = Field(default="", description="Name of the model, as its service calls it.")
    model_timeout_s: float = Field(
        default=2.0,
        gt=0,
        le=10,
        description="Seconds that a buyer waits for the model; then the suggestions are shown.",
    )
    model_allowed_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        default=(),
        description="Networks in which the model may be although they are private or loopback, "
        "separated by commas.",
    )

    @field_validator(
        "webhook_allowed_networks",
        "model_allowed_networks",
        "payments_allowed_networks",
        mode="before",
    )
    @classmethod
    def _networks(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("help_video_hosts", mode="before")
    @classmethod
    def _hosts(cls, value: object) -> object:
        if isinstance(value, str):
            hosts = tuple(part.strip().lower() for part in value.split(",") if part.strip())
            # a host goes into a header: nothing else may
            if not all(re.fullmatch(r"[a-z0-9.-]+(:\d{1,5})?", host) for host in hosts):
                raise ValueError("hosts without scheme or path, e.g. player.vimeo.com")
            return hosts
        return value

    @model_validator(mode="after")
    def _model_is_whole(self) -> Self:
        if self.model_policy != "off" and not (self.model_url and self.model_name):
            raise ValueError("model_policy needs model_url and model_name")
        return self

    @model_validator(mode="after")
    def _payments_are_whole(self) -> Self:
        if self.payments_url and not self.payments_secret:
            raise ValueError("payments_url needs payments_secret")
        return self
