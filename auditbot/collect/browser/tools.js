// Runs before a page's own scripts, in every frame. It notes what only this moment can tell – which requests and waits
// are under way, which pictures a canvas was drawn from, what a blob: address holds – and keeps tools that read the
// page later. It changes nothing that a visitor would see.
(() => {
  if (window.auditbotTools) return;
  const later = window.setTimeout.bind(window);
  // The time that this page has lived: what a starved computer, or a script that does not let go, keeps from it is no
  // part of it. So a wait ends when as much has had its turn as otherwise, however long that takes.
  const BEAT = 50;
  const clock = performance.now.bind(performance);
  let stood = 0;
  let beat_at = clock();
  const standing = () => Math.max(0, clock() - beat_at - 2 * BEAT);
  const now = () => clock() - stood - standing();
  const beat = () => {
    stood += standing();
    beat_at = clock();
    later(beat, BEAT);
  };
  beat();
  const SHORT_WAIT = 1500;
  const ACTED = 400;
  const RECENT = 5000;
  const OFTEN = 20;
  const inert = document.implementation.createHTMLDocument("");

  // What is under way: each entry is the time it began; waits are counted only if they are short.
  const requests = new Set();
  const waits = new Map();
  const LONG_WAIT = 8000;
  const later_on = new Map();
  // How many milliseconds it takes until the last thing that is planned for soon has come.
  const due = () => Math.max(0, ...[...later_on.values()].map((at) => at - now()));
  // What comes in a moment, once or again and again; and how often each address was asked for.
  const SOON = [400, 5000];
  const planned = new Map();
  const polls = new Map();
  const soon = () => {
    const left = [...planned.values()].map(({ at, every }) => (every ? every - ((now() - at) % every) : Math.max(0, at - now())));
    return Math.min(...left, Infinity);
  };
  // What is asked for without a pause brings nothing to wait for.
  const asksAgain = () => [...polls.values()].some((count) => count > 1) && ![...polls.values()].some((count) => count > 2 * OFTEN);
  const noteAsked = (address) => {
    try {
      const path = new URL(String(address), document.baseURI).pathname;
      if (polls.size < 200 || polls.has(path)) polls.set(path, (polls.get(path) || 0) + 1);
    } catch { /* No address. */ }
  };
  const ticks = new Map();
  const isOwn = (address) => {
    try { return new URL(String(address), document.baseURI).hostname === location.hostname; } catch { return false; }
  };
  const begin = (began = now(), address = "") => {
    const entry = { began, own: isOwn(address) };
    requests.add(entry);
    // What an answer brings is drawn a moment after the answer.
    return () => later(() => requests.delete(entry), 40);
  };
  const wrap = (holder, name, make) => {
    const real = holder && holder[name];
    if (typeof real === "function") holder[name] = make(real);
  };
  const asked = new WeakMap();
  const sent = new WeakMap();
  wrap(window, "fetch", (real) => function fetch(...given) {
    const began = now();
    const address = given[0] && given[0].url ? given[0].url : given[0];
    const done = begin(began, address);
    noteAsked(address);
    const answer = real.apply(this, given);
    answer.then((response) => { asked.set(response, began); done(); }, done);
    return answer;
  });
  // An answer is there before its words are.
  for (const way of ["json", "text", "blob", "arrayBuffer", "formData"]) {
    wrap(window.Response && Response.prototype, way, (real) => function body(...given) {
      const done = begin(asked.get(this), this.url);
      const words = real.apply(this, given);
      words.then(done, done);
      return words;
    });
  }
  wrap(window.XMLHttpRequest && XMLHttpRequest.prototype, "open", (real) => function open(...given) {
    noteAsked(given[1]);
    // One that is used anew gives its former question up, without a word.
    if (sent.has(this)) sent.get(this).done();
    sent.set(this, { address: given[1], done: () => {} });
    return real.apply(this, given);
  });
  wrap(window.XMLHttpRequest && XMLHttpRequest.prototype, "send", (real) => function send(...given) {
    const known = sent.get(this) || {};
    const done = begin(now(), known.address);
    known.done = done;
    this.addEventListener("loadend", done, { once: true });
    try { return real.apply(this, given); } catch (error) { done(); throw error; }
  });
  // A script that is added asks for something as well: many lists come as scripts (JSONP).
  new MutationObserver((records) => {
    for (const { addedNodes } of records) for (const node of addedNodes) {
      if (node.localName !== "script" || !node.src || document.readyState === "loading") continue;
      const done = begin();
      for (const kind of ["load", "error"]) node.addEventListener(kind, done, { once: true });
    }
  }).observe(document, { subtree: true, childList: true });
  wrap(window, "setTimeout", (real) => function setTimeout(what, wait, ...given) {
    const number = real.call(window, typeof what !== "function" ? what : function waited(...args) {
      waits.delete(number);
      later_on.delete(number);
      planned.delete(number);
      return what.apply(this, args);
    }, wait, ...given);
    if (typeof what === "function" && wait >= SOON[0] && wait <= SOON[1] && planned.size < 100) planned.set(number, { at: now() + wait, every: 0 });
    if (typeof what === "function" && wait > SHORT_WAIT && wait <= LONG_WAIT && later_on.size < 100) later_on.set(number, now() + wait);
    if (typeof what === "function" && !(wait > SHORT_WAIT) && waits.size < 1000) {
      // What is waited for again and again is a clock, not something on its way.
      const text = String(what).slice(0, 200);
      ticks.set(text, (ticks.get(text) || 0) + 1);
      if (ticks.get(text) <= OFTEN) waits.set(number, now());
    }
    return number;
  });
  wrap(window, "setInterval", (real) => function setInterval(what, wait, ...given) {
    const number = real.call(window, what, wait, ...given);
    if (wait >= SOON[0] && wait <= SOON[1] && planned.size < 100) planned.set(number, { at: now(), every: wait });
    return number;
  });
  for (const name of ["clearTimeout", "clearInterval"]) {
    wrap(window, name, (real) => function clear(number) {
      waits.delete(number);
      later_on.delete(number);
      planned.delete(number);
      return real.call(window, number);
    });
  }
  const busy = (since) => {
    const counts = (began, before) => began >= since - before && began <= since + ACTED;
    for (const entry of requests) if (counts(entry.began, RECENT)) return true;
    for (const began of waits.values()) if (counts(began, 0) && now() < began + SHORT_WAIT + 200) return true;
    return false;
  };
  // Whether the site itself has not yet answered what a script asked it for about then.
  const unanswered = (since) => [...requests].some(({ began, own }) => own && began >= since - RECENT && began <= since + ACTED);

  // Elements that wait for a click of their own, where a click wants to lead, and what a click has brought to light.
  const clickable = new WeakSet();
  const leads = new Map();
  const opened = new WeakSet();
  wrap(window.EventTarget && EventTarget.prototype, "addEventListener", (real) => function addEventListener(kind, ...given) {
    if ((kind === "click" || kind === "mousedown" || kind === "pointerdown") && this instanceof Element) clickable.add(this);
    return real.call(this, kind, ...given);
  });
  const onClick = Object.getOwnPropertyDescriptor(HTMLElement.prototype, "onclick");
  if (onClick && onClick.set) {
    Object.defineProperty(HTMLElement.prototype, "onclick", {
      ...onClick,
      set(handler) {
        if (typeof handler === "function") clickable.add(this);
        return onClick.set.call(this, handler);
      },
    });
  }

  // A new window that a click wants is noted, not opened.
  let noted = null;
  const noteWindows = (note) => { noted = note; };
  wrap(window, "open", (real) => function open(url, ...given) {
    if (!noted) return real.call(this, url, ...given);
    noted(String(url || ""));
    return null;
  });

  const blobs = new Map();
  const drawn = new WeakMap();
  wrap(window.URL, "createObjectURL", (real) => function createObjectURL(thing) {
    const address = real.call(URL, thing);
    if (thing instanceof Blob && blobs.size < 500) blobs.set(address, thing);
    return address;
  });
  wrap(window.CanvasRenderingContext2D && CanvasRenderingContext2D.prototype, "drawImage", (real) => function drawImage(
    source, ...given) {
    if (source instanceof HTMLImageElement && /^https?:/.test(source.src)) {
      const known = drawn.get(this.canvas) || new Set();
      drawn.set(this.canvas, known.add(source.currentSrc || source.src));
    }
    return real.call(this, source, ...given);
  });

  // By picture: the addresses that it has shown one after the other. That a lazy picture takes the place of its
  // placeholder is no change.
  const swapped = new Map();
  new MutationObserver((records) => {
    for (const { target, oldValue } of records) {
      const now = target.getAttribute("src") || "";
      const lazy = () => target.getAttributeNames().some((name) => name.startsWith("data-") && target.getAttribute(name) === now);
      if (target.localName !== "img" || !oldValue || /^(?:data|blob):/.test(oldValue) || oldValue === now || lazy()) continue;
      const known = swapped.get(target) || new Set();
      if (swapped.size > 200 || known.size > 100) continue;
      for (const value of [oldValue, now]) if (URL.canParse(value, document.baseURI)) known.add(new URL(value, document.baseURI).href);
      swapped.set(target, known);
    }
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ["src"], attributeOldValue: true });

  // Pictures that have no address of their own, as data: addresses, by blob: address.
  const pictures = new Map();
  let room = 40_000_000;
  const asData = (blob) => new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result));
    reader.onerror = () => done("");
    reader.readAsDataURL(blob);
  });
  const keepPictures = async () => {
    if (!blobs.size && !document.querySelector("img[src^='blob:']")) return;
    for (const element of everything(document)) {
      const address = element.localName === "img" ? element.currentSrc || element.src : "";
      if (!address.startsWith("blob:") || pictures.has(address)) continue;
      pictures.set(address, "");
      const blob = blobs.get(address);
      let data = blob && blob.size < room ? await asData(blob) : "";
      if (data && !data.startsWith("data:image/")) data = data.replace(/^data:[^,;]*/, "data:image/unknown");
      if (!data) data = painted(element);
      room -= data.length;
      pictures.set(address, data);
    }
  };
  const painted = (source) => {
    try {
      let canvas = source;
      if (source.localName === "img") {
        canvas = document.createElement("canvas");
        canvas.width = source.naturalWidth;
        canvas.height = source.naturalHeight;
        canvas.getContext("2d").drawImage(source, 0, 0);
      }
      const data = canvas.width && canvas.height ? canvas.toDataURL("image/png") : "";
      return data.length < room ? data : "";
    } catch {
      return "";
    }
  };

  // The page as a visitor meets it: open shadow roots and frames of the same site are part of it.
  const frameBody = (element) => {
    if (element.localName !== "iframe" && element.localName !== "frame") return null;
    try {
      const body = element.contentDocument && element.contentDocument.body;
      // One that waits, for a consent or to be scrolled to, says in another attribute what it is to show.
      return body && !element.hasAttribute("src") && !body.childNodes.length ? null : body;
    } catch {
      return null;
    }
  };
  // A visitor sees what is in a closed shadow root as well.
  const closed = new WeakMap();
  wrap(window.Element && Element.prototype, "attachShadow", (real) => function attachShadow(...given) {
    const root = real.apply(this, given);
    if (root.mode === "closed") closed.set(this, root);
    return root;
  });
  const rootOf = (element) => element.shadowRoot || closed.get(element) || null;
  function* everything(root, depth = 4) {
    for (const element of root.querySelectorAll("*")) {
      yield element;
      if (depth && rootOf(element)) yield* everything(rootOf(element), depth - 1);
      const body = depth ? frameBody(element) : null;
      if (body) yield* everything(body, depth - 1);
    }
  }
  const children = (node) => {
    if (rootOf(node)) return rootOf(node).childNodes;
    if (node.localName === "slot" && node.assignedNodes) {
      const given = node.assignedNodes();
      if (given.length) return given;
    }
    return node.childNodes;
  };
  // What styles show once a visitor points at something, ticks it or comes to it: selectors without that state.
  const STATE = /:(?:hover|checked|target|focus-within|focus-visible|focus|active)(?![\w-])/;
  const statesOf = () => {
    const found = [];
    const look = (rules, depth) => {
      for (const rule of rules) {
        if (found.length > 1000) return;
        if (depth && rule.cssRules && rule.cssRules.length) look(rule.cssRules, depth - 1);
        if (!rule.selectorText || !STATE.test(rule.selectorText)) continue;
        const { display, visibility, opacity, maxHeight, height } = rule.style;
        const shows = (display && display !== "none") || visibility === "visible" || Number(opacity) > 0 ||
          (maxHeight && parseFloat(maxHeight) !== 0) || (height && parseFloat(height) !== 0);
        for (const part of shows ? rule.selectorText.split(",") : []) {
          const bare = part.replace(new RegExp(STATE, "g"), "").trim();
          if (!STATE.test(part) || !bare || /:not\(|::|[>+~]\s*(?:[>+~]|$)|^[>+~]/.test(bare)) continue;
          try { inert.querySelector(bare); found.push(bare); } catch { /* No selector any more. */ }
        }
      }
    };
    for (const sheet of document.styleSheets) {
      try { look(sheet.cssRules, 4); } catch { /* Another site's: its rules may not be read. */ }
    }
    return found;
  };
  let states = [];
  const UNMARKED = new Set(["script", "style", "link", "meta", "title", "head", "template", "noscript", "source"]);
  const NEVER_SHOWN = new Set(["option", "datalist", "param", "track", "area", "dialog", "br", "wbr", "audio"]);
  const PICTURES = new Set(["img", "picture", "figure", "video", "canvas", "svg"]);
  const mark = (element, copy, framed) => {
    for (const name of copy.getAttributeNames()) {
      if (name.startsWith("data-auditbot-")) copy.removeAttribute(name);
    }
    const set = (name, value) => copy.setAttribute("data-auditbot-" + name, value);
    const tag = element.localName;
    // In a page of an older charset a query is asked for in its bytes.
    const foreign = document.characterSet !== "UTF-8";
    for (const name of framed || foreign ? ["src", "href", "poster"] : []) {
      const plain = !framed && /^[\x00-\x7f]*$/.test(element.getAttribute(name) || "");
      if (!plain && element.hasAttribute(name) && typeof element[name] === "string") copy.setAttribute(name, element[name]);
    }
    if (UNMARKED.has(tag) || !element.isConnected) return;
    const view = element.ownerDocument.defaultView || window;
    const style = view.getComputedStyle(element);
    const box = () => element.getBoundingClientRect();
    const shows = (child) => view.getComputedStyle(child).visibility === "visible";
    const unseen = style.display === "none" || (!PICTURES.has(tag) && (
      (style.visibility !== "visible" && ![...element.children].some(shows)) ||
      (style.opacity === "0" && style.overflow !== "visible" && (box().height < 1 || box().width < 1))));
    if (unseen && !NEVER_SHOWN.has(tag) && !opened.has(element)) set("unseen", "");
    if (opened.has(element)) copy.removeAttribute("hidden");
    if (unseen && states.some((bare) => element.matches(bare))) set("opens", "");
    if (leads.has(element)) set("leads", leads.get(element));
    if (tools.posted.has(element)) set("sent", "");
    let image = style.backgroundImage;
    for (const pseudo of ["::before", "::after"]) {
      if (!image.includes("url(")) image = view.getComputedStyle(element, pseudo).backgroundImage;
    }
    if (!image.includes("url(") && style.borderImageSource.includes("url(")) image = style.borderImageSource;
    for (const pseudo of ["::before", "::after"]) {
      const content = image.includes("url(") ? "" : view.getComputedStyle(element, pseudo).content;
      if (content.includes("url(")) image = content;
    }
    if (!image.includes("url(") && style.display === "list-item") image = style.listStyleImage;
    if (image.includes("url(")) set("background", image);
    if (tag === "img") {
      const box = element.getBoundingClientRect();
      set("shown", Math.round(box.width) + "x" + Math.round(box.height));
      if (element.currentSrc) set("current", element.currentSrc);
      if (pictures.get(element.currentSrc)) set("data", pictures.get(element.currentSrc));
    }
    if (tag === "canvas" && element.width >= 40 && element.height >= 40) {
      if (drawn.has(element)) set("drawn", [...drawn.get(element)].slice(0, 20).join(" "));
      else set("data", painted(element));
    }
  };
  // Copies an element with all it shows into a document in which nothing runs and nothing loads. `instead` holds
  // copies to be taken for elements, `more` copies to be added at the start of elements.
  const copyOf = (root, instead = new Map(), more = new Map()) => {
    states = statesOf();
    const bare = (element, framed) => {
      // Beside frames nothing else may stand, so they are kept as parts of an ordinary page.
      const copy = element.localName === "frameset" ? inert.createElement("div") : inert.importNode(element, false);
      mark(element, copy, framed);
      return copy;
    };
    const top = bare(root, root.ownerDocument !== document);
    const waiting = [[root, top, root.ownerDocument === document ? 0 : 1]];
    while (waiting.length) {
      const [from, to, framed] = waiting.pop();
      for (const extra of more.get(from) || []) to.append(extra.cloneNode(true));
      for (const child of children(from)) {
        if (child.nodeType === Node.TEXT_NODE) to.append(inert.createTextNode(child.data));
        if (child.nodeType !== Node.ELEMENT_NODE) continue;
        const body = framed < 4 ? frameBody(child) : null;
        const copy = (instead.has(child) && instead.get(child).cloneNode(true)) || (body ? inert.createElement("div") : bare(child, framed > 0));
        if (body) copy.setAttribute("data-auditbot-frame", `${child.getAttribute("src") || ""} ${child.title} ${child.name || ""} ${child.id} ${child.className}`);
        if (body && getComputedStyle(child).display === "none") copy.setAttribute("data-auditbot-unseen", "");
        to.append(copy);
        if (!instead.has(child)) waiting.push([body || child, copy, framed + (body ? 1 : 0)]);
      }
    }
    return top;
  };
  const tools = { now, stood: () => stood, later, busy, unanswered, due, soon, asksAgain, noteWindows, clickable, swapped, leads, opened, keepPictures, everything, rootOf, copyOf, instead: new Map(), more: new Map(), ledAway: [], posted: new WeakSet() };
  Object.defineProperty(window, "auditbotTools", { value: tools, enumerable: false });
})();
