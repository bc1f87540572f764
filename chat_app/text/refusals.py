"""What a request reads that does not reach the app: plain pages, also for whoever runs it."""

REFUSED_HEADERS = "This request cannot be understood."
REFUSED_HOST = (
    "This app does not answer under this address. If you run it, name the address in the setting "
    'CHAT_ORIGINS, for example CHAT_ORIGINS=["https://chat.example.com"], and a proxy in front of '
    "it in CHAT_TRUSTED_PROXIES."
)
REFUSED_ORIGIN = (
    "This app answers its own pages only. If you run it behind a proxy, name the address that "
    "people open in the setting CHAT_ORIGINS, and the proxy in CHAT_TRUSTED_PROXIES."
)
REFUSED_SITE = "This app cannot be used from inside another page. Open it in a tab of its own."
METRICS_REFUSED = (
    "Metrics are for programs of this machine, and for those that send the token in the setting "
    "CHAT_METRICS_TOKEN. CHAT_METRICS says who may read them."
)
REFUSED_SOCKETS = "Too many tabs are open, or they were opened too fast. Close some and try again."
REFUSED_DRAINING = "This process of the app is about to end. Try again in a moment."
REFUSED_BODY = "This address takes no such content."
UPLOADS_TOO_MANY = "Too many files are being uploaded. Wait until some are done, and try again."
UPLOADS_FULL = "There is no room for this file at the moment. Try again later."
UPLOAD_TOO_SLOW = "The upload took too long. Try again."
