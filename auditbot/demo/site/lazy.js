// Photos further down load when they come near the window.
const near = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    entry.target.src = entry.target.dataset.src;
    near.unobserve(entry.target);
  }
}, { rootMargin: "200px" });
document.querySelectorAll("img[data-src]").forEach((image) => near.observe(image));
