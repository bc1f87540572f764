/* Runs in the sandboxed frame of drawing.js; only there is the library loaded. */

export const address = import.meta.url;

const OUTSIDE = /@import[^;]*;?|url\((?!\s*["']?#)[^)]*\)/gi;

/* Elements that the image of a diagram does not need, and a downloaded one must not contain. */
function clean(svg) {
  svg.querySelectorAll("script, iframe, object, embed, image").forEach((odd) => odd.remove());
  for (const style of svg.querySelectorAll("style")) {
    style.textContent = style.textContent.replace(OUTSIDE, "");
  }
  for (const element of [svg, ...svg.querySelectorAll("*")]) {
    for (const { name, value } of [...element.attributes]) {
      const leadsOut = /(^|:)href$/.test(name) && !value.startsWith("#");
      if (name.startsWith("on") || leadsOut) element.removeAttribute(name);
      else if (name === "style") element.setAttribute(name, value.replace(OUTSIDE, ""));
    }
  }
}

/* Without HTML labels, Mermaid aligns the name of a state to the left of its box. */
function centre(svg) {
  for (const label of svg.querySelectorAll(".statediagram-state > .label")) {
    const text = label.querySelector("text:not([text-anchor])");
    const [place] = label.transform.baseVal;
    if (!text || !place) continue;
    place.setTranslate(0, place.matrix.f);
    text.setAttribute("text-anchor", "middle");
  }
}

const channels = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/* Mixes two hex colours; `share` is that of the first. */
function mixed(colour, ground, share) {
  const [over, under] = [channels(colour), channels(ground)];
  const sums = over.map((value, index) => Math.round(value * share + under[index] * (1 - share)));
  return `#${sums.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/* Colours of slices, branches and levels: the hues of the app in turn, light enough for text on them. */
function series({ hues, raised, ink }) {
  const variables = {};
  for (let index = 0; index < 12; index += 1) {
    const hue = hues[index % hues.length];
    variables[`pie${index + 1}`] = mixed(hue, raised, 0.45);
    variables[`cScale${index}`] = mixed(hue, raised, 0.24);
    variables[`cScaleLabel${index}`] = ink;
    variables[`cScalePeer${index}`] = hue;
    if (index < 8) variables[`git${index}`] = hue;
    if (index < 8) variables[`gitBranchLabel${index}`] = raised;
  }
  return { ...variables, pieOpacity: "1", pieStrokeColor: raised, pieOuterStrokeWidth: "0px" };
}

function look(colours) {
  const { paper, raised, line, ink, soft, accent, sans, dark } = colours;
  const fill = mixed(ink, raised, 0.05);
  const border = mixed(ink, raised, 0.4);
  return {
    darkMode: dark,
    fontFamily: sans,
    fontSize: "14px",
    useGradient: false,
    dropShadow: "none",
    background: raised,
    primaryColor: fill,
    primaryTextColor: ink,
    primaryBorderColor: border,
    secondaryColor: mixed(accent, raised, 0.12),
    tertiaryColor: paper,
    tertiaryBorderColor: line,
    lineColor: soft,
    textColor: ink,
    titleColor: ink,
    nodeBorder: border,
    edgeLabelBackground: raised,
    clusterBkg: paper,
    clusterBorder: line,
    noteBkgColor: mixed(accent, raised, 0.12),
    noteTextColor: ink,
    noteBorderColor: line,
    sectionBkgColor: fill,
    altSectionBkgColor: raised,
    taskBkgColor: mixed(accent, raised, 0.3),
    taskBorderColor: accent,
    taskTextColor: ink,
    taskTextDarkColor: ink,
    taskTextOutsideColor: ink,
    gridColor: mixed(ink, raised, 0.2),
    ...series(colours),
  };
}

const configuration = (colours) => ({
  startOnLoad: false,
  securityLevel: "strict",
  suppressErrorRendering: true,
  htmlLabels: false,
  layout: "dagre",
  look: "classic",
  theme: "base",
  darkMode: colours.dark,
  fontFamily: colours.sans,
  themeVariables: look(colours),
  // A diagram may not override these: it would not match the page, or could inject styles and markup.
  secure: [
    "secure", "securityLevel", "startOnLoad", "maxTextSize", "maxEdges", "suppressErrorRendering",
    "htmlLabels", "theme", "themeVariables", "themeCSS", "darkMode", "fontFamily", "altFontFamily",
    "dompurifyConfig",
  ],
});

let count = 0;

/* Resolves to `{ svg, width, height, title }`, the size in pixels; rejects if `source` is no diagram. */
async function draw(source, colours) {
  const { default: mermaid } = await import("mermaid");
  mermaid.initialize(configuration(colours));
  const { svg: markup } = await mermaid.render(`drawing-${(count += 1)}`, source);
  const svg = new DOMParser().parseFromString(markup, "text/html").querySelector("svg");
  clean(svg);
  centre(svg);
  const { width, height } = svg.viewBox.baseVal;
  svg.setAttribute("width", width);
  svg.setAttribute("height", height);
  svg.style.maxWidth = "";
  const title = svg.querySelector(":scope > title")?.textContent ?? "";
  return { svg: new XMLSerializer().serializeToString(svg), width, height, title };
}

/* Answers messages `{ source, colours }` on a port with the result of `draw` or `{ failed }`. */
async function serve(port) {
  await import("mermaid");
  port.onmessage = async ({ data: { source, colours } }) => {
    try {
      port.postMessage(await draw(source, colours));
    } catch {
      port.postMessage({ failed: true });
    }
  };
  port.postMessage("ready");
}

// Not exported: a bundler leaves out what it sees no use of.
if (window.origin === "null") window.serveDiagrams = serve;
