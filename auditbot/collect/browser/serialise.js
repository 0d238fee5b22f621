// Returns the page as HTML, with what only a live page knows beside its elements (attributes "data-auditbot-...", on
// the copy alone), and with what was seen in passing. Runs in one go, so that no script of the page can come between.
(limit) => {
  const tools = window.auditbotTools;
  const root = document.documentElement;
  const html = root ? tools.copyOf(root, tools.instead, tools.more).outerHTML : "";
  return { html: html.slice(0, limit), cut: html.length > limit, base: document.baseURI, url: location.href };
}
