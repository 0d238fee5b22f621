// Writes what only a live page knows beside its elements, and returns the page as HTML. Runs in one go, so that no
// script of the page can come between. All marks start with "data-auditbot-" and are removed again.
(limit) => {
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
    if (style.display === "none" && tag !== "noscript" && tag !== "template") mark(element, "hidden", "none");
  }
  const html = document.documentElement ? document.documentElement.outerHTML : "";
  for (const [element, name] of marked) element.removeAttribute(name);
  return { html: html.slice(0, limit), cut: html.length > limit, base: document.baseURI, url: location.href };
}
