// Turns the pages of a list whose numbers are sent to the server (ASP.NET's __doPostBack): each is asked for as the
// click of a visitor would, and what it brings is added to the page. Nothing but numbers, "next", years and months that
// stand as a pager or a choice, and rows that are chosen, is ever sent; what else a page sends is left alone. Given what settle.js knows.
(() => {
  const shared = window.auditbotTools;
  if (!shared || shared.posting) return;
  shared.posting = ({ tools, memory, words, closest, told, left }) => {
    const MOST = 40;
    const MOST_NUMBERS = 15;
    const CALL = /__doPostBack\(\s*\\?['"]([^'"\\]*)\\?['"]\s*,\s*\\?['"]([^'"\\]*)\\?['"]/;
    const NEXT = /^(?:next(?: page)?|older(?: \w+)?|[›»>→]+|…|\.{3}|tudalen nesaf|nesaf|hŷn)$/i;
    const WHEN = /^(?:all(?: \w+)?|(?:19|20)\d\d(?:\s?[-/–]\s?(?:\d\d){1,2})?|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?:\s+\d{4})?)$/i;
    const plain = (text) => { try { return decodeURIComponent(text); } catch { return text; } };
    const said = (element) => (element.textContent || "").replace(/\s+/g, " ").trim();
    const callOf = (element) => CALL.exec(plain(element.getAttribute("href") || "") + " " + (element.getAttribute("onclick") || "") + " " + (element.getAttribute("onchange") || ""));
    const LINKS = "a[href*='__doPostBack' i], [onclick*='__doPostBack' i]";
    // The numbers that stand together as those of a pager do: one after the other, the page that is shown without a link.
    const pagerOf = (element) => {
      let holder = element.parentElement;
      for (let level = 0; holder && level < 4; level += 1, holder = holder.parentElement) {
        const numbers = [...holder.querySelectorAll("a, span, b, strong, td, li")].filter((node) => !node.children.length)
          .map(said).filter((text) => /^\d{1,4}$/.test(text)).map(Number);
        const sorted = [...new Set(numbers)].sort((one, other) => one - other);
        if (sorted.length < 2) continue;
        const row = sorted.every((number, at) => !at || number === sorted[at - 1] + 1);
        return row && sorted.length <= MOST_NUMBERS ? holder : null;
      }
      return null;
    };
    const waitingOn = (root) => {
      const found = [];
      for (const element of root.querySelectorAll(LINKS)) {
        const call = callOf(element);
        const name = said(element) || element.getAttribute("title") || element.getAttribute("value") || "";
        const form = closest(element, "form");
        if (!call || !form || closest(element, "[title*=calendar i], [class*=calendar i]")) continue;
        // A row that is chosen by its title shows its entry, or leads to it.
        const row = /^Select\$\d+$/i.test(call[2]) && name.length > 3;
        if (row) {
          found.push({ element, form, target: call[1], argument: call[2], name, row });
          continue;
        }
        if (!(/^Page\$\d+$/i.test(call[2]) || ((/^\d{1,4}$/.test(name) || NEXT.test(name)) && pagerOf(element)))) continue;
        found.push({ element, form, target: call[1], argument: call[2], name: /^\d+$/.test(name) ? name : `${call[2]} ${name}`, next: NEXT.test(name) });
      }
      for (const element of root.querySelectorAll("select[onchange*='__doPostBack' i]")) {
        const call = callOf(element);
        const form = closest(element, "form");
        const options = [...element.options].filter((option) => option.value && !option.defaultSelected);
        if (!call || !form || !element.name || !options.length || options.length > MOST || !options.every((option) => WHEN.test(said(option)))) continue;
        for (const option of options) {
          found.push({ element, form, target: call[1], argument: call[2], name: `${element.name}=${option.value}`, chosen: [element.name, option.value] });
        }
      }
      return found;
    };
    const linksIn = (root) => [...root.querySelectorAll("a[href]")].map((link) => link.getAttribute("href")).filter((href) => href && !/^(?:#|javascript:)/i.test(href));
    // The smallest part of an answer, around its pager, that holds what the page does not show.
    const freshPart = (element, answer, met, shown) => {
      const fresh = (node) => linksIn(node).some((href) => !met.has(href)) ||
        said(node).split(/(?<=[.!?])\s|\n/).some((line) => line.trim().length > 25 && !shown.includes(line.trim().slice(0, 80)));
      for (let node = element; node; node = node.parentElement) {
        const same = node.id && !/^(html|body)$/.test(node.localName) ? answer.getElementById(node.id) : null;
        if (same && fresh(same)) return same;
      }
      return answer.body && fresh(answer.body) ? answer.body : null;
    };
    const cleaned = (part) => {
      const copy = part.cloneNode(true);
      for (const node of copy.querySelectorAll(`script, style, template, noscript, input, select, ${LINKS}`)) node.remove();
      for (const node of [copy, ...copy.querySelectorAll("*")]) {
        for (const attribute of node.getAttributeNames()) if (attribute.startsWith("data-auditbot-")) node.removeAttribute(attribute);
      }
      if (copy.localName !== "body") return copy;
      const holder = document.createElement("div");
      holder.append(...copy.childNodes);
      return holder;
    };
    const turnPostbacks = async () => {
      if (memory.posted || !document.querySelector(`${LINKS}, select[onchange*='__doPostBack' i]`)) return;
      memory.posted = true;
      const asked = new Set();
      // Each choice has pages of its own: a number is asked for once within each, a year or a month once in all.
      const isChoice = (one) => Boolean(one.chosen) || (/^\d{4}$/.test(one.name) && WHEN.test(one.name));
      const nameWithin = (name, within) => (WHEN.test(name) ? name : `${within}\n${name}`);
      const nameOf = (one, count) => (one.chosen || one.row ? one.name : nameWithin(one.next ? `${one.name} ${one.target} ${count}` : one.name, one.within));
      const lookedThrough = (root, within) => {
        const found = waitingOn(root).map((one) => ({ ...one, within }));
        // The number that is shown stands beside the others and leads nowhere.
        for (const one of found.filter((each) => /^\d+$/.test(each.name))) {
          const holder = pagerOf(one.element);
          const still = holder ? [...holder.querySelectorAll("span, b, strong, td, li")].filter((node) => !node.children.length && !node.closest("a")).map(said) : [];
          for (const text of still) if (/^\d{1,4}$/.test(text)) asked.add(nameWithin(text, within));
        }
        return found;
      };
      const waiting = lookedThrough(document, "");
      for (const choice of document.querySelectorAll("select[onchange*='__doPostBack' i]")) asked.add(`${choice.name}=${choice.value}`);
      const met = new Set(linksIn(document));
      let shown = told();
      const here = new Map(waiting.map((one) => [one.element, true]));
      const failed = new Set();
      for (let count = 0; waiting.length && count < MOST && memory.clicks > 0 && left() > 1500; count += 1) {
        const one = waiting.shift();
        const name = nameOf(one, count);
        if (asked.has(name)) continue;
        asked.add(name);
        memory.clicks -= 1;
        const body = new URLSearchParams();
        for (const [field, value] of new FormData(one.form)) if (typeof value === "string") body.append(field, value);
        body.set("__EVENTTARGET", one.target);
        body.set("__EVENTARGUMENT", one.argument);
        if (one.chosen) body.set(...one.chosen);
        let answer = null;
        let led = "";
        try {
          const reply = await fetch(new URL(one.form.getAttribute("action") || location.href, document.baseURI), { method: "POST", body });
          if (one.row && reply.redirected && new URL(reply.url).origin === location.origin) led = reply.url;
          if (reply.ok && !led && /html/.test(reply.headers.get("content-type") || "html")) answer = new DOMParser().parseFromString(await reply.text(), "text/html");
        } catch { /* The page may not ask, or its server does not answer. */ }
        if (led) {
          if (here.has(one.element)) { tools.leads.set(one.element, led); continue; }
          const link = document.createElement("a");
          link.href = led;
          link.textContent = one.name;
          const line = document.createElement("p");
          line.append(link);
          const form = document.forms[0] || document.body;
          tools.more.set(form, [...(tools.more.get(form) || []), line]);
          continue;
        }
        const part = answer && freshPart(one.element, answer, met, shown);
        if (!part) { if (!one.next) failed.add(one.element); continue; }
        for (const href of linksIn(part)) met.add(href);
        shown += `\n${said(part)}`;
        const live = one.element.isConnected && one.element.ownerDocument === document ? one.element : waiting[0] && waiting[0].element;
        const holder = (live && live.ownerDocument === document && closest(live, "form")) || document.forms[0] || document.body;
        tools.more.set(holder, [...(tools.more.get(holder) || []), cleaned(part)]);
        waiting.push(...lookedThrough(answer, isChoice(one) ? name : one.within));
      }
      for (const one of here.keys()) if (!waiting.length && !failed.has(one)) tools.posted.add(one);
    };
    return { turnPostbacks };
  };
})();
