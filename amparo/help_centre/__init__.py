"""The help centre: topics, questions and answers per language, public pages, search, editing."""
