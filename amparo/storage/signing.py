"""How a call that we make is signed, so that its receiver knows us.

Source of the form: Standard Webhooks 1.0.0, https://www.standardwebhooks.com
"""

import base64
import hashlib
import hmac
from datetime import datetime

PREFIX = "whsec_"


def signed_headers(secret: str, id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers by which the receiver knows us, and that the message is new."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    seconds = str(int(at.timestamp()))
    digest = hmac.new(key, b".".join((id.encode(), seconds.encode(), body)), hashlib.sha256)
    return {
        "webhook-id": id,
        "webhook-timestamp": seconds,
        "webhook-signature": "v1," + base64.b64encode(digest.digest()).decode(),
    }
