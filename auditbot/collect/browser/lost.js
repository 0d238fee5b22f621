// Keeps what a click takes away, and puts it back at the end: tabs that are filled anew, pages of a list that a script
// changes. Given what settle.js knows of the page.
(() => {
  const shared = window.auditbotTools;
  if (!shared || shared.losing) return;
  shared.losing = ({ tools, kept, closest, words, told, BANNER }) => {
    // Where the links of a part of the page lead, on this site or another: a card may be a picture without a word.
    const leads = (node) => [node, ...node.querySelectorAll("a[href], area[href]")]
      .filter((link) => link.matches("a[href], area[href]"))
      .map((link) => { try { return new URL(link.getAttribute("href"), document.baseURI).href; } catch { return ""; } })
      .filter((address) => /^http/.test(address) && address.split("#")[0] !== location.href.split("#")[0]);
    // What a click takes away to put something else in its place is kept.
    const lost = new Map();
    const keepLost = (records) => {
      for (const record of records) {
        for (const node of record.removedNodes) {
          const text = (node.textContent || "").replace(/\s+/g, " ").trim();
          const picture = node.nodeType === 1 && (node.matches("img") || node.querySelector("img"));
          if (lost.size >= 200 || (text.length < 20 && !picture && !(node.nodeType === 1 && node.outerHTML.includes("href"))) || !/^[13]$/.test(String(node.nodeType))) continue;
          if (node.nodeType === 1 && /^(script|style|template|noscript|link)$/.test(node.localName)) continue;
          if (closest(record.target, BANNER) || (node.nodeType === 1 && node.matches(BANNER))) continue;
          const copy = node.nodeType === 3 ? document.createElement("p") : null;
          if (copy) copy.textContent = text;
          const pictures = picture ? [...(node.matches("img") ? [node] : node.querySelectorAll("img"))].map((image) => image.src) : [];
          const address = [...pictures, ...(copy ? [] : leads(node))].join(" ");
          lost.set(text + address, { text, address, parent: record.target, copy: tools.copyOf(copy || node) });
        }
      }
    };
    const leaving = new MutationObserver(keepLost);
    const watchLost = () => leaving.observe(document, { subtree: true, childList: true });
    const stopWatching = () => { keepLost(leaving.takeRecords()); leaving.disconnect(); };
    const bringBack = () => {
      const there = [lost.size ? told() : ""];
      for (const copies of tools.more.values()) for (const copy of copies) there.push(words(copy));
      for (const { copy } of kept.values()) there.push(words(copy));
      const shown = there.join("\n");
      const there_too = [document.documentElement, ...[...tools.more.values()].flat(), ...[...kept.values()].map(({ copy }) => copy)];
      const met = new Set([...[...document.images].map((image) => image.src), ...there_too.flatMap(leads)]);
      for (const { text, address, parent, copy } of lost.values()) {
        const said = !text || shown.includes(text.slice(0, 300));
        if (said && address.split(" ").every((each) => !each || met.has(each))) continue;
        const holder = parent.isConnected && parent.nodeType === 1 && document.body && document.body.contains(parent) ? parent : document.body;
        tools.more.set(holder, [...(tools.more.get(holder) || []), copy]);
      }
      lost.clear();
    };
    return { watchLost, stopWatching, bringBack };
  };
})();
