// What the page says that it has and did not show, and whether it still asks for consent. Given what settle.js knows.
(() => {
  const shared = window.auditbotTools;
  if (!shared || shared.counting) return;
  shared.counting = ({ tools, memory, kept, scripts, words, visible, label, small, buttonsNow, countersNow, TALK, BANNER }) => {
    const stillShut = (mute) => {
      if (!scripts || !small()) return { shut: 0, asks: false };
      let shut = mute;
      for (const button of buttonsNow()) {
        const named = label(button);
        if ((TALK.test(named) || /^\+\s?\d{1,3}(?:\s+more)?$/.test(named)) && visible(button) && /\d/.test(named) && !memory.exhausted.has(button)) {
          if (!memory.worked.has(button)) shut += 1;
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
