// Turns what a page shows one part of at a time: carousels, viewers of pictures, lists whose pages a script changes. Given
// what settle.js knows of the page, it returns the ways to turn them, and to count what a page says that it has.
(() => {
  const shared = window.auditbotTools;
  if (!shared || shared.turning) return;
  shared.turning = (kit) => {
    const { tools, memory, scripts, words, visible, closest, label, said, stays, NEVER } = kit;
    const { post, identity, pointed, click, remember, left, small } = kit;
    const { exhausted, turned } = memory;
    const dotted = memory.dotted || (memory.dotted = new WeakSet());
    const NEXT = /^(?:next|next (?:slide|photo|image|picture|item)|nesaf|[›»❯→>▶])$/i;
    const CAROUSEL = "[aria-roledescription=carousel], [class*=carousel i], [class*=slider i], [class*=slideshow i], [class*=swiper i]," +
      " [class*=slick i], [class*=splide i], [class*=glide i], [class*=flickity i], [class*=gallery i], [class*=photos i], [class*=lightbox i]";
    const turnCarousels = async () => {
      for (const button of scripts ? [...tools.everything(document)] : []) {
        if (memory.clicks <= 0 || left() <= 0) return;
        if (!/^(button|a|span|div)$/.test(button.localName) || closest(button, "nav")) continue;
        const named = label(button);
        const marked = NEXT.test(named) || (/next/i.test(button.className) && named.length < 20);
        const carousel = marked && (closest(button.parentElement || button, CAROUSEL) || viewer(button, named));
        if (!carousel || NEVER.test(said(button)) || !stays(button) || !visible(button)) continue;
        const holder = post(button);
        const whose = holder ? identity(holder) : "";
        if (turned.get(button) === whose) continue;
        turned.set(button, whose);
        await turn(button, carousel);
      }
    };
    // One picture with a "next" beside it, whatever it is called.
    const viewer = (button, named) => {
      let holder = NEXT.test(named) ? button.parentElement : null;
      for (let level = 0; holder && level < 4; level += 1, holder = holder.parentElement) {
        const large = [...holder.querySelectorAll("img")].filter((image) => image.getBoundingClientRect().width >= 100);
        if (large.length) return large.length <= 2 ? holder : null;
      }
      return null;
    };
    // The further pages of a list that only a script turns.
    const ONWARD = /^(?:(?:next|older|earlier|further)(?: (?:\d+ )?(?:page|posts?|news|stories|entries|items?|articles?|results|updates|notices))?|tudalen nesaf|nesaf|hŷn|[›»❯→>▶]|\d{1,3})$/i;
    // What a page shows just now: cards may be pictures without a word. Slideshows turn by themselves and do not count.
    const shows = () => words(document.body) + [...document.querySelectorAll("img, a[href], [onclick]")]
      .filter((element) => !closest(element, CAROUSEL))
      .map((element) => element.currentSrc || element.src || element.href || element.getAttribute("onclick")).join(" ");
    const turnPages = async () => {
      if (!scripts || !small()) return;
      const met = new Set([...memory.views, shows()]);
      const numbers = new Set();
      // By words: how often a button led back to what was seen. Scripts that draw a list anew draw its buttons anew.
      const came_round = new Map();
      for (let count = 0; ; count += 1) {
        const button = [...tools.everything(document)].find((element) => {
          if (!element.matches("button, a, li, span, div, td, input[type=button]") || words(element).length > 20) return false;
          const named = label(element);
          if (!ONWARD.test(named) || numbers.has(named) || came_round.get(named) > 1 || exhausted.has(element) || element.disabled || !stays(element)) return false;
          if (!pointed(element) && !/^(button|a)$/.test(element.localName)) return false;
          if (/^\d/.test(named) && !alikeNumbers(element)) return false;
          return visible(element) && !post(element) && !closest(element, CAROUSEL) && !viewer(element, named) &&
            !/disabled|active|current/i.test(element.className) && !closest(element, "[class*=calendar i], [class*=datepicker i], table");
        });
        if (!button) return;
        if (count >= 60 || memory.clicks <= 0 || left() <= 1000) { memory.late = true; return; }
        const named = label(button);
        if (/^\d/.test(named)) numbers.add(named);
        memory.clicks -= 1;
        await click(button, "more");
        await remember();
        const now = shows();
        if (met.has(now)) {
          exhausted.add(button);
          came_round.set(named, (came_round.get(named) || 0) + 1);
        }
        met.add(now);
        memory.views.add(now);
      }
    };
    const alikeNumbers = (element) => {
      const group = element.parentElement && (element.parentElement.children.length > 1 ? element.parentElement : element.parentElement.parentElement);
      const said = group ? [...group.children].map(words) : [];
      return said.includes("1") && said.includes("2") && said.filter((name) => /^\d{1,3}$/.test(name)).length <= 30;
    };
    // What each carousel has shown so far, by address: copies of the picture and its caption.
    const slides = memory.slides || (memory.slides = new Map());
    const laid = memory.laid || (memory.laid = new WeakSet());
    const PICTURED = "img, figure > *, [style*=background]";
    const sizes = new Map();
    const named = (image) => image.currentSrc || image.src || image.getAttribute("style") || "";
    const look = (carousel) => {
      const met = slides.get(carousel) || new Map();
      slides.set(carousel, met);
      for (const image of carousel.querySelectorAll(PICTURED)) {
        const name = named(image);
        const caption = image.closest("figure") ? image.closest("figure").querySelector("figcaption") : null;
        if (image.localName === "figcaption" || !name || met.has(name)) continue;
        const box = document.createElement("figure");
        met.set(name, [tools.copyOf(box), tools.copyOf(image), caption && tools.copyOf(caption)]);
      }
      const fresh = met.size - (sizes.get(carousel) || 0);
      sizes.set(carousel, met.size);
      return fresh;
    };
    // Puts beside a carousel what it has shown and does not show now; asked again at the end, since some turn on.
    const layBack = () => {
      keepSwapped();
      for (const [carousel, met] of slides) {
        const now = new Set([...carousel.querySelectorAll(PICTURED)].map(named));
        // Where one has gone another may go before the page is read: then all are laid back.
        const gone = [...met.keys()].some((name) => !now.has(name)) || !carousel.isConnected;
        const copies = (gone ? [...met] : []).map(([, [box, image, caption]]) => { box.append(image, ...(caption ? [caption] : [])); return box; });
        const holder = carousel.isConnected ? carousel : document.querySelector("main") || document.body;
        const others = (tools.more.get(holder) || []).filter((copy) => !laid.has(copy));
        for (const copy of copies) laid.add(copy);
        tools.more.set(holder, [...others, ...copies]);
      }
    };
    const turn = async (button, carousel) => {
      look(carousel);
      for (let count = 0, stale = 0; count < 60 && stale < 2 && memory.clicks > 0 && left() > 0 && !button.disabled; count += 1) {
        memory.clicks -= 1;
        await click(button, "open");
        stale = look(carousel) ? 0 : stale + 1;
      }
      layBack();
    };
    // A carousel without an arrow is turned by its dots, or by the small pictures beside the large one.
    const DOT = /^(?:(?:go|jump|move|skip) to |show |view )?(?:slide|photo|image|picture|item|llun|sleid)\s*#?\d{1,3}(?: of \d{1,3})?$/i;
    const MARKED = "[data-slide-to], [data-bs-slide-to], [data-slide-index], [class*=dot i], [class*=bullet i], [class*=indicator i], [class*=thumb i]";
    const turnByDots = async () => {
      for (const dot of scripts && small() ? [...tools.everything(document)] : []) {
        if (memory.clicks <= 0 || left() <= 0) return;
        if (!/^(button|a|li|span|div|img)$/.test(dot.localName) || !(DOT.test(label(dot)) || dot.matches(MARKED))) continue;
        const carousel = closest(dot.parentElement || dot, CAROUSEL);
        if (!carousel || dotted.has(dot) || dot.querySelector(MARKED) || closest(dot, "nav") || NEVER.test(said(dot))) continue;
        if ((!pointed(dot) && dot.localName !== "button") || !stays(dot) || !visible(dot)) continue;
        dotted.add(dot);
        look(carousel);
        memory.clicks -= 1;
        await click(dot, "open");
        look(carousel);
      }
    };
    // A picture that gave way to another in its own place, by a click or by itself: both are kept.
    const keepSwapped = () => {
      for (const [target, addresses] of tools.swapped) {
        const holder = closest(target, CAROUSEL) || target.parentElement || document.body;
        const met = slides.get(holder) || new Map();
        slides.set(holder, met);
        for (const name of addresses) {
          if (met.has(name)) continue;
          const copy = tools.copyOf(target);
          for (const stale of ["srcset", "data-auditbot-current", "id"]) copy.removeAttribute(stale);
          copy.setAttribute("src", name);
          met.set(name, [document.createElement("figure"), copy, null]);
        }
      }
    };
    // "3 of 9" beside a picture: how many a viewer says that it has.
    const COUNTER = /^(?:(?:photo|picture|image|slide|llun)\s+)?\d{1,3}\s*(?:of|o|\/)\s*(\d{1,3})$/i;
    const countersNow = () => {
      const found = new Map();
      for (const element of tools.everything(document)) {
        if (element.children.length || !COUNTER.test(words(element)) || !visible(element)) continue;
        const total = Number(COUNTER.exec(words(element))[1]);
        const slash = words(element).includes("/") && !/count|pagina|fraction|index|number/i.test(element.className + (element.parentElement ? element.parentElement.className : ""));
        let holder = element.parentElement;
        for (let level = 0; holder && level < 4 && !holder.querySelector("img"); level += 1) holder = holder.parentElement;
        const leads = holder && [...holder.querySelectorAll("a[href]")].some((link) => !stays(link) && /next|nesaf|›|»|>/i.test(said(link)));
        if (holder && holder.querySelector("img") && total > 1 && total < 500 && !slash && !leads) found.set(holder, total);
      }
      return found;
    };
    return { turnCarousels, turnByDots, turnPages, layBack, countersNow, shows };
  };
})();
