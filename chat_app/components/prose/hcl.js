/* HCL, the language of Terraform, which highlight.js does not have. */

export default function hcl(hljs) {
  const inString = { className: "subst", begin: /[$%]\{/, end: /\}/, contains: [] };
  const string = {
    className: "string",
    variants: [{ begin: /"/, end: /"/ }, { begin: /<<[-~]?(\w+)\n/, end: /^\s*\w+$/ }],
    contains: [hljs.BACKSLASH_ESCAPE, inString],
  };
  inString.contains = [hljs.NUMBER_MODE, { className: "string", begin: /"/, end: /"/ }];
  return {
    name: "HCL",
    keywords: {
      keyword: "resource variable provider output locals module data terraform provisioner backend for in if else endif endfor dynamic moved import",
      literal: "true false null",
      built_in: "var local each self path count string number bool list map set object tuple any",
    },
    contains: [
      hljs.HASH_COMMENT_MODE,
      hljs.C_LINE_COMMENT_MODE,
      hljs.C_BLOCK_COMMENT_MODE,
      hljs.NUMBER_MODE,
      string,
      { className: "attr", begin: /^[ \t]*[\w-]+(?=[ \t]*=[^=])/m },
    ],
  };
}
