// What the page says that it has and did not show, and whether it still asks for consent. Given what settle.js knows.
(() => {
  const shared = window.auditbotTools;
  if (!shared || shared.counting) return;
  shared.counting = ({ tools, memory, kept, scripts, words, visible, label, small, buttonsNow, countersNow, post, TALK, BANNER }) => {
    // Whether the comments that a button or a link counts are there for all that: on the post's own page, which is
    // followed, or beside it, as many as it says.
    const isThere = (button, named) => {
      const COMMENT = "[class*=comment i], [itemprop=comment], [role=article], [id*=comment i]";
      const count = Number(/\d+/.exec(named)[0]);
      const link = button.closest("a[href]") || button.querySelector("a[href]");
      let holder = post(button);
      if (link && /^https?:$/.test(link.protocol) && link.origin === location.origin) {
        if (link.pathname + link.search !== location.pathname + location.search) return true;
        const place = link.hash.length > 1 && document.getElementById(link.hash.slice(1));
        holder = place || holder;
        // It may lead to the form below the comments: what holds both is looked through.
        for (let above = place && place.parentElement; above && above !== document.body; above = above.parentElement) if (above.matches(COMMENT)) holder = above;
      }
      if (!count || !holder) return !count;
      const spoken = (element) => !element.matches("a, button, form, input, textarea") && !element.contains(button) && words(element).length > 1;
      const asks = (element) => element.querySelector("textarea") !== null;
      const marked = [holder, ...holder.querySelectorAll(COMMENT)].filter((element) => element.matches(COMMENT) && spoken(element));
      const single = marked.filter((element) => !asks(element) && !marked.some((other) => other !== element && element.contains(other)));
      // Comments are of one kind; what a name and its words stand in are two.
      const alike = (children) => Math.max(0, ...children.map((child) => children.filter((other) => other.localName === child.localName).length));
      const within = marked.map((element) => alike([...element.children].filter((child) => spoken(child) && !asks(child))));
      return Math.max(single.length, ...within) >= count;
    };
    const stillShut = (mute) => {
      if (!scripts || !small()) return { shut: 0, asks: false };
      let shut = mute;
      for (const button of buttonsNow()) {
        const named = label(button);
        if ((TALK.test(named) || /^\+\s?\d{1,3}(?:\s+more)?$/.test(named)) && visible(button) && /\d/.test(named) && !memory.exhausted.has(button)) {
          if (!memory.worked.has(button) && !(TALK.test(named) && isThere(button, named))) shut += 1;
        }
      }
      const sets = new Map();
      for (const element of tools.everything(document)) {
        const size = Number(element.getAttribute("aria-setsize"));
        const place = Number(element.getAttribute("aria-posinset"));
        if (!(size > 0 && place > 0)) continue;
        const holder = element.parentElement;
        const known = sets.get(holder) || { size, places: new Set() };
        sets.set(holder, known);
        known.places.add(place);
      }
      for (const { size, places } of sets.values()) {
        const met = Math.max(places.size, kept.size);
        if (size > met && size < 100000) shut += size - met;
      }
      const CONSENT = /cookie|cwci|consent|privacy|tracking/i;
      const covers = (element) => {
        const box = element.getBoundingClientRect();
        return box.width * box.height > 0.3 * window.innerWidth * window.innerHeight;
      };
      const asking = (element) => visible(element) && CONSENT.test(words(element)) &&
        element.querySelector("button, [role=button], a, input[type=button], input[type=submit]");
      const dialogs = [...document.querySelectorAll(BANNER)].filter((element) =>
        (covers(element) || element.getAttribute("aria-modal") === "true") && asking(element));
      // A wall without a name: what lies fixed over the page, says little but cookies, and has a button.
      const walls = [...document.querySelectorAll("body div, body section, body aside")].slice(0, 3000).filter((element) =>
        covers(element) && getComputedStyle(element).position === "fixed" && words(element).length < 3000 && asking(element));
      if (dialogs.length || walls.length) {
        // What a wall hides as a whole stands in the page all the same, and whoever passes it reads it.
        for (const main of document.querySelectorAll("main, [role=main], article, #main, #content")) {
          if (getComputedStyle(main).display === "none" || getComputedStyle(main).visibility === "hidden") tools.opened.add(main);
        }
      }
      // Nothing but the surroundings is shown: what is hidden is what the page is there for, once its script has run.
      const AROUND = "header, footer, nav, aside, [role=banner], [role=contentinfo], [role=navigation], script, style, noscript, template";
      const seen = [...document.body.querySelectorAll("*")].slice(0, 4000).some((element) => !element.closest(AROUND) && visible(element) &&
        [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim().length > 1));
      for (const main of seen ? [] : document.querySelectorAll("main, [role=main], article, #main, #content")) {
        if (words(main).length > 15) tools.opened.add(main);
      }
      for (const [holder, total] of countersNow()) {
        const met = new Set([...holder.querySelectorAll("img")].map((image) => image.currentSrc || image.src));
        for (const copy of tools.more.get(holder) || []) for (const image of copy.querySelectorAll("img[src]")) {
          if (URL.canParse(image.getAttribute("src"), document.baseURI)) met.add(new URL(image.getAttribute("src"), document.baseURI).href);
        }
        if (total > met.size) shut += total - met.size;
      }
      return { shut, asks: dialogs.length + walls.length > 0 };
    };
    return { stillShut };
  };
})();
