// Writes what only a live page knows beside its elements, and returns the page as HTML. Runs in one go, so that no
// script of the page can come between. All marks start with "data-auditbot-" and are removed again.
(limit) => {
  // A frame of the same site belongs to the page; its links are made absolute, for its address is not the page's.
  const readFrame = (frame, depth) => {
    const inner = frame.contentDocument;
    if (!inner || !inner.body || depth === 0) return "";
    const copy = inner.body.cloneNode(true);
    const originals = inner.body.querySelectorAll("*");
    copy.querySelectorAll("*").forEach((element, place) => {
      for (const name of ["src", "href", "poster"]) {
        if (element.hasAttribute(name) && typeof originals[place][name] === "string") {
          element.setAttribute(name, originals[place][name]);
        }
      }
    });
    copy.querySelectorAll("iframe, frame, script, style").forEach((element) => element.remove());
    const nested = [...inner.querySelectorAll("iframe")].map((each) => readFrame(each, depth - 1));
    return copy.innerHTML + nested.join("");
  };
  const marked = [];
  const mark = (element, name, value) => {
    element.setAttribute("data-auditbot-" + name, value);
    marked.push([element, "data-auditbot-" + name]);
  };
  const all = document.querySelectorAll("*");
  for (const element of all) {
    for (const name of element.getAttributeNames()) {
      if (name.startsWith("data-auditbot-")) element.removeAttribute(name);
    }
  }
  for (const element of document.body ? document.body.querySelectorAll("*") : []) {
    const tag = element.localName;
    if (tag === "script" || tag === "style" || tag === "link" || tag === "meta") continue;
    const style = getComputedStyle(element);
    if (style.backgroundImage.includes("url(")) mark(element, "background", style.backgroundImage);
    if (tag === "img") {
      const box = element.getBoundingClientRect();
      mark(element, "shown", Math.round(box.width) + "x" + Math.round(box.height));
      if (element.currentSrc) mark(element, "current", element.currentSrc);
    }
    for (const pseudo of ["::before", "::after"]) {
      const image = getComputedStyle(element, pseudo).backgroundImage;
      if (image.includes("url(") && !element.hasAttribute("data-auditbot-background")) mark(element, "background", image);
    }
  }
  const frames = [];
  for (const frame of document.querySelectorAll("iframe, frame")) {
    const inner = readFrame(frame, 2);
    if (!inner) continue;
    mark(frame, "frame", String(frames.length));
    frames.push(inner);
  }
  const html = document.documentElement ? document.documentElement.outerHTML : "";
  for (const [element, name] of marked) element.removeAttribute(name);
  const size = frames.reduce((sum, inner) => sum + inner.length, html.length);
  return {
    html: html.slice(0, limit),
    frames: size > limit ? [] : frames,
    cut: size > limit,
    base: document.baseURI,
    url: location.href,
  };
}
