"""Images, which are fetched only from hosts that the person or the settings allow."""

from __future__ import annotations

import reflex as rx

from chat_app.components.prose import JS


class Image(rx.Component):
    """An image that is fetched only from an allowed host.

    `inline` lets `src` be the image itself: `data:image/(png|jpeg|gif|webp);base64,...`.
    """

    library = JS["image.jsx"]
    tag = "Image"

    src: rx.Var[str]
    alt: rx.Var[str]
    inline: rx.Var[bool]


class ImageHosts(rx.Component):
    """Sets the `hosts` that the settings allow; renders nothing."""

    library = JS["image.jsx"]
    tag = "ImageHosts"

    hosts: rx.Var[list[str]]
