/* Runs in every measured page, the floor's too. It notes when each marked word (`q40q`) was first
   painted, the time between frames, the longest task, and how long a key press takes to be painted. */

(() => {
  const MARK = /q(\d+)q/g;
  const COMPOSER = '[data-testid="composer"]';
  const seen = new Map(); // number of the mark -> Date.now() after the paint that showed it
  const awaited = new Map(); // number of the mark -> who waits for it
  const keys = []; // ms from each key press to the paint after it
  let fresh = [];
  let worstGap = 0;
  let worstTask = 0;
  let lastFrame = null;

  const afterPaint = (then) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = then;
      port2.postMessage(null);
    });

  const note = (text) => {
    for (const [, number] of text.matchAll(MARK)) {
      if (seen.has(+number) || fresh.includes(+number)) continue;
      if (!fresh.length) afterPaint(painted);
      fresh.push(+number);
    }
  };

  const painted = () => {
    const now = Date.now();
    for (const number of fresh) {
      seen.set(number, now);
      awaited.get(number)?.(now);
    }
    fresh = [];
  };

  const onFrame = (now) => {
    if (lastFrame !== null) worstGap = Math.max(worstGap, now - lastFrame);
    lastFrame = now;
    requestAnimationFrame(onFrame);
  };

  const onMutations = (records) => {
    if (window.probe.composer === null && document.querySelector(COMPOSER)) {
      window.probe.composer = 0;
      afterPaint(() => (window.probe.composer = performance.now()));
    }
    for (const { type, target, addedNodes } of records) {
      if (type === "characterData") note(target.data);
      else for (const node of addedNodes) note(node.textContent);
    }
  };

  const isInView = (text) => {
    const found = document.evaluate(
      `//body//text()[contains(., "${text}")]/..`,
      document,
      null,
      XPathResult.FIRST_ORDERED_NODE_TYPE,
    ).singleNodeValue;
    const box = found?.getBoundingClientRect();
    return Boolean(box) && box.top < innerHeight && box.bottom > 0;
  };

  window.probe = {
    seen: () => [...seen],
    shown: (number) =>
      new Promise((resolve) => {
        if (seen.has(number)) resolve(seen.get(number));
        else awaited.set(number, resolve);
      }),
    inView: async (number) => {
      await window.probe.shown(number);
      while (!isInView(`q${number}q`)) await new Promise(requestAnimationFrame);
      return Date.now() - performance.timeOrigin;
    },
    restart: () => {
      worstGap = 0;
      worstTask = 0;
    },
    worstGap: () => worstGap,
    worstTask: () => worstTask,
    keys,
    nodes: () => {
      const walker = document.createTreeWalker(document);
      let number = 1;
      while (walker.nextNode()) number += 1;
      return number;
    },
    composer: null, // ms from navigation to the paint of the composer
  };

  new MutationObserver(onMutations).observe(document, {
    childList: true,
    characterData: true,
    subtree: true,
  });
  addEventListener(
    "keydown",
    (event) => afterPaint(() => keys.push(performance.now() - event.timeStamp)),
    { capture: true },
  );
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) worstTask = Math.max(worstTask, duration);
  }).observe({ type: "longtask" });
  requestAnimationFrame(onFrame);
})();
