"""What happens to mail; the audit log reads these."""

MAIL_SENT_AGAIN = "mail_sent_again"
