// Behaves like a patient reader, so that everything a page keeps back shows itself: declines cookies, scrolls down in
// steps, opens "see more", "load more" and comments, turns carousels, and remembers what comes and goes on the way.
// Bounded by steps, by clicks and by time (milliseconds). Returns whether the page had stopped growing, and how many
// posts were met. Called again, it goes on where it was; anew, it clicks on what has come since as well.
async ({ steps, milliseconds, quiet, anew }) => {
  const tools = window.auditbotTools;
  const end = performance.now() + milliseconds;
  const left = () => end - performance.now();
  const pause = (wait) => new Promise((done) => tools.later(done, wait));
  // Too little is left of the time, or of the clicks, to begin anything more: what was not begun is told.
  const over = () => left() < 1500 || memory.clicks <= 0;
  let changes = 0;
  const observer = new MutationObserver((records) => { changes += records.length; });
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  const HANDLERS = "[onclick], [onload], [onerror], [onmouseover], [onmousedown], [ontoggle], [href^='javascript:' i]";
  const scripts = document.scripts.length > 0 || document.querySelector(HANDLERS) !== null;
  const small = () => document.getElementsByTagName("*").length < 40000;

  const words = (element) => (element.textContent || "").replace(/\s+/g, " ").trim();
  const visible = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(element).visibility !== "hidden";
  };
  const closest = (element, selector) => {
    for (let node = element; node; node = node.parentElement || (node.getRootNode() || {}).host) {
      if (node.matches && node.matches(selector)) return node;
    }
    return null;
  };

  // What the page says, without what stands in its scripts alone.
  const told = () => {
    const copy = tools.copyOf(document.body || document.documentElement);
    for (const silent of copy.querySelectorAll("script, style, noscript, template")) silent.remove();
    return words(copy);
  };

  const memory = tools.memory || (tools.memory = { kept: new Map(), position: 0, clicks: 3000, clicked: new WeakMap(), exhausted: new WeakSet(), turned: new WeakMap(), worked: new WeakSet(), tried: new WeakSet(), chosen: new Set(), onward: "", views: new Set() });
  const { kept, clicked, exhausted } = memory;
  const { drawn, calm, answered, wasStarved } = tools.pacing({ tools, memory, left, pause });
  const { up, entry, entriesNow, identity, remember, putBack } = tools.keeping({ tools, memory, scripts, words, closest, told, small, changed: () => changes });

  // --- Buttons.
  const NEVER = /submit|send|buy|\bpay|order|basket|\bcart|checkout|donat|accept|agree|allow|\bsign|log ?(in|out|on|off)|regist|\bjoin|subscri|\bfollow|\blike|share|delet|remov|report|block|\bedit|\bsave|\bbook|apply|download|print|\bvote|\bhide|\bless\b|fewer|close|install|upload|derbyn|mewngofnodi|cofrestr|tanysgrif|dile|anfon|prynu|cuddio|\bllai\b/i;
  const THINGS = "(?:posts?|news|stor(?:y|ies)|updates?|items?|results?|photos?|pictures?|images?|entries|articles?|events?|full (?:post|story|text|article)|text|description|caption|content|of (?:this|the) (?:post|story|text)|straeon|newyddion|lluniau|negeseuon)";
  const MORE = new RegExp(
    "^\\+\\s?\\d{1,3}(?:\\s+more)?$|^(?:(?:load|show|view|see|read|get|fetch|expand|llwytho|llwythwch|dangos|dangoswch|gweld|gwelwch|darllen|darllenwch)\\s+)?" +
    "(?:(?:the\\s+)?\\d+\\s+)?(?:(?:even|yet|still|some|a few|many|further)\\s+)?(?:more|older|earlier|previous|remaining|all|rest|mwy|fwy|rhagor|hŷn|pob|full)(?:\\s+(?:o\\s+)?(?:\\d+\\s+)?" +
    THINGS + ")*(?:\\s+(?:from|in|by|for|about|o)\\s+.{1,30})?\\s*(?:\\(\\d+\\))?$|^(?:continue|keep|carry on) reading$|^(?:read|see|show) (?:the )?(?:rest|full \\w+|whole \\w+)$|^expand(?: (?:text|post))?$|^parhau i ddarllen$",
    "i");
  const TALK = /^join the (?:conversation|discussion)\s*(?:\(\d+\))?$|^(?:(?:view|show|see|read|load|open|expand|gweld|dangos|darllen)\s+)(?:all\s+|the\s+|pob\s+)?(?:\d+\s+)?(?:more\s+|previous\s+|older\s+|earlier\s+|hidden\s+|mwy o\s+)?(?:comments?|repl(?:y|ies)|responses?|discussion|sylw|sylwadau|ateb|atebion)\s*(?:\(\d+\))?$|^\d+\s+(?:more\s+)?(?:comments?|repl(?:y|ies)|sylw|sylwadau|ateb|atebion)$|^(?:more|older|previous|earlier|further|remaining|mwy o|rhagor o)\s+(?:comments?|repl(?:y|ies)|responses|sylwadau|atebion)\s*(?:\(\d+\))?$|^(?:comments|replies|sylwadau)\s*\(\d+\)$/i;
  const pictured = (button) => { const image = button.localName === "img" ? button : button.querySelector("img"); return image ? image.alt : ""; };
  const names = (button) => [words(button), button.getAttribute("aria-label"), button.title, button.value, pictured(button)];
  const label = (button) => names(button).map((name) => String(name || "")
    .replace(/[\s.…↓▼▾+]+$/u, "").replace(/^(?:[\s↓▼▾]|\+(?!\s?\d))+/u, "").trim()).find(Boolean) || "";
  const said = (button) => names(button).join(" ");
  const stays = (button) => {
    const link = button.closest("a[href], area[href]");
    const href = link ? link.getAttribute("href").trim() : "#";
    const sends = button.type === "submit" ? button.form : button.type === "image" || button.type === "reset";
    const form = closest(button, "form");
    const asks = form && !form.querySelector("main, article");
    return /^(#(?![!/]).*|javascript:.*|)$/i.test(href) && !sends && !asks;
  };
  const BUTTONS = "button, [role=button], summary, input[type=button], a, [onclick], span, div, p, img";
  const buttonsNow = () => [...tools.everything(document)].filter((element) => {
    if (!element.matches(BUTTONS)) return false;
    if (!/^(button|summary|input|a)$/.test(element.localName) && element.getAttribute("role") !== "button") {
      if (element.children.length > 1 || words(element).length > 40) return false;
      const looks = element.hasAttribute("onclick") || tools.clickable.has(element) || /more|load|expand|toggle|comment|repl/i.test(element.className);
      if (!looks && getComputedStyle(element).cursor !== "pointer") return false;
    }
    const named = label(element);
    return named.length < 60 && !element.disabled && element.getAttribute("aria-disabled") !== "true" &&
      element.getAttribute("aria-expanded") !== "true" && !/menu|listbox/.test(element.getAttribute("aria-haspopup") || "") &&
      !closest(element, "nav, [role=navigation], [role=menu], [role=menubar], [role=toolbar], select, [contenteditable]") &&
      !(element.localName === "summary" && element.parentElement.open);
  });
  // A click may change the page, never leave it.
  let clicking = "";
  let ledTo = null;
  const hold = (event) => {
    const route = event.hashChange && /#!?\/[^/]/.test(event.destination.url);
    if (clicking === "lead" && event.cancelable && event.destination && (route || !event.hashChange)) {
      // What a form sends is not an address to ask for.
      if (ledTo && !event.formData) tools.leads.set(ledTo, event.destination.url);
      if (!event.destination.sameDocument) event.preventDefault();
      return;
    }
    if (memory.returning && event.navigationType === "reload") event.preventDefault();
    if (!clicking || !event.cancelable || (event.hashChange && !/#[!/]/.test(event.destination.url))) return;
    if (!event.destination.sameDocument || clicking === "open") event.preventDefault();
  };
  if (window.navigation) navigation.addEventListener("navigate", hold);
  // Links within a drawing have no click of their own.
  const press = (element) => (element.click ? element.click()
    : element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, view: window })));
  const click = async (button, kind) => {
    const since = tools.now();
    clicking = kind;
    watchLost();
    press(button);
    await answered(since);
    stopWatching();
    clicking = "";
  };
  let posts = new Set();
  const post = (element) => {
    for (let node = element; node; node = up(node)) if (posts.has(node)) return node;
    return entry(element);
  };
  // How often one button is worth a click: those for the next few of many more often than those that open one thing.
  const most = (named, kind) => (!/load|more|older|previous|llwytho|mwy|hŷn/i.test(named) ? 1 : kind === "talk" ? 40 : /load|older|llwytho|hŷn/i.test(named) ? 200 : 1);
  const once = (button, most) => {
    const holder = post(button) || closest(button, "li, tr");
    const which = (holder ? identity(holder) : "") + "\n" + label(button);
    const counts = clicked.get(button) || new Map();
    const count = (counts.get(which) || 0) + 1;
    clicked.set(button, counts.set(which, count));
    return count <= most;
  };
  // Opens what is folded within posts: the rest of a text, comments, replies; then turns the carousels.
  const watched = new WeakSet();
  const unfold = async () => {
    if (scripts && small()) {
      posts = new Set(entriesNow());
      for (const element of tools.everything(document)) {
        const root = tools.rootOf(element);
        if (!root || watched.has(root)) continue;
        watched.add(root);
        observer.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
      }
    }
    for (let round = 0; round < 20 && scripts && memory.clicks > 0 && left() > 0 && small(); round += 1) {
      const since = tools.now();
      const before = bulk() + seeable();
      const opened = [];
      const viewers = [];
      for (const button of buttonsNow()) {
        const named = label(button);
        const inside = post(button) || closest(button, "li, td, section, figure, main, blockquote, [class*=comment i]");
        const kind = TALK.test(named) ? "talk" : MORE.test(named) && (inside || COUNTED.test(named)) ? "open" : "";
        if (kind && COUNTED.test(named) && once(button, 1) && visible(button)) { viewers.push(button); continue; }
        if (!kind || (NEVER.test(said(button)) && !/^join the /i.test(named)) || !stays(button) || !visible(button) || (kind !== "talk" && pages(button))) continue;
        if (button.children.length && [...button.querySelectorAll(BUTTONS)].some((inner) => label(inner) === named)) continue;
        if (memory.clicks <= 0 || !once(button, most(named, kind))) continue;
        memory.clicks -= 1;
        opened.push(button);
        clicking = "open";
        press(button);
      }
      if (opened.length) await answered(since);
      clicking = "";
      // What opens before the page is kept with the post that it belongs to, and closed again.
      for (const button of viewers) if (button.isConnected && (await probe(button, []))) opened.push(button);
      if (!opened.length) break;
      if (bulk() + seeable() === before) break;
      for (const button of opened) memory.worked.add(button);
    }
    await turnCarousels();
  };
  // A button for more of the list stands after the posts, not within one.
  const COUNTED = /^\+\s?\d{1,3}(?:\s+more)?$/;
  const pages = (button) => !post(button) && !COUNTED.test(label(button)) && (closest(button, "[class*=pager i], [class*=pagination i]") || !closest(button, "li, tr, td, figure, blockquote, [class*=comment i]")) && !/read|continue|expand|darllen/i.test(label(button));
  // Buttons that turn a list over, one page for another: only the way that was taken first leads on, the other back.
  const PAGER = /^(?:next|older|newer|newest|previous|earlier|later|nesaf|hŷn|blaenorol)\b/i;
  const seeable = () => ` ${document.body.innerText.length}`;
  // A page whose script is on its way to another has no body for a moment.
  const bulk = () => !document.body ? "" : `${[...tools.everything(document)].length} ${words(document.body).length}`;
  const more = async () => {
    if (!scripts || memory.clicks <= 0 || !small()) return false;
    for (const button of buttonsNow()) {
      const named = label(button);
      if (exhausted.has(button) || !MORE.test(named) || NEVER.test(said(button)) || !(stays(button) || loadsHere(button)) || !visible(button) || !pages(button)) continue;
      const way = named.replace(/\d+/g, "#").toLowerCase();
      const pager = PAGER.test(named);
      if (pager && memory.onward && memory.onward !== way) continue;
      const before = bulk();
      if (!once(button, 200)) continue;
      memory.views.add(shows());
      memory.clicks -= 1;
      await click(button, "more");
      await remember();
      if (bulk() !== before && !(pager && memory.views.has(shows()))) {
        if (pager) memory.onward = way;
        return true;
      }
      exhausted.add(button);
      memory.clicks -= 5;
    }
    return false;
  };
  const BANNER = "[id*=cookie i], [class*=cookie i], [id*=consent i], [class*=consent i], [id*=gdpr i], [class*=gdpr i]," +
    " [aria-label*=cookie i], [aria-label*=consent i], #onetrust-banner-sdk, #CybotCookiebotDialog, [role=dialog], [aria-modal=true], dialog";
  // --- What only a script opens: cards without a link, toggles, viewers. Each is clicked once; where it wants to go is
  // noted, and what it shows is kept.
  const AROUND = "nav, header, footer, aside, form, [role=navigation], [role=banner], [role=contentinfo], [role=search], [class*=cookie i], [class*=consent i]";
  const LINKS = "a, select, input, textarea, label, option, video, audio, iframe, summary";
  const shown = (element) => getComputedStyle(element).display !== "none" && getComputedStyle(element).visibility !== "hidden";
  const kept_shut = () => [...document.querySelectorAll("main *, article *, [role=main] *, body *")].slice(0, 8000).filter((element) =>
    element.parentElement && !/^(script|style|template|noscript|option|head|link|meta|dialog)$/.test(element.localName) &&
    (getComputedStyle(element).display === "none" || (getComputedStyle(element).opacity === "0" && element.getBoundingClientRect().height < 1)) &&
    words(element).length > 15 && !closest(element.parentElement, AROUND));
  const pointed = (element) => tools.clickable.has(element) || element.hasAttribute("onclick") ||
    element.getAttribute("role") === "button" || getComputedStyle(element).cursor === "pointer";
  const target = (link) => (link.getAttribute("href") || link.getAttribute("xlink:href") || "").trim();
  const goesNowhere = (element) => element.localName === "a" && (
    /^(#|javascript:(?!.*(?:location|open\s*\()).*|)$/i.test(target(element)) ||
    (/^#[^/!]/.test(target(element)) && !isThere(document.getElementById(target(element).slice(1)))));
  // What a link within a page leads to that is hidden, or empty, is shown or filled by a script: a tab.
  const isThere = (element) => element && shown(element) && (/^(a|span|hr)$/.test(element.localName) || words(element) || element.children.length > 0);
  // What asks for consent is answered by declining alone.
  const asksConsent = (element) => {
    const banner = closest(element, BANNER);
    return banner && /cookie|cwci|consent|privacy|tracking/i.test(words(banner).slice(0, 2000));
  };
  const opensOnly = () => {
    const found = [];
    for (const element of document.querySelectorAll("a, button, [role=button], [aria-expanded], div, li, article, section, figure, tr, td, h2, h3, h4, h5, span, p, img")) {
      if (found.length >= 120) break;
      if ((element.matches(LINKS) && !goesNowhere(element)) || !pointed(element) || closest(element, AROUND) || asksConsent(element) || closest(element.parentElement, "a[href], label")) continue;
      if (goesNowhere(element) && /__doPostBack/.test(element.getAttribute("href") + element.getAttribute("onclick"))) continue;
      if (element.localName !== "button" && element.querySelector("a[href], input, textarea, select")) continue;
      if (element.localName === "button" && element.type === "submit" && element.form) continue;
      // What hears the clicks on the things within it is not itself what is clicked.
      if (getComputedStyle(element).cursor !== "pointer" && [...element.querySelectorAll("*")].slice(0, 400).some(
        (inner) => getComputedStyle(inner).cursor === "pointer" && !inner.closest("a[href]"))) continue;
      if (found.some((other) => other.contains(element)) || !visible(element) || NEVER.test(said(element).slice(0, 80))) continue;
      found.push(element);
    }
    return found;
  };
  // What clicks have shown or hidden: a visitor sees both.
  const toggled = new Set();
  // Clicks a thing and returns whether anything came of it.
  const probe = async (element, hidden) => {
    const home = closest(element, "article, main, [role=main]") || element.parentElement || document.body;
    const since = tools.now();
    const added = [];
    const look = new MutationObserver((records) => {
      for (const record of records) {
        for (const node of record.addedNodes) if (node.nodeType === 1) added.push(node);
        if (record.type === "attributes" && toggled.size < 500) toggled.add(record.target);
      }
    });
    look.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["hidden", "class", "style", "open"] });
    const before = changes;
    clicking = "lead";
    ledTo = element;
    memory.clicks -= 1;
    tools.noteWindows((url) => { try { tools.leads.set(element, new URL(url, document.baseURI).href); } catch { /* No address. */ } });
    watchLost();
    press(element);
    await answered(since);
    stopWatching();
    tools.noteWindows(null);
    clicking = "";
    ledTo = null;
    look.disconnect();
    const newly = hidden.filter((folded) => shown(folded) && folded.getBoundingClientRect().height >= 1 && !tools.opened.has(folded));
    noteLight(shown, hidden);
    for (const folded of newly) tools.opened.add(folded);
    const fresh = added.filter((node) => node.isConnected && words(node).length > 3 && !added.some((other) => other !== node && other.contains(node)));
    const pictures = added.filter((node) => node.isConnected && (node.matches("img") || node.querySelector("img")));
    await turnCarousels();
    const OVER = "[role=dialog], dialog, [aria-modal=true], [class*=lightbox i], [class*=modal i], [class*=viewer i], [class*=popup i], [class*=overlay i]";
    // What the page held shut beside its content, as makers of pages hold their pop-ups, is laid over it as well.
    const beside = newly.filter((node) => !closest(node, "main, article, [role=main]"));
    const dialog = [...fresh, ...pictures, ...beside].map((node) => closest(node, OVER)).find((over) => over && shown(over) && over.getBoundingClientRect().height >= 1);
    // What appears elsewhere than in the part of the page that was clicked in belongs to what was clicked all the same.
    const away = (node) => !home.contains(node) && !pictures.some((other) => other !== node && other.contains(node));
    const over = dialog && !dialog.matches("main, body, html") ? [dialog] : pictures.filter(away);
    if (over.length) {
      const copies = [...(tools.more.get(element) || []), ...over.map((node) => tools.copyOf(node, undefined, tools.more))];
      tools.more.set(element, copies);
      element.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
      document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
      const close = over[0].isConnected && [...over[0].querySelectorAll("button, [role=button], a")].filter((button) => stays(button)).find((button) => /^(close|×|x|✕|cau)$/i.test(label(button)) || /close/i.test(button.className));
      if (close) { clicking = "open"; close.click(); clicking = ""; }
    } else {
      // Pictures that a click lays over the page, outside the post it stands in, belong to that post.
      const holder = closest(element, "article, main, [role=main]");
      const away = holder ? pictures.filter((node) => node.isConnected && !holder.contains(node) && !closest(node, AROUND)) : [];
      if (away.length) tools.more.set(element, [...(tools.more.get(element) || []), ...away.slice(0, 200).map((node) => tools.copyOf(node))]);
    }
    // What a tab shows may go on by a button of its own.
    for (let count = 0; newly.length && count < 20 && left() > 1500 && (await more()); count += 1);
    return tools.leads.has(element) || changes !== before;
  };
  // What a choice leads to, or shows, where only a script knows: months, classes, years.
  const NO_CHOICE = /sort|order|lang|translate|iaith|currency|font|per.?page|country/i;
  const chooseEach = async () => {
    if (!scripts || !small()) return;
    const ofValues = (select) => [...select.options].map((option) => option.value).join("\n");
    for (let choice of [...document.querySelectorAll("select")].slice(0, 5)) {
      const values = ofValues(choice);
      if (memory.chosen.has(values)) continue;
      const options = [...choice.options].filter((option) => option.value && !option.disabled && option.value !== choice.value);
      const form = closest(choice, "form");
      if (!options.length || options.length > 60 || choice.multiple || !visible(choice) || closest(choice, "nav, header, footer")) continue;
      if (NO_CHOICE.test(`${choice.name} ${choice.id} ${choice.className} ${choice.getAttribute("aria-label") || ""}`)) continue;
      if ((form && form.querySelector("input:not([type=hidden i]), textarea, button")) || /__doPostBack/.test(choice.getAttribute("onchange") || "")) continue;
      // Values that are addresses are followed without being chosen.
      if (options.some((option) => /^(?:\/[^/\s]|https?:|\?\w+=)/.test(option.value))) continue;
      memory.chosen.add(values);
      const first = choice.value;
      const led = [];
      const choose = async (value) => {
        const since = tools.now();
        const before = changes;
        tools.leads.delete(choice);
        clicking = "lead";
        ledTo = choice;
        memory.clicks -= 1;
        watchLost();
        choice.value = value;
        for (const kind of ["input", "change"]) choice.dispatchEvent(new Event(kind, { bubbles: true }));
        await answered(since);
        stopWatching();
        clicking = "";
        ledTo = null;
        // What draws a list anew may draw the choice anew as well.
        if (!choice.isConnected) choice = [...document.querySelectorAll("select")].find((other) => ofValues(other) === values) || choice;
        if (tools.leads.has(choice)) led.push(tools.leads.get(choice));
        return changes !== before || tools.leads.has(choice);
      };
      let shows_others = false;
      for (let at = 0, still = 0; at < options.length && still < 3 && choice.isConnected; at += 1) {
        if (over()) { memory.late = true; break; }
        const took = await choose(options[at].value);
        still = took ? 0 : still + 1;
        shows_others = shows_others || (took && !tools.leads.has(choice));
      }
      if (shows_others) await choose(first);
      choice.value = first;
      if (led.length) tools.leads.set(choice, [...new Set(led)].join(" "));
    }
  };
  let mute = 0;
  const openByScript = async () => {
    if (!scripts || !small() || (memory.probed && !anew)) return;
    memory.probed = true;
    await openDetails();
    const hidden = kept_shut();
    noteShut(hidden);
    const all = opensOnly();
    const names = all.map(name);
    const led = new Map();
    for (let at = 0; at < all.length; at += 1) {
      const element = all[at];
      if (over()) { memory.late = true; break; } else if (namesPlace(element) || memory.tried.has(element)) continue;
      memory.tried.add(element);
      const bare = goesNowhere(element) && words(element).length > 1;
      const card = words(element).length > 3 && (tools.clickable.has(element) || element.hasAttribute("onclick") || getComputedStyle(element).cursor === "pointer") && element.localName !== "button";
      const viewer = element.localName === "img" || (element.querySelector("img") && !card);
      const toggle = hidden.length && (element.hasAttribute("aria-expanded") || element.hasAttribute("aria-controls") || /toggle|accord|collaps|fold|expand|question|faq|head/i.test(element.className) || /^h\d$|^button$/.test(element.localName));
      const twins = alike(element, all);
      const chosen = twins > 1 && label(element).length > 2 && opensByClick(element);
      if (!bare && !chosen && !(card && (twins || tools.clickable.has(element))) && !viewer && !toggle && !opens(element) && !/photo|album|gallery|picture|llun/i.test(said(element))) continue;
      if (element.getAttribute("aria-expanded") === "true" || !element.isConnected) continue;
      const stood = all.slice(at + 1).filter((other) => other.isConnected);
      const before = place();
      const took = await probe(element, hidden);
      if (!took && card && twins && tools.clickable.has(element)) mute += 1;
      if (tools.leads.has(element)) led.set(at, [tools.leads.get(element), element]);
      const moved = before && place() && place().index > before.index && !element.isConnected;
      if (stood.length ? stood.some((other) => other.isConnected) : !moved) continue;
      // The click put another view in place of the list, or drew the same one anew.
      const again = () => opensOnly().filter((other) => names.includes(name(other)));
      if (stood.length && again().length >= names.length) { findAgain(all, names, again()); continue; }
      if (!(await comeBack(before, () => again().length > 0))) {
        mute += stood.length;
        break;
      }
      findAgain(all, names, again());
    }
    for (const part of cameToLight(kept_shut())) tools.opened.add(part);
    for (const part of toggled) if (part.isConnected && !shown(part) && words(part).length > 15) tools.opened.add(part);
    // What led somewhere and was drawn anew since leads there still.
    for (const [at, [url]] of led) {
      if (all[at].isConnected) tools.leads.set(all[at], url);
      else tools.ledAway.push(url);
    }
  };

  // --- Scrolling, of the page and of boxes that scroll within it.
  const scrollers = () => {
    const boxes = small() && scripts ? [...tools.everything(document)].filter((element) =>
      element.scrollHeight > element.clientHeight + 80 && element.clientHeight > 150 &&
      /auto|scroll/.test(getComputedStyle(element).overflowY) && element !== document.scrollingElement &&
      element !== document.body && !closest(element, "nav, select, textarea, pre")) : [];
    return boxes.slice(0, 5);
  };
  // How much a list holds: it may grow within a window that is taller than it.
  const mass = () => document.links.length + document.images.length + document.querySelectorAll("li, article, section, tr").length;
  const page = {
    height: () => Math.max(document.body ? document.body.scrollHeight : 0, document.documentElement.scrollHeight),
    window: () => window.innerHeight,
    to: (top) => window.scrollTo({ top, behavior: "instant" }),
    // Where all fits into our tall window nothing scrolls; what waits for a visitor's scrolling hears of it all the same.
    nudge: () => { if (page.height() <= page.window() + 1) document.dispatchEvent(new Event("scroll", { bubbles: true })); },
  };
  const boxed = (box) => ({
    height: () => box.scrollHeight, window: () => box.clientHeight, to: (top) => { box.scrollTop = top; }, nudge: () => {},
  });
  let taken = 0;
  const walk = async (place) => {
    let position = place === page ? memory.position : 0;
    let still = 0;
    for (; taken < steps && left() > 0; taken += 1) {
      const before = place.height();
      const known = changes;
      const since = tools.now();
      if (position + place.window() < before) {
        position += Math.max(200, place.window() * 0.8);
        if (scripts) watchLost(true);
        place.to(position);
        if (place === page) memory.position = position;
        if (scripts) {
          await calm(since);
          stopWatching();
          if (changes !== known) { await unfold(); await remember(); }
        }
        still = 0;
        continue;
      }
      if (!scripts) return true;
      const held = mass();
      watchLost(true);
      place.to(before);
      place.nudge();
      await calm(since);
      await pause(quiet);
      stopWatching();
      if (changes !== known) { await unfold(); await remember(); }
      const loading = [...document.images].some((image) => !image.complete && image.currentSrc && image.loading !== "lazy");
      if (place.height() > before || mass() > held || await more()) { still = 0; continue; }
      still += changes === known && !loading ? 2 : 1;
      if (still >= 2) return true;
    }
    return false;
  };

  const kit = { tools, memory, scripts, words, visible, closest, label, said, stays, NEVER, post, identity, pointed, click, remember, left, small };
  const { turnCarousels, turnByDots, turnPages, layBack, countersNow, shows } = tools.turning(kit);
  const { name, place, comeBack, findAgain, noteShut, noteLight, cameToLight, opens, openDetails, opensByClick, loadsHere, namesPlace, alike } = tools.returning({ tools, memory, words, visible, label, stays, left, calm, click, pause });
  const { turnMonths } = tools.leafing({ tools, memory, scripts, small, words, visible, closest, label, stays, pointed, click, left, remember });
  const { turnPostbacks } = tools.posting({ tools, memory, words, closest, told, left });
  const { declineCookies } = tools.declining({ tools, scripts, words, visible, closest, label, stays, click, press, BANNER });
  const { stillShut } = tools.counting({ tools, memory, kept, scripts, words, visible, label, small, buttonsNow, countersNow, post, TALK, BANNER });
  const { watchLost, stopWatching, bringBack, waitForMore } = tools.losing({ tools, kept, closest, words, told, post, BANNER });
  if (scripts) {
    await calm(0);
    await declineCookies();
    await unfold();
    await remember();
  }
  let late = false;
  let settled = await walk(page);
  for (const box of scrollers()) settled = (await walk(boxed(box))) && settled;
  if (scripts) {
    await unfold();
    await turnPages();
    if (!(await turnMonths())) late = true;
    await turnPostbacks();
    await chooseEach();
    await openByScript();
    await chooseEach();
    await turnByDots();
    bringBack();
    await remember();
  }
  for (let round = 0; scripts && round < 12 && (await waitForMore({ left, pause, calm, round })); round += 1) {
    await unfold();
    await remember();
  }
  if (scripts) layBack();
  tools.shown = bulk;
  const showed = scripts ? bulk() : "";
  const again = scripts && (await wasStarved()) && bulk() !== showed;
  const still = stillShut(mute);
  late = late || memory.late || memory.clicks <= 0 || left() <= 0;
  window.scrollTo({ top: 0, behavior: "instant" });
  if (scripts && kept.size) { await drawn(); await remember(); putBack(); }
  observer.disconnect();
  if (window.navigation) navigation.removeEventListener("navigate", hold);
  return { settled: settled && !late, late: settled && late, posts: kept.size, shut: still.shut, asks: still.asks, turned: memory.views.size, shown: showed, again };
}
