"""People, sites and how they prove who they are (see docs: access)."""
