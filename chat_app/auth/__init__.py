"""Who is it, and may they: people, their logins, and the gate that every thread is opened through.

==================  =====================================================================
module              what is in it
==================  =====================================================================
`person`            a person, and the login of one browser
`secret`            the secret that cookies and addresses are signed with
`cookies`           the cookie of a login: its name, its flags, its signature
`identify`          from a request to its login, by the mode in ``CHAT_AUTH``
`anonymous`         mode ``none``: each browser is its own person
`unkept`            what modes have in common that keep no logins
`oidc`              OpenID Connect; `proxy`: a proxy in front says who it is
`signed_in`         what the other modes have in common: `logins` in the data folder
`logins`            logins that can be revoked; `database`: the file they are in
`roles`             who is an admin; `names`: one spelling for what looks the same
`watch`             closes the sockets of logins that are over
`gate`              the one way to a thread; `rights`: whose is what
`share_links`       random names by which a thread can be read
`budgets`           how much a person may use in a day, and at a time
`forwarding`        whose requests reach the LangGraph server, and what signs them
`tabs`              whose tab it is: bound at the handshake, revoked at sign-out
==================  =====================================================================
"""
