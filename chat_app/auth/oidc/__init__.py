"""Mode ``oidc``: people sign in at an identity provider, by OpenID Connect.

================  ==================================================================
module            what is in it
================  ==================================================================
`mode`            the authenticator: begins a sign-in, finishes it, signs out
`attempts`        sign-ins that a browser has begun: state, nonce, PKCE
`provider`        the provider: discovery, keys, its token endpoint
`id_token`        whether a token is the provider's, for this app, and of now
`claims`          from claims to a person: id, name, groups
`tokens`          the person's access token, renewed, for the LangGraph server
================  ==================================================================
"""
