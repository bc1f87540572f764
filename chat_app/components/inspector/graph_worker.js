/* Lays a graph out in a thread of its own: the chat is not held up, however large it is. */

import * as dagre from "@dagrejs/dagre";
import { fitting } from "./graph_layout.js";

self.onmessage = ({ data: { folded, options } }) => self.postMessage(fitting(dagre, folded, options));
