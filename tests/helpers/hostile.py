"""What a hostile model writes, to run something in a page or to have an address requested.

HOST stands for the address of a listener, HOSTNAME for its name and port.
"""

from __future__ import annotations

import re

RUN = "window.top.hacked = true"
HTML = [
    f"<script>{RUN}</script>",
    f'<img src=x onerror="{RUN}">',
    f'<iframe srcdoc="<script>{RUN}</script>"></iframe>',
    "<iframe src='HOST/frame'></iframe>",
    "<style>body { display: none; background: url(HOST/style.png) }</style>",
    f'<form action="HOST/form"><input autofocus onfocus="{RUN}"><button>Send</button></form>',
    f'<svg onload="{RUN}"><script>{RUN}</script><image href="HOST/svg.png"/></svg>',
    '<meta http-equiv="refresh" content="0;url=HOST/refresh">',
    '<link rel="stylesheet" href="HOST/sheet"><base href="HOST/">',
    '<object data="HOST/object"></object><embed src="HOST/embed"><video src="HOST/video"></video>',
    f"<details open ontoggle={RUN}>a</details>",
    "a <b onclick=x>b</b> <a href=javascript:x>c</a>",
]
MARKDOWN = [
    "[a](javascript:window.top.hacked=1) [b](JaVaScRiPt:x) [c](data:text/html,<script>x</script>)",
    "[d](vbscript:x) [e](file:///etc/passwd) [f](//HOSTNAME/x) [g](/t/other) [h](#top) [i](?a)",
    "[j]: javascript:x\n\n[j] <javascript:x> [k](java\tscript:x) [l](blob:HOST/x)",
    "![m](HOST/image.png) ![n](data:image/svg+xml,<svg/onload=x>) ![o](javascript:x)",
    "![p](data:image/png;base64,iVBORw0KGgo=) [![q](HOST/q.png)](HOST/page)",
    "[x](#fn-__proto__) [y](#fnref-a%22b) [z](#constructor)",
]
MATHS = [
    "$\\href{javascript:window.top.hacked=1}{a}$ $\\url{HOST/url}$",
    "$\\htmlClass{x}{b}$ $\\htmlId{root}{c}$ $\\htmlStyle{position:fixed}{d}$",
    "$\\includegraphics{HOST/maths.png}$ $\\rule{99999em}{99999em}$",
]
DIAGRAMS = re.split(
    "---\n",
    """\
flowchart LR
  A-->B
  click A "javascript:window.top.hacked=1"
  click B "HOST/click"
---
flowchart LR
  A-->B["<img src=x onerror='window.top.hacked = true'>"]
  click A call alert(1)
---
flowchart LR
  A@{ img: "HOST/node.png", label: "a", h: 60, w: 60 }
---
%%{init: {"securityLevel": "loose", "htmlLabels": true, "flowchart": {"htmlLabels": true}}}%%
flowchart LR
  A["<iframe src='HOST/frame'></iframe>"] --> B["<img src='HOST/label.png' onload='hacked=1'>"]
---
%%{init: {"themeCSS": "@import url(HOST/import); rect { fill: url(HOST/theme.png) }"}}%%
flowchart LR
  A-->B
---
flowchart LR
  A-->B
  style A fill:url(HOST/fill.png)
  classDef x background:url(HOST/class.png)
  class B x
---
%%{init: {"fontFamily": "x; } @font-face { src: url(HOST/font) }"}}%%
flowchart LR
  A-->B
---
sequenceDiagram
  participant A
  link A: Page @ javascript:window.top.hacked=1
  A->>A: hi
---
classDiagram
  class A
  link A "HOST/link"
  A : <script>window.top.hacked = true</script>
""",
)
