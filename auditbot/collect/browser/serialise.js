// Returns the page as HTML, with what only a live page knows beside its elements (attributes "data-auditbot-...", on
// the copy alone), and with what was seen in passing. Runs in one go, so that no script of the page can come between.
(limit) => {
  const tools = window.auditbotTools;
  const root = document.documentElement;
  const copy = root ? tools.copyOf(root, tools.instead, tools.more) : null;
  // Where clicks led on things that are no longer there.
  if (copy && tools.ledAway.length) copy.lastElementChild.setAttribute("data-auditbot-leads", tools.ledAway.join(" "));
  const html = copy ? copy.outerHTML : "";
  return { html: html.slice(0, limit), cut: html.length > limit, base: document.baseURI, url: location.href };
}
