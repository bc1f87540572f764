/* Draws its children, or nothing where they cannot be drawn: what a tool returned may be anything,
   and whoever wrote a renderer did not think of all of it. The rest of the page stands. */

import { Component } from "react";

export class Shelter extends Component {
  state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  render() {
    return this.state.broken ? null : this.props.children;
  }
}
