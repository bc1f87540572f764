/* Grammars that are loaded on demand, with the first block of code in the language. */

import { useEffect, useState } from "react";
import { highlighter, loadHighlighter } from "./highlighting.js";

/* The names of a language after three backticks, and its grammar. */
const GRAMMARS = [
  ["hcl terraform tf tfvars", () => import("./hcl.js")],
  ["ada", () => import("highlight.js/lib/languages/ada")],
  ["apache apacheconf htaccess", () => import("highlight.js/lib/languages/apache")],
  ["applescript", () => import("highlight.js/lib/languages/applescript")],
  ["armasm arm", () => import("highlight.js/lib/languages/armasm")],
  ["asciidoc adoc", () => import("highlight.js/lib/languages/asciidoc")],
  ["awk gawk", () => import("highlight.js/lib/languages/awk")],
  ["clojure clj cljs edn", () => import("highlight.js/lib/languages/clojure")],
  ["cmake", () => import("highlight.js/lib/languages/cmake")],
  ["coffeescript coffee", () => import("highlight.js/lib/languages/coffeescript")],
  ["crystal cr", () => import("highlight.js/lib/languages/crystal")],
  ["d", () => import("highlight.js/lib/languages/d")],
  ["dart", () => import("highlight.js/lib/languages/dart")],
  ["delphi pascal objectpascal", () => import("highlight.js/lib/languages/delphi")],
  ["django jinja jinja2", () => import("highlight.js/lib/languages/django")],
  ["dns zone bind", () => import("highlight.js/lib/languages/dns")],
  ["dockerfile docker containerfile", () => import("highlight.js/lib/languages/dockerfile")],
  ["dos bat cmd batch", () => import("highlight.js/lib/languages/dos")],
  ["ebnf", () => import("highlight.js/lib/languages/ebnf")],
  ["elixir ex exs", () => import("highlight.js/lib/languages/elixir")],
  ["elm", () => import("highlight.js/lib/languages/elm")],
  ["erb", () => import("highlight.js/lib/languages/erb")],
  ["erlang erl", () => import("highlight.js/lib/languages/erlang")],
  ["excel xlsx", () => import("highlight.js/lib/languages/excel")],
  ["fortran f90 f95", () => import("highlight.js/lib/languages/fortran")],
  ["fsharp fs f#", () => import("highlight.js/lib/languages/fsharp")],
  ["gherkin feature cucumber", () => import("highlight.js/lib/languages/gherkin")],
  ["glsl hlsl shader", () => import("highlight.js/lib/languages/glsl")],
  ["gradle", () => import("highlight.js/lib/languages/gradle")],
  ["groovy jenkinsfile", () => import("highlight.js/lib/languages/groovy")],
  ["haml", () => import("highlight.js/lib/languages/haml")],
  ["handlebars hbs mustache", () => import("highlight.js/lib/languages/handlebars")],
  ["haskell hs", () => import("highlight.js/lib/languages/haskell")],
  ["haxe", () => import("highlight.js/lib/languages/haxe")],
  ["http https", () => import("highlight.js/lib/languages/http")],
  ["julia jl", () => import("highlight.js/lib/languages/julia")],
  ["latex tex bibtex", () => import("highlight.js/lib/languages/latex")],
  ["lisp elisp commonlisp emacs-lisp", () => import("highlight.js/lib/languages/lisp")],
  ["llvm", () => import("highlight.js/lib/languages/llvm")],
  ["mathematica wolfram", () => import("highlight.js/lib/languages/mathematica")],
  ["matlab octave", () => import("highlight.js/lib/languages/matlab")],
  ["mipsasm mips", () => import("highlight.js/lib/languages/mipsasm")],
  ["nginx nginxconf caddyfile", () => import("highlight.js/lib/languages/nginx")],
  ["nim", () => import("highlight.js/lib/languages/nim")],
  ["nix", () => import("highlight.js/lib/languages/nix")],
  ["ocaml ml reason", () => import("highlight.js/lib/languages/ocaml")],
  ["openscad scad", () => import("highlight.js/lib/languages/openscad")],
  ["pgsql postgres postgresql plpgsql", () => import("highlight.js/lib/languages/pgsql")],
  ["powershell pwsh ps ps1", () => import("highlight.js/lib/languages/powershell")],
  ["processing", () => import("highlight.js/lib/languages/processing")],
  ["prolog", () => import("highlight.js/lib/languages/prolog")],
  ["properties dotenv env", () => import("highlight.js/lib/languages/properties")],
  ["protobuf proto proto3", () => import("highlight.js/lib/languages/protobuf")],
  ["puppet pp", () => import("highlight.js/lib/languages/puppet")],
  ["qml", () => import("highlight.js/lib/languages/qml")],
  ["sas", () => import("highlight.js/lib/languages/sas")],
  ["scala sbt", () => import("highlight.js/lib/languages/scala")],
  ["scheme racket", () => import("highlight.js/lib/languages/scheme")],
  ["smalltalk", () => import("highlight.js/lib/languages/smalltalk")],
  ["sml", () => import("highlight.js/lib/languages/sml")],
  ["stata", () => import("highlight.js/lib/languages/stata")],
  ["stylus styl", () => import("highlight.js/lib/languages/stylus")],
  ["tcl tk", () => import("highlight.js/lib/languages/tcl")],
  ["thrift", () => import("highlight.js/lib/languages/thrift")],
  ["twig", () => import("highlight.js/lib/languages/twig")],
  ["vala", () => import("highlight.js/lib/languages/vala")],
  ["vbscript vbs vba", () => import("highlight.js/lib/languages/vbscript")],
  ["verilog systemverilog sv v", () => import("highlight.js/lib/languages/verilog")],
  ["vhdl", () => import("highlight.js/lib/languages/vhdl")],
  ["vim viml vimscript", () => import("highlight.js/lib/languages/vim")],
  ["wasm wat", () => import("highlight.js/lib/languages/wasm")],
  ["x86asm asm assembly nasm", () => import("highlight.js/lib/languages/x86asm")],
  ["xquery xpath", () => import("highlight.js/lib/languages/xquery")],
];

const LOADERS = new Map(
  GRAMMARS.flatMap(([names, load]) => names.split(" ").map((name) => [name, load])),
);
const FENCE = /^[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*(?:`{3,}|~{3,})[ \t]*([^\s`{]+)/gm;

const extras = new Map();

/* A language in the shape of an extra of `plugins.js`: once loaded it has `languages`, the grammar by its
   name. */
function extraOf(name) {
  if (!extras.has(name)) {
    const fetch = async () => {
      const [{ hljs }, { default: grammar }] = await Promise.all([loadHighlighter(), LOADERS.get(name)()]);
      hljs.registerLanguage(name, grammar);
      return { languages: { [name]: grammar } };
    };
    extras.set(name, { id: name, fetch });
  }
  return extras.get(name);
}

/* The languages to load for the code in a Markdown text. */
export function languagesOf(source) {
  if (!/`{3}|~{3}/.test(source)) return [];
  const names = [...source.matchAll(FENCE)].map(([, name]) => name.toLowerCase());
  return [...new Set(names)].filter((name) => LOADERS.has(name)).map(extraOf);
}

/* Whether the grammar of this language is loaded; renders again when it is. */
export function useLanguage(name) {
  const [, redraw] = useState(0);
  const isKnown = Boolean(highlighter()?.hljs.getLanguage(name));
  useEffect(() => {
    let mounted = true;
    if (!isKnown && name) {
      const load = LOADERS.has(name) ? extraOf(name).fetch : loadHighlighter;
      load()
        .then(() => mounted && redraw((times) => times + 1), () => {}); // else without colours
    }
    return () => {
      mounted = false;
    };
  }, [name, isKnown]);
  return isKnown;
}
