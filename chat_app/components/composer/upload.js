/* Uploads one file to the app, over HTTP instead of the socket. */

import { getToken } from "$/utils/state";
import { at } from "../shared/base.js";

const PATH = at("/_attachments");
const NOT_YET = 401; // the app has no state for this tab (yet, or any more)
const PATIENCE = 20;
const PAUSE = 500; // ms

/** For the message of a `thread`, empty in a new chat. Resolves to the id that the app gave the file, or to
    a `problem` in words; `onProgress` gets 0 to 1. Rejects when the connection fails. `stop` aborts it. */
export function upload(file, thread, onProgress) {
  let request;
  let stopped = false;
  const attempt = (left) =>
    new Promise((resolve, reject) => {
      request = new XMLHttpRequest();
      request.open("POST", PATH);
      request.responseType = "json";
      request.setRequestHeader("X-Chat-Tab", getToken());
      request.setRequestHeader("X-Chat-Thread", thread);
      request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
      request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
      request.onerror = request.onabort = () => reject(new Error("The upload broke off"));
      request.onload = () => {
        const { status, response } = request;
        if (status === NOT_YET && left && !stopped) {
          setTimeout(() => attempt(left - 1).then(resolve, reject), PAUSE);
        } else if (response?.id || response?.problem) resolve(response);
        else reject(new Error(`The upload was answered with ${status}`));
      };
      request.send(file);
    });
  const stop = () => {
    stopped = true;
    request.abort();
  };
  return { done: attempt(PATIENCE), stop };
}
