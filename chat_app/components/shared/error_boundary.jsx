/* Draws its first child. Where that fails, it draws the second child, or without one the `source` as
   plain text, and tries again when `source` changes. The rest of the page is not affected. */

import { Children, Component } from "react";
import { PlainText } from "./plain_text.jsx";
import { Words } from "./words.jsx";

const ROW_TEXTS = ["original", "md", "text", "json", "summary", "sentence", "output", "detail"];

/* The source as text: a string itself, the strings of a row, or JSON. */
function textOf(source) {
  if (typeof source === "string") return source;
  const texts = ROW_TEXTS.map((name) => source?.[name]).filter((text) => typeof text === "string");
  if (texts[0]) return texts[0];
  try {
    return JSON.stringify(source, null, 2) ?? "";
  } catch {
    return "";
  }
}

export class ErrorBoundary extends Component {
  static contextType = Words;

  state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  componentDidUpdate(before) {
    if (this.state.failed && before.source !== this.props.source) this.setState({ failed: false });
  }

  render() {
    const { children, source } = this.props;
    const [drawn, otherwise] = Children.toArray(children);
    if (!this.state.failed) return drawn ?? null;
    return otherwise ?? <PlainText text={textOf(source)} notice={this.context.notDrawn} />;
  }
}
