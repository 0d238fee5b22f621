// Leafs through a diary that a script draws, month by month (or week, or term), back and on, until several in a row
// bring nothing; what a turn takes away is kept. Returns whether it came to an end; called again, it goes on where it was.
// Given what settle.js knows of the page.
(() => {
  const shared = window.auditbotTools;
  if (!shared || shared.leafing) return;
  shared.leafing = ({ tools, memory, scripts, small, words, visible, closest, label, stays, pointed, click, left, remember }) => {
    const MOST = 24;
    const MOST_STALE = 3;
    const DIARY = "[class*=calendar i], [id*=calendar i], [class*=diary i], [id*=diary i], [class*=fc-toolbar i], [class*=month i], table, caption";
    const WHEN = /month|week|term|\byear|\bmis\b|wythnos|tymor/i;
    const WAYS = [
      /^(?:prev(?:ious)?|back|earlier|blaenorol|[‹«<←◀◄❮]+)(?:\s+(?:month|week|term|year|mis))?$/i,
      /^(?:next|later|nesaf|[›»>→▶►❯]+)(?:\s+(?:month|week|term|year))?$/i,
    ];
    const CLASSES = [/(?:^|[-_ ])prev(?:ious)?(?:$|[-_ ])/i, /(?:^|[-_ ])next(?:$|[-_ ])/i];
    const COUNTED = /\d+(?:st|nd|rd|th)?|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\b|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b/gi;
    const arrow = (way) => [...tools.everything(document)].find((element) => {
      if (!element.matches("button, a, span, div, td, th, i, input[type=button]") || words(element).length > 20 || element.disabled) return false;
      const named = [element.getAttribute("aria-label"), element.title, label(element)].map((name) => String(name || "").trim());
      const marked = named.some((name) => WAYS[way].test(name)) || (CLASSES[way].test(element.className) && words(element).length < 12);
      if (!marked || !(named.some((name) => WHEN.test(name)) || closest(element.parentElement, DIARY))) return false;
      return (pointed(element) || /^(button|a)$/.test(element.localName)) && stays(element) && visible(element) &&
        !closest(element, "form, nav, [class*=datepicker i], [class*=carousel i], [class*=slider i], [class*=swiper i]");
    });
    // What a diary says besides its days.
    const lines = () => {
      const found = [];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node && found.length < 5000; node = walker.nextNode()) {
        const said = node.data.replace(COUNTED, " ").replace(/\s+/g, " ").trim();
        if (said.length > 3 && !/^(script|style|template|noscript)$/.test(node.parentElement.localName)) found.push(said);
      }
      return [...found, ...[...document.links].map((link) => link.href)];
    };
    const turnMonths = async () => {
      if (!scripts || !small() || (memory.leaf ? memory.leaf.done : !(arrow(0) && arrow(1)))) return true;
      const at = memory.leaf || (memory.leaf = { way: 0, count: 0, stale: 0, back: 0, met: new Set(lines()), done: false });
      for (; at.way < 2; at.way += 1, at.count = 0, at.stale = 0) {
        // On the way on, what was turned back is passed again first.
        const known = at.way ? at.back : 0;
        for (; at.stale < MOST_STALE; at.count += 1) {
          // It still brought something where it was left: that is told.
          if (at.count >= MOST + known) { memory.late = true; break; }
          if (memory.clicks <= 0 || left() <= 1500) return false;
          const button = arrow(at.way);
          if (!button) break;
          memory.clicks -= 1;
          await click(button, "more");
          await remember();
          const fresh = lines().filter((line) => !at.met.has(line));
          for (const line of fresh) at.met.add(line);
          if (at.count >= known) at.stale = fresh.length ? 0 : at.stale + 1;
          if (!at.way) at.back += 1;
        }
      }
      at.done = true;
      return true;
    };
    return { turnMonths };
  };
})();
