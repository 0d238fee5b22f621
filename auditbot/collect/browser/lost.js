// Keeps what a click or scrolling takes away, and puts it back at the end: tabs that are filled anew, pages of a list that
// a script changes, rows of a list of which only those in sight are in the page. Given what settle.js knows of the page.
(() => {
  const shared = window.auditbotTools;
  if (!shared || shared.losing) return;
  shared.losing = ({ tools, kept, closest, words, told, post, BANNER }) => {
    // Where the links of a part of the page lead, on this site or another: a card may be a picture without a word.
    const leads = (node) => [node, ...node.querySelectorAll("a[href], area[href]")]
      .filter((link) => link.matches("a[href], area[href]"))
      .map((link) => { try { return new URL(link.getAttribute("href"), document.baseURI).href; } catch { return ""; } })
      .filter((address) => /^http/.test(address) && address.split("#")[0] !== location.href.split("#")[0]);
    // What a click takes away to put something else in its place is kept.
    const lost = new Map();
    const MOST = 200;
    const MOST_ROWS = 3000;
    let scrolling = false;
    // How many parts an element has lost while it was scrolled: one that loses several is a list that shows few at once.
    const rows = new Map();
    const keepLost = (records) => {
      for (const record of records) {
        // What a post loses while it is scrolled is kept with the post.
        if (scrolling && post(record.target)) continue;
        for (const node of record.removedNodes) {
          const text = (node.textContent || "").replace(/\s+/g, " ").trim();
          const picture = node.nodeType === 1 && (node.matches("img") || node.querySelector("img"));
          if (lost.size >= (scrolling ? MOST_ROWS : MOST) || (text.length < 20 && !picture && !(node.nodeType === 1 && node.outerHTML.includes("href"))) || !/^[13]$/.test(String(node.nodeType))) continue;
          if (node.nodeType === 1 && /^(script|style|template|noscript|link)$/.test(node.localName)) continue;
          if (closest(record.target, BANNER) || (node.nodeType === 1 && node.matches(BANNER))) continue;
          const copy = node.nodeType === 3 ? document.createElement("p") : null;
          if (copy) copy.textContent = text;
          const pictures = picture ? [...(node.matches("img") ? [node] : node.querySelectorAll("img"))].map((image) => image.src) : [];
          const links = copy ? [] : leads(node);
          const address = [...pictures, ...links].join(" ");
          if (scrolling) rows.set(record.target, (rows.get(record.target) || 0) + 1);
          lost.set(text + address, { text, address, parent: record.target, row: scrolling && links, copy: tools.copyOf(copy || node) });
        }
      }
    };
    const leaving = new MutationObserver(keepLost);
    const watchLost = (scrolls = false) => { if (scrolls) noteLinks(); scrolling = scrolls; leaving.observe(document, { subtree: true, childList: true }); };
    const stopWatching = () => { keepLost(leaving.takeRecords()); leaving.disconnect(); scrolling = false; };
    // Where links lead that were in sight: rows may be used again for others, with other words and addresses in them.
    const linked = new Map();
    const noteLinks = () => {
      for (const link of document.links) {
        if (linked.size >= MOST_ROWS) return;
        const address = leads(link)[0];
        if (address && !linked.has(address)) linked.set(address, { parent: link.parentElement, text: words(link).slice(0, 200), title: link.title || link.getAttribute("aria-label") || "" });
      }
    };
    const bringBack = () => {
      const there = [lost.size ? told() : ""];
      for (const copies of tools.more.values()) for (const copy of copies) there.push(words(copy));
      for (const { copy } of kept.values()) there.push(words(copy));
      const shown = there.join("\n");
      const there_too = [document.documentElement, ...[...tools.more.values()].flat(), ...[...kept.values()].map(({ copy }) => copy)];
      const met = new Set([...[...document.images].map((image) => image.src), ...there_too.flatMap(leads)]);
      for (const { text, address, parent, row, copy } of lost.values()) {
        const led = address.split(" ").every((each) => !each || met.has(each));
        // A word that scrolling took away is a sign that more was loading, unless it stood in a row of a list. A row is
        // there already if what it leads to is, or its beginning: in the longer form in which it was kept.
        if (row && (row.length ? row.every((each) => met.has(each)) : text && shown.includes(text.slice(0, 60)))) continue;
        if ((!text || shown.includes(text.slice(0, 300)) || (row && rows.get(parent) < 3)) && led) continue;
        const holder = parent.isConnected && parent.nodeType === 1 && document.body && document.body.contains(parent) ? parent : document.body;
        tools.more.set(holder, [...(tools.more.get(holder) || []), copy]);
      }
      const back = new Set([...tools.more.values()].flat().flatMap(leads));
      for (const [address, { parent, text, title }] of linked) {
        if (met.has(address) || back.has(address)) continue;
        const link = document.createElement("a");
        link.href = address;
        link.textContent = text || title;
        const line = document.createElement("p");
        line.append(link);
        const holder = parent && parent.isConnected && document.body.contains(parent) ? parent : document.body;
        tools.more.set(holder, [...(tools.more.get(holder) || []), tools.copyOf(line)]);
      }
      lost.clear();
      linked.clear();
    };
    // A page that says next to nothing yet may have planned to say more; one that asks again and again may show more each
    // time, and is waited for as long as it does.
    const waitForMore = async ({ left, pause, calm, round }) => {
      const due = round ? 0 : Math.min(tools.due(), left() - 500);
      if (due > 0 && (told().length < 300 || /loading|please wait|llwytho/i.test(told().slice(0, 2000)))) {
        await pause(due + 50);
        await calm(tools.now());
        return true;
      }
      if (!tools.asksAgain()) return false;
      const before = told().length;
      // What is being asked for just now plans the next time when it has come.
      const since = tools.now();
      while (tools.busy(since) && tools.now() < since + 1000 && left() > 3000) await pause(20);
      const wait = tools.soon();
      if (!(wait < left() - 2500)) return told().length > before + 20;
      const then = tools.now() + wait;
      await pause(wait + 20);
      await calm(then - 50);
      return told().length > before + 20;
    };
    return { watchLost, stopWatching, bringBack, waitForMore };
  };
})();
