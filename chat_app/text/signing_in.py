"""The page on which a person signs in, and the menu of the account."""

SIGN_IN = "Sign in"
SIGN_IN_TO = "Sign in to {app}"
ACCOUNT_NAME = "Name"
PASSWORD = "Password"  # noqa: S105 - a label
WRONG_PASSWORD = "This name and password do not match. Check both, and try again."  # noqa: S105
ACCOUNT_LOCKED = "This account is locked. Ask the operator of this app to unlock it."
TOO_MANY_TRIES = "Too many tries. Try again in {wait}."
TOO_MANY_SIGN_IN = "Many people sign in at the moment. Try again in a few seconds."
SIGN_IN_EXPIRED = "Your sign-in has expired. Sign in again to go on."
YOU_SIGNED_OUT = "You are signed out."
SIGNED_OUT_ELSEWHERE = "You were signed out. Sign in again to go on."
FORM_TOO_OLD = "This page was open for a long time. Try again."

SIGN_OUT = "Sign out"
SIGN_OUT_EVERYWHERE = "Sign out everywhere"
EVERYWHERE_MEANS = "This ends your sign-in in all browsers."
ACCOUNT = "Account"
ADMIN = "You are an admin of this app."
