/* The highlighter with the common languages. It is a tenth of the code of the page, so that nothing imports
   it but `highlighting.js`, which loads it with the first block of code. */

export { default as hljs } from "highlight.js/lib/common";
export { common } from "lowlight";
export { default as rehypeHighlight } from "rehype-highlight";
