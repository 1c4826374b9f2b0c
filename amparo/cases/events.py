"""What happens to cases: kinds in the event log. Their data: ``case`` (id), ``number``,
``order_ref``, ``position``, ``reason``, ``state``, ``stage``, ``version``, ``buyer_ref``,
``store_ref``, ``conversation`` (id or None), and what each says beyond that."""

CASE_OPENED = "case_opened"
CASE_CHANGED = "case_changed"
"""``event``, ``from``, ``by`` (role): one for each action, with the last of its transitions."""
CASE_CLOSED = "case_closed"
"""``outcome``."""
CASE_ALARM = "case_alarm"
"""``what``: somebody of finance, or a supervisor, has to look."""
CASE_NOTICE = "case_notice"
"""``to`` (parties), ``text`` (key: a state, ``closed.OUTCOME``, ``return_late`` or
``reminder_DEADLINE``), ``channels``, ``due_at`` (ISO 8601 or None), ``nth`` of a reminder."""
CASE_PAYOUT = "case_payout"
"""``blocked`` (true, false): whether the store is paid for ``order_ref``, ``position``."""
CASE_REFUND = "case_refund"
"""``key``, ``amount``, ``currency``, ``refund`` (pending, unknown, paid, failed)."""
CASE_REMEDY = "case_remedy"
"""``remedy`` (coupon, credit_order, continue_order, seller_credit), ``amount``, ``currency``,
``key``: what the marketplace itself has to do, once for a key."""
