"""What a person reads where a provider or a proxy signs people in."""

PROXY_REFUSED = (
    "This app is reached through a proxy that signs people in, and it was not told who you are. "
    "Open it at its usual address. If you run it, see CHAT_PROXY_HEADER and CHAT_TRUSTED_PROXIES."
)
SIGNING_OUT = "Signing out"
GO_ON = "Go on"

OIDC_AT = "You sign in at {host}, and come back here."
OIDC_DOWN = "The identity provider cannot be reached at the moment. Try again in a minute."
OIDC_ODD = (
    "The identity provider answered in a way that this app cannot use. "
    "The operator of this app has to look into it."
)
OIDC_OLD = "This sign-in has taken too long, or was begun in another browser. Try again."
OIDC_USED = "This sign-in was used already. Try again."
OIDC_DENIED = "The identity provider did not sign you in: access was denied."
OIDC_FAILED = "The identity provider could not sign you in ({code}). Try again."
OIDC_NOT_SIGNED = "The answer of the identity provider is not valid, so you are not signed in."
OIDC_NOT_ALLOWED = (
    "You are signed in at the identity provider, but you may not use this app. "
    "Ask its operator for access, or sign in there as someone else."
)
"""For who is in none of the groups of ``CHAT_OIDC_GROUPS``."""
SIGN_IN_OVER = "Your sign-in at the identity provider is over. Sign out, and sign in again."
