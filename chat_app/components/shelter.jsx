/* Draws its first child, or the second where that cannot be drawn: what a graph sent may be
   anything, and whoever wrote a renderer did not think of all of it. The rest of the page stands. */

import { Children, Component } from "react";

export class Shelter extends Component {
  state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  render() {
    const [drawn, otherwise] = Children.toArray(this.props.children);
    return this.state.broken ? otherwise : drawn;
  }
}
