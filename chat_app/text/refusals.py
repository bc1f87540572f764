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
