"""Pages that try to reach the network, each by the ways that its name says.

In the markup of `MARKUP` and `SCRIPTS`, URL stands for an address at which the way is listened for,
and HOST for its host and port; STUN for one of WebRTC. A way of `LEAVING` ends its page.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.helpers.listener import Listener

MARKUP = {
    "image": '<img src="URL">',
    "srcset": '<img srcset="URL 2x, URL 1x">',
    "poster": '<video poster="URL"></video>',
    "video": '<video src="URL" autoplay muted></video>',
    "track": '<audio src="URL" controls preload="auto"></audio>',
    "svg-image": '<svg><image href="URL" width="9" height="9"></image></svg>',
    "input-image": '<input type="image" src="URL">',
    "background": '<table background="URL"><tr><td>x</table>',
    "style-url": '<p style="background: url(URL)">x</p>',
    "style-import": "<style>@import 'URL';</style>",
    "font": "<style>@font-face { font-family: f; src: url(URL) } i { font-family: f }</style>"
    "<i>x</i>",
    "stylesheet": '<link rel="stylesheet" href="URL">',
    "prefetch": '<link rel="prefetch" href="URL">',
    "preload": '<link rel="preload" as="image" href="URL">',
    "module-preload": '<link rel="modulepreload" href="URL">',
    "preconnect": '<link rel="preconnect" href="URL">',
    "dns-prefetch": '<link rel="dns-prefetch" href="URL">',
    "iframe": '<iframe src="URL"></iframe>',
    "object": '<object data="URL"></object>',
    "embed": '<embed src="URL">',
    "script": '<script src="URL"></script>',
    "module": '<script type="module" src="URL"></script>',
    "base": '<base href="http://HOST/"><img src="relative.png">',
    "speculation": '<script type="speculationrules">'
    '{"prefetch": [{"urls": ["URL"], "eagerness": "immediate"}]}</script>',
}
"""Ways without a script of the page."""

_ADD = "document.body.append(Object.assign(document.createElement"
SCRIPTS = {
    "fetch": "fetch('URL', {mode: 'no-cors'})",
    "fetch-keepalive": "fetch('URL', {mode: 'no-cors', keepalive: true, method: 'POST'})",
    "xhr": "const x = new XMLHttpRequest(); x.open('GET', 'URL'); x.send()",
    "sync-xhr": "const x = new XMLHttpRequest(); x.open('GET', 'URL', false); x.send()",
    "beacon": "navigator.sendBeacon('URL', 'x')",
    "socket": "new WebSocket('ws://HOST/')",
    "event-source": "new EventSource('URL')",
    "import": "import('URL').catch(() => 0)",
    "new-image": "new Image().src = 'URL'",
    "new-audio": "new Audio('URL').play().catch(() => 0)",
    "font-face": "new FontFace('f', 'url(URL)').load().catch(() => 0)",
    "worker": "new Worker(URL_OF('fetch(\\'URL\\', {mode: \\'no-cors\\'})'))",
    "shared-worker": "new SharedWorker(URL_OF('fetch(\\'URL\\', {mode: \\'no-cors\\'})'))",
    "script-element": f"{_ADD}('script'), {{src: 'URL', nonce: document.currentScript?.nonce}}))",
    "iframe-element": f"{_ADD}('iframe'), {{src: 'URL'}}))",
    "srcdoc": f"{_ADD}('iframe'), {{srcdoc: '<img src=URL>'}}))",
    "object-element": f"{_ADD}('object'), {{data: 'URL'}}))",
    "embed-element": f"{_ADD}('embed'), {{src: 'URL'}}))",
    "prefetch-element": f"{_ADD}('link'), {{rel: 'prefetch', href: 'URL'}}))",
    "prefetch-text": "document.body.insertAdjacentHTML("
    "'beforeend', '<link rel=prefetch href=URL>')",
    "prefetch-written": "document.write('<li'); document.write('nk rel=prefetch href=URL>')",
    "image-text": "document.body.insertAdjacentHTML('beforeend', '<img src=URL>')",
    "style-sheet": "const s = new CSSStyleSheet(); s.insertRule('body { background: url(URL) }');"
    "document.adoptedStyleSheets = [s]",
    "ping": "const a = Object.assign(document.createElement('a'), {ping: 'URL', href: '#'});"
    "document.body.append(a); a.click()",
    "frame-form": f"{_ADD}('form'), {{action: 'URL', method: 'post', target: 'x'}})); "
    "document.forms[0].submit()",
    "popup": "open('URL')",
    "popup-link": f"{_ADD}('a'), {{href: 'URL', target: '_blank', className: 'popup'}}));"
    "document.querySelector('.popup').click()",
    "speculation-element": f"{_ADD}('script'), {{type: 'speculationrules', nonce: 'preview', "
    'text: \'{"prefetch": [{"urls": ["URL"], "eagerness": "immediate"}]}\'}))',
    "webrtc": "CALL(window, 'STUN')",
    "webrtc-webkit": "CALL({RTCPeerConnection: window.webkitRTCPeerConnection}, 'STUN')",
    "webrtc-frame": "const f = document.createElement('iframe'); document.body.append(f);"
    "CALL(f.contentWindow, 'STUN')",
    "webrtc-indexed": "document.body.insertAdjacentHTML('beforeend', '<iframe></iframe>');"
    "CALL(window[window.length - 1], 'STUN')",
    "webrtc-srcdoc": f"{_ADD}('iframe'), {{srcdoc: '<script nonce=preview>' + SOURCE + ';"
    "CALL(window, \"STUN\")</' + 'script>'}))",
}
"""Ways of a page with scripts: bodies of functions."""

LEAVING = {
    "location": "<script>location = 'URL'</script>",
    "location-replace": "<script>location.replace('URL')</script>",
    "open-self": "<script>open('URL', '_self')</script>",
    "top-location": "<script>top.location = 'URL'</script>",
    "parent-location": "<script>parent.location = 'URL'</script>",
    "refresh": '<meta http-equiv="refresh" content="0; url=URL">',
    "form": '<form method="post" action="URL"></form><script>document.forms[0].submit()</script>',
    "link": '<a href="URL">x</a><script>document.links[0].click()</script>',
    "download": '<a download href="URL">x</a><script>document.links[0].click()</script>',
    "javascript-url": "<script>location = `javascript:'<img src=URL>'`</script>",
}
"""Ways of which each has a page of its own."""

SILENT = {"preconnect", "dns-prefetch"}
"""What Chromium's headless shell does not do at all."""

_TOOLS = """
const URL_OF = (code) => URL.createObjectURL(new Blob([code], {type: "text/javascript"}));
const CALL = (where, server) => {
  const call = new where.RTCPeerConnection({iceServers: [{urls: server}]});
  call.createDataChannel("x");
  call.createOffer().then((offer) => call.setLocalDescription(offer));
  (window.calls ??= []).push(call);
};
const SOURCE = "const CALL = " + CALL;
"""
DONE = "all-tried"
"""The id of the element that a page of scripts has in the end."""


def markup_page(listening: Listener) -> str:
    """A page that tries all of `MARKUP`."""
    markup = "\n".join(_at(listening, way, how) for way, how in MARKUP.items())
    return f"<!doctype html><body><h1>Markup</h1>{markup}"


def script_page(listening: Listener) -> str:
    """A page that tries all of `SCRIPTS`, and then has an element `DONE`."""
    tries = "".join(
        f"try {{ (() => {{ {_at(listening, way, how)} }})() }} catch {{}}\n"
        for way, how in SCRIPTS.items()
    )
    written = f"document.body.append(Object.assign(document.createElement('p'), {{id: '{DONE}'}}))"
    return f"<!doctype html><body><h1>Scripts</h1><script>{_TOOLS}{tries}{written}</script>"


def leaving_page(listening: Listener, way: str) -> str:
    """A page that tries to be elsewhere."""
    return f"<!doctype html><body>{_at(listening, way, LEAVING[way])}"


def in_frame(page: str) -> str:
    """A page that shows another one with no precautions."""
    return f'<!doctype html><iframe srcdoc="{escape(page)}"></iframe>'


def _at(listening: Listener, way: str, how: str) -> str:
    if "STUN" in how:
        return how.replace("STUN", listening.stun(way))
    host = f"127.0.0.1:{listening.port(way)}"
    return re.sub(r"\bURL\b(?!_OF|\.)", listening.url(way), how).replace("HOST", host)
