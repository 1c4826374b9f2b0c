"""Every setting of the program, typed, from the environment (``AMPARO_*``) or a ``.env`` file.

``DATABASE_URL`` is read under its customary name. Each description below is what
``docs/operate/settings.md`` says; a test holds the two together.
"""

from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


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
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="How much the log tells."
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="Log lines for people or for machines."
    )
    translation: str = Field(
        default="none", description="Who translates by machine; `none` leaves every original."
    )
