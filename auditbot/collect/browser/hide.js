// Runs before a page is photographed, while its own scripts stand still. Pictures with a web address were answered by
// the visit itself; every other one, from a data: or blob: address, a canvas, a film or a frame, is made invisible here.
// Its place in the page stays as it was. Returns whether a second look found none left.
(() => {
  const OURS = /^https?:/i;
  const OTHERS = /\b(?:data|blob|filesystem|about):|paint\(|element\(/i;
  const PARTS = ["::before", "::after", "::marker", "::first-letter", "::first-line", "::backdrop", "::placeholder"];
  const PAINTED = ["background-image", "border-image-source", "list-style-image", "mask-image", "mask-border-source",
    "-webkit-mask-box-image-source", "-webkit-box-reflect", "filter", "backdrop-filter", "content", "fill", "stroke"];
  const FRAMES = "iframe, frame, object, embed, canvas, video, audio, portal, fencedframe";
  const found = (style) => PAINTED.filter((name) => OTHERS.test(style.getPropertyValue(name)));
  const set = (element, name, value) => element.style && element.style.setProperty(name, value, "important");
  const invisible = (element) => {
    set(element, "transition", "none");
    set(element, "animation", "none");
    set(element, "opacity", "0");
    set(element, "visibility", "hidden");
  };
  const source = (element) => {
    if (element.matches("img, input[type=image i]")) return element.currentSrc || element.src;
    if (!/^(image|feimage|use)$/i.test(element.localName)) return undefined;
    const address = element.getAttribute("href") || element.getAttributeNS("http://www.w3.org/1999/xlink", "href") || "";
    return address.startsWith("#") ? undefined : new URL(address || "/", document.baseURI).href;
  };
  const foreign = (element) => element.matches(FRAMES) || (source(element) || "http:").search(OURS) < 0;
  const walk = function* (root) {
    for (const element of root.querySelectorAll("*")) {
      yield element;
      if (element.shadowRoot) yield* walk(element.shadowRoot);
    }
  };
  const stop = (root) => {
    for (const animation of root.getAnimations()) {
      const endless = !Number.isFinite(animation.effect ? animation.effect.getComputedTiming().endTime : Infinity);
      if (endless || animation.playbackRate <= 0) animation.cancel(); else animation.finish();
    }
  };
  const hide = (element) => {
    let hidden = 0;
    if (element.shadowRoot) stop(element.shadowRoot);
    if (foreign(element) && getComputedStyle(element).opacity !== "0") {
      if (/^feimage$/i.test(element.localName)) element.remove(); else invisible(element);
      hidden += 1;
    }
    const style = getComputedStyle(element);
    const names = found(style);
    if (names.length) {
      set(element, "transition", "none");
      set(element, "animation", "none");
      for (const name of names) set(element, name, name === "content" ? "normal" : "none");
      if (names.includes("content")) invisible(element);
      hidden += 1;
    }
    // The style of a part (::before) is not the element's own: with such a picture, the whole element goes.
    if (PARTS.some((part) => found(getComputedStyle(element, part)).length) && style.opacity !== "0") {
      invisible(element);
      hidden += 1;
    }
    return hidden;
  };
  const round = () => [...walk(document)].reduce((sum, element) => sum + hide(element), 0);
  stop(document);
  round();
  round();
  return round() === 0;
})()
