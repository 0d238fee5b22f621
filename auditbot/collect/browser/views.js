// Opens what a page folds within itself, and comes back to a list after a click has put another view in its place, as apps do that draw every page by script: by the
// browser's way back, or by the app's own button. Given what settle.js knows of the page.
(() => {
  const shared = window.auditbotTools;
  if (!shared || shared.returning) return;
  shared.returning = ({ tools, memory, words, visible, label, stays, left, calm, click, pause }) => {
    const BACK = /^(?:[‹«<←]|(?:[‹«<←]\s*)?(?:(?:go )?back(?: to (?:the |our |all )?[\w ]{1,30})?|return(?: to (?:the |our |all )?[\w ]{1,30})?|all (?:the |our )?(?:news|posts|stories|items|articles)|yn ôl(?: i .{1,30})?))$/i;
    const name = (element) => `${element.localName}\n${element.className}\n${words(element).slice(0, 200)}`;
    const place = () => (window.navigation && navigation.currentEntry ? navigation.currentEntry : null);
    // Waits until what is wanted stands there again, as long as its answer may take.
    const comes = async (there) => {
      for (let round = 0; round < 10 && !there() && left() > 1000; round += 1) await pause(60);
      await calm(tools.now());
      return there();
    };
    // Returns whether `there` says again what it said before the click; `before` is where the page stood then.
    const comeBack = async (before, there) => {
      const now = place();
      if (before && now && now.index > before.index && now.sameDocument) {
        const since = tools.now();
        // What loads the whole page anew on the way back would lose what was met.
        memory.returning = true;
        try { await navigation.traverseTo(before.key).finished; } catch { /* The page has other plans. */ }
        await calm(since);
        memory.returning = false;
        if (await comes(there)) return true;
      }
      const button = [...tools.everything(document)].find((element) =>
        element.matches("button, a, [role=button], [onclick], span, div") && words(element).length < 50 &&
        BACK.test(label(element)) && stays(element) && visible(element));
      if (!button) return false;
      await click(button, "more");
      return comes(there);
    };
    // Puts for each element that was replaced the one that now stands in its place, by its words and its turn.
    const findAgain = (all, names, fresh) => {
      const found = fresh.map(name);
      for (let at = 0; at < all.length; at += 1) {
        if (all[at].isConnected) continue;
        const turn = names.slice(0, at).filter((other) => other === names[at]).length;
        let met = -1;
        for (let index = 0; index < found.length; index += 1) {
          if (found[index] !== names[at]) continue;
          met += 1;
          if (met === turn) { all[at] = fresh[index]; break; }
        }
      }
    };
    // What is shut and has come to light by a click, by its kind and words: of what is drawn anew no element remains.
    const shut = new Set();
    const kinds = new Set();
    const light = new Set();
    const kind = (element) => `${element.localName}\n${element.className}`;
    const noteShut = (parts) => { for (const part of parts) { shut.add(name(part)); kinds.add(kind(part)); } };
    const noteLight = (shown, parts) => {
      if (parts.every((part) => part.isConnected)) return;
      for (const element of [...document.body.querySelectorAll("*")].slice(0, 20000)) {
        if (kinds.has(kind(element)) && shown(element) && element.getBoundingClientRect().height >= 1 && shut.has(name(element))) light.add(name(element));
      }
    };
    const cameToLight = (parts) => (light.size ? parts.filter((part) => light.has(name(part))) : []);
    // What a button says that opens something within its page: by its first word, or as a line of its own.
    const OPENS = /^(?:show|open|view|see|read|reveal|expand|unfold|more|older|even|further|earlier|past|archive|all|load|tell me|find out|learn|discover|look|click|tap|press|dangos|agor|gweld|darllen|mwy|rhagor|hŷn)\b/i;
    const opens = (element) => (element.localName === "button" || element.getAttribute("role") === "button") &&
      (OPENS.test(label(element)) || words(element).split(" ").length > 2 || element.hasAttribute("aria-expanded") ||
        element.hasAttribute("aria-controls") || element.getAttribute("aria-haspopup") === "dialog");
    // One of several buttons side by side, each for a part of a list: months, classes, years.
    const opensByClick = (element) => element.localName === "button" && (tools.clickable.has(element) || element.hasAttribute("onclick"));
    // A link that a script answers within the page, whatever its address would answer.
    const loadsHere = (button) => {
      const link = button.closest("a[href]");
      return link && link.origin === location.origin && /\b(?:load|show|get|fetch)\b.*\bmore\b|llwyth/i.test(label(button));
    };
    // An element that names in an attribute where a click leads is followed there, and not clicked.
    const namesPlace = (element) => {
      const named = ["hx-push-url", "data-hx-push-url", "up-href", "data-up-href"].map((name) => element.getAttribute(name)).find(Boolean);
      const place = named === "true" ? element.getAttribute("hx-get") || element.getAttribute("data-hx-get") : named;
      if (!place || place === "false" || !URL.canParse(place, document.baseURI)) return false;
      tools.leads.set(element, new URL(place, document.baseURI).href);
      return true;
    };
    const make = (element) => String(element.className).replace(/\d+/g, "#");
    const alike = (element, all) => all.filter((other) => other !== element && other.localName === element.localName &&
      make(other) === make(element) && other.parentElement === element.parentElement).length;
    const openDetails = async () => {
      const folded = [...document.querySelectorAll("details:not([open])")].slice(0, 200);
      const since = tools.now();
      for (const details of folded) {
        details.open = true;
        // Of several with one name one stands open at a time: what it fetches is waited for before it shuts again.
        const named = details.getAttribute("name");
        const others = named && folded.some((other) => other !== details && other.getAttribute("name") === named);
        if (others && left() > 1500) await calm(tools.now());
      }
      if (folded.length) await calm(since);
    };
    return { name, place, comeBack, findAgain, noteShut, noteLight, cameToLight, opens, openDetails, opensByClick, loadsHere, namesPlace, alike };
  };
})();
