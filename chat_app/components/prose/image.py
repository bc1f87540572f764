"""Images that a person decides about: which hosts the browser may fetch them from."""

from __future__ import annotations

import reflex as rx

from chat_app.components.prose import JS


class Image(rx.Component):
    """An image that is fetched only from hosts the person allowed.

    `inline` lets `src` be the image itself: `data:image/(png|jpeg|gif|webp);base64,...`.
    """

    library = JS["image.jsx"]
    tag = "Image"

    src: rx.Var[str]
    alt: rx.Var[str]
    inline: rx.Var[bool]


class ImageHosts(rx.Component):
    """Tells the page the `hosts` that images may always come from; draws nothing."""

    library = JS["image.jsx"]
    tag = "ImageHosts"

    hosts: rx.Var[list[str]]
