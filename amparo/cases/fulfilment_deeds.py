"""More names of the table's ``do``: goods that travel, the refund, withdrawal and hold."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from amparo.cases.case import Agreed, Deadline, Pause, Refund
from amparo.cases.kinds import State
from amparo.cases.moment import Moment, full_refund, left

Deed = Callable[[Moment], None]


# -- goods that travel ------------------------------------------------------------------------


def extend_return(moment: Moment) -> None:
    moment.mark("return_extended")
    moment.clock("extended")
    moment.effect("notice", to=["buyer"], text="return_late", channels=list(moment.terms.channels))


def note_warning(moment: Moment) -> None:
    moment.add("warnings")
    channels = tuple(moment.sent.get("channels", ()))
    moment.change(warned=(*moment.case.warned, channels))


def note_delivery(moment: Moment) -> None:
    moment.mark("replacement_delivered")
    moment.clock("delivered")


def give_coupon(moment: Moment) -> None:
    agreed = moment.case.agreed
    assert agreed is not None
    moment.effect("coupon", amount=agreed.wish.amount or 0, key=f"coupon-{moment.case.id}")


def tell_marketplace(moment: Moment) -> None:
    agreed = moment.case.agreed
    assert agreed is not None
    moment.effect(agreed.wish.remedy)


# -- the refund --------------------------------------------------------------------------------


def start_refund(moment: Moment) -> None:
    """The case's one refund order; its key is made of the case's id and never changes."""
    case = moment.case
    if case.refund is not None:
        return
    agreed = case.agreed or Agreed(full_refund(moment), left(moment), "platform")
    from_goods = agreed.wish.amount is None
    wanted = agreed.fallback if from_goods else agreed.wish.amount
    amount = min(wanted or 0, left(moment))
    moment.change(refund=Refund(f"refund-{case.id}", amount, 1, "pending"))
    if amount:
        send_refund(moment)


def send_refund(moment: Moment) -> None:
    refund = moment.case.refund
    assert refund is not None
    told: dict[str, Any] = {"key": refund.key, "amount": refund.amount}
    told |= {"currency": moment.case.currency, "tries": refund.tries, "method": refund.method}
    told["source"] = "held" if moment.facts.funds_held else "seller_balance"
    moment.effect("refund", **told)


def refund(moment: Moment, **values: Any) -> None:
    refund = moment.case.refund
    assert refund is not None
    moment.change(refund=replace(refund, **values))


def refund_paid(moment: Moment) -> None:
    refund(moment, state="paid")


def refund_refused(moment: Moment) -> None:
    refund(moment, state="failed")


def ask_provider(moment: Moment) -> None:
    refund(moment, state="unknown")
    assert moment.case.refund is not None
    moment.effect("ask_provider", key=moment.case.refund.key)


def try_again(moment: Moment) -> None:
    assert moment.case.refund is not None
    refund(moment, state="pending", tries=moment.case.refund.tries + 1)
    send_refund(moment)


def other_way(moment: Moment) -> None:
    moment.add("other_methods")
    refund(moment, method=moment.sent.get("method"))
    try_again(moment)


def note_outside(moment: Moment) -> None:
    moment.change(outside=moment.case.outside + (moment.sent.get("amount") or 0))


def alarm(what: str) -> Deed:
    return lambda moment: moment.effect("alarm", what=what)


# -- withdrawal and hold ------------------------------------------------------------------------


def pause(moment: Moment) -> None:
    case = moment.case
    below = Pause(case.state, moment.at, case.deadlines)
    moment.change(paused=(*case.paused, below), deadlines=())


def pause_withdrawal(moment: Moment) -> None:
    moment.add("withdrawals")
    pause(moment)


def resumed(moment: Moment) -> State:
    """Take up what was paused: all its deadlines and clocks are later by the pause."""
    *below, pause = moment.case.paused
    length = max(moment.at - pause.since, timedelta())
    clocks = {name: at + length for name, at in moment.case.clocks.items()}
    deadlines = tuple(later(one, length) for one in pause.deadlines)
    moment.change(paused=tuple(below), clocks=clocks, deadlines=deadlines)
    return pause.state


def later(deadline: Deadline, length: timedelta) -> Deadline:
    """The deadline and its reminders, later by ``length``."""
    return replace(
        deadline,
        due_at=deadline.due_at + length,
        reminders=tuple(at + length for at in deadline.reminders),
    )


def forget_pauses(moment: Moment) -> None:
    moment.change(paused=())
    forget(moment)


def forget(moment: Moment) -> None:
    """What belonged to one mediation or one way of the goods ends with it."""
    case = moment.case
    gone = ("supervised", "return_extended", "replacement_delivered")
    moment.change(
        marks=tuple(name for name in case.marks if name not in gone),
        clocks={name: at for name, at in case.clocks.items() if name == "opened"},
        warned=(),
    )
