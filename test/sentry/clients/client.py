"""A program that reports to an intake: client.py DSN TASK. Prints the ids of its events, one a line.

report: three times an error with a cause, by two users, and a message
one-by-one: the same, but each is sent before the next one is made
large: an error with about 100 kB of data
"""
import sys

import sentry_sdk


class PaymentError(Exception):
    pass


def charge_card(cart):
    raise ValueError("the card of " + cart + " is declined")


def pay(cart):
    try:
        charge_card(cart)
    except ValueError as error:
        raise PaymentError("payment failed") from error


def report_error(user):
    sentry_sdk.set_user({"id": user})
    try:
        pay("cart-7")
    except PaymentError as error:
        print(sentry_sdk.capture_exception(error))


def report(flush=lambda: None):
    for user in ["u-1", "u-2", "u-2"]:
        report_error(user)
        flush()
        print(sentry_sdk.capture_message("checkout opened"))
        flush()


def one_by_one():
    report(flush)


def large():
    # The SDK keeps ten members of each list.
    sentry_sdk.set_extra("carts", [["%04d" % cart * 250 for cart in range(10)] for _ in range(10)])
    report_error("u-1")


def flush():
    sentry_sdk.flush(timeout=10)


_, dsn, task = sys.argv
sentry_sdk.init(
    dsn,
    release="shop@1.4.0",
    environment="production",
    # Requests about events that were not sent are no events.
    send_client_reports=False,
)
{"report": report, "one-by-one": one_by_one, "large": large}[task]()
flush()
