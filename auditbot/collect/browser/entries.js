// Posts that come and go while a page is read: each is kept in its longest form. Given what settle.js knows of the page.
(() => {
  const shared = window.auditbotTools;
  if (!shared || shared.keeping) return;
  shared.keeping = ({ tools, memory, scripts, words, closest, told, small, changed }) => {
    const { kept } = memory;
    const ENTRY = "article, [role=article], [role=listitem], .h-entry, .hentry, [aria-posinset], [data-post-id], [data-postid]," +
      " [data-item-index], [data-index], [role=feed] > *, [class~=post], [class*=feed-item], [class*=feed__item]," +
      " [class*=post-card], [class*=postcard]";
    const DATED = "time, [datetime], [class*=date i], [class*=timestamp i]";
    // A date that nothing marks: it stands alone in an element.
    const MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ion|chwe|maw|ebr|mai|meh|gor|awst|med|hyd|tach|rhag)[a-z]*\\.?";
    const DAY = new RegExp(`^(?:(?:mon|tue|wed|thu|fri|sat|sun)\\w*,? )?(?:\\d{1,2}(?:st|nd|rd|th)? (?:o )?${MONTH}(?:,? (?:\\d{4}|['’]?\\d\\d))?|${MONTH}` +
      " \\d{1,2}(?:st|nd|rd|th)?(?:, \\d{4})?|\\d{1,2}[./-]\\d{1,2}[./-]\\d{2,4})(?:,? (?:at )?\\d{1,2}[:.]\\d\\d(?: ?[ap]m)?)?$|" +
      "^\\d{1,3} ?(?:m|h|d|w|mo|y|mins?|hrs?|hours?|days?|weeks?)(?: ago)?$|^yesterday(?: at .*)?$", "i");
    const up = (element) => element.parentElement || (element.getRootNode() || {}).host;
    const WHOLE = ":is(html, body, main)";
    const entry = (element) => {
      for (let node = element; node; node = up(node)) if (node.matches(ENTRY) && !node.matches(WHOLE)) return node;
      return null;
    };
    const entriesNow = () => {
      const found = new Set();
      const all = [...tools.everything(document)];
      for (const element of all) {
        if (element.matches(ENTRY) && !element.matches(WHOLE) && !(up(element) && entry(up(element))) && !closest(element, "nav")) found.add(element);
      }
      const leaves = new Set(all.filter((element) => !element.children.length && !/^(script|style|template|option)$/.test(element.localName) &&
        DAY.test((element.textContent || "").slice(0, 60).trim())));
      const holding = new Set();
      for (const leaf of leaves) for (let node = leaf; node && !holding.has(node); node = node.parentElement) holding.add(node);
      const dated = (node) => holding.has(node) || node.querySelector(DATED);
      const dates = all.filter((element) => (element.matches(DATED) || leaves.has(element)) && !entry(element) && !closest(element, "nav")).slice(0, 2000);
      const holders = new Map();
      for (const date of dates) {
        for (let node = date; node.parentElement && node !== document.body; node = node.parentElement) {
          const twin = [...node.parentElement.children].slice(0, 400).some(
            (other) => other !== node && other.localName === node.localName && dated(other));
          if (twin && words(node).length > 15) { holders.set(node, true); break; }
        }
      }
      for (const node of holders.keys()) if (![...found].some((other) => other.contains(node))) found.add(node);
      return [...found].slice(0, 3000);
    };
    const address = (post) => {
      const link = ["a[href] > time", "a[rel~=bookmark][href]", "a.u-url[href]", "h1 a[href], h2 a[href], h3 a[href], h4 a[href]",
        "a[href] [class*=date i]", "a[href][class*=date i], a[href][class*=time i], a[href][class*=permalink i]"]
        .map((selector) => post.querySelector(selector)).find(Boolean);
      const anchor = link && link.closest("a[href]");
      return (anchor && anchor.getAttribute("href")) || post.getAttribute("data-post-id") || post.id || "";
    };
    const identity = (post) => {
      const named = address(post);
      return named && named !== "#" ? named : words(post).replace(/\d+/g, "#").slice(0, 80);
    };
    const sizeOf = (post) => {
      let pictures = post.querySelectorAll("img, canvas").length;
      for (const [holder, extras] of tools.more) if (post.contains(holder)) pictures += extras.length;
      return words(post).length + 20 * pictures;
    };
    // The same post a moment later, with more of its text shown: not another that was put in its place.
    const grown = (before, now) => {
      let alike = 0;
      while (alike < before.length && before[alike] === now[alike]) alike += 1;
      return alike > 30 && alike >= 0.6 * Math.min(before.length, now.length);
    };
    const named = memory.named || (memory.named = new WeakMap());
    let seen = -1;
    const remember = async () => {
      if (!scripts || !small() || changed() === seen) return;
      seen = changed();
      await tools.keepPictures();
      for (const post of entriesNow()) {
        const name = identity(post);
        const size = sizeOf(post);
        const known = kept.get(name);
        if (!name || size < 3 || (known && known.size >= size)) {
          if (known) known.parent = post.parentNode;
          continue;
        }
        const before = named.get(post);
        if (before && before !== name && kept.has(before) && grown(words(kept.get(before).copy), words(post))) kept.delete(before);
        named.set(post, name);
        kept.set(name, { size, parent: post.parentNode, copy: tools.copyOf(post, undefined, tools.more) });
      }
    };
    // What is no longer there is put back where it was; what is there in a shorter form gives way to the longer one.
    const putBack = () => {
      tools.instead.clear();
      if (!kept.size || !small()) return;
      const here = new Map(entriesNow().map((post) => [identity(post), post]));
      const shown = told();
      for (const [name, known] of kept) {
        const post = here.get(name);
        if (post && sizeOf(post) < known.size) tools.instead.set(post, known.copy);
        if (post || shown.includes(words(known.copy).slice(0, 200))) continue;
        const parent = known.parent && known.parent.isConnected ? known.parent : document.querySelector("main") || document.body;
        const holder = parent.host || parent;
        tools.more.set(holder, [...(tools.more.get(holder) || []), known.copy]);
      }
    };
    return { up, entry, entriesNow, identity, remember, putBack };
  };
})();
