"""What the look is made of: the stylesheets, in the order they apply.

Colours, type and spacing are CSS variables in `assets/tokens.css`; nothing else names a colour.
"""

STYLESHEETS = [
    "/tokens.css",
    "/shell.css",
    "/transcript.css",
    "/tools.css",
    "/value.css",
    "/output.css",
    "/renderers.css",
    "/prose.css",
    "/lists.css",
    "/plain.css",
    "/code.css",
    "/composer.css",
    "/ask.css",
    "/several.css",
    "/media.css",
    "/attach.css",
    "/agents.css",
    "/panel.css",
    "/events.css",
]
