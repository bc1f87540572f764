/* Names on a drawing that is too small for the names in its boxes: as on a map, those that matter most, at a size
   that can be read, and as many others as there is room for. */

const GAP = 3; // px

const meet = (one, other) =>
  one.left < other.right + GAP && other.left < one.right + GAP && one.top < other.bottom + GAP && other.top < one.bottom + GAP;

/** Places of names in the frame. `boxes` are in the order of how much their names matter, each with `x`, `y`,
    `width`, `height`, and the `size` of its name (`width` and `height` in px). A name is in the middle of its
    box, and of a group at its top. Returns those that are in the frame and meet no other one. */
export function placed(boxes, camera, frame) {
  const names = [];
  for (const { id, x, y, width, height, size, isOpen } of boxes) {
    const middle = camera.x + (x + width / 2) * camera.scale;
    const top = camera.y + y * camera.scale + (isOpen ? 2 : (height * camera.scale - size.height) / 2);
    const name = { id, left: middle - size.width / 2, right: middle + size.width / 2, top, bottom: top + size.height };
    const isSeen = name.right > 0 && name.left < frame.width && name.bottom > 0 && name.top < frame.height;
    if (isSeen && !names.some((other) => meet(name, other))) names.push(name);
  }
  return names;
}
