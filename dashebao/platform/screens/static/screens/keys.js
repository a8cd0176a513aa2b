// The keyboard at the counter: search, sign, walk through lists. Every page works without it, and it can be switched off.
(() => {
  const off = () => { try { return localStorage.getItem('keys') === 'off'; } catch { return false; } };
  const dialog = () => document.getElementById('keys');
  const rows = () => [...document.querySelectorAll('[data-list] [data-row]')].filter(row => row.offsetParent);

  function step(by) {
    const found = rows();
    if (!found.length) return;
    const now = found.indexOf(document.activeElement);
    const next = now < 0 ? (by > 0 ? 0 : found.length - 1) : Math.max(0, Math.min(found.length - 1, now + by));
    found[next].focus();
    found[next].scrollIntoView({ block: 'nearest' });
  }
  function search() {
    const box = document.getElementById('omni');
    const shown = box && box.offsetParent ? box : document.querySelector('main [role="search"] input:not([type="hidden"])');
    if (shown) { shown.focus(); shown.select(); }
  }
  const moves = {
    '/': search,
    '?': () => dialog()?.showModal(),
    j: () => step(1),
    k: () => step(-1),
    n: () => document.querySelector('[data-key="n"]')?.click(),
    t: () => document.querySelector('.sidenav a')?.click(),
    i: () => (document.querySelector('#reentry-form input:not([type="hidden"])') || document.getElementById('opinion'))?.focus(),
  };
  document.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      const sign = document.querySelector('.actionbar .btn--primary');
      if (sign && !document.querySelector('dialog[open]')) { event.preventDefault(); sign.click(); }
      return;
    }
    if (off() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest('input, textarea, select, dialog[open]')) return;
    const move = moves[event.key];
    if (move) { event.preventDefault(); move(); }
  });
  document.addEventListener('click', event => {
    if (event.target.closest('[data-keys]')) dialog()?.showModal();
  });
  document.addEventListener('change', event => {
    if (!event.target.matches('[data-keys-off]')) return;
    try { localStorage.setItem('keys', event.target.checked ? '' : 'off'); } catch { return; }
  });
  // The index of a long page tells where the reader is.
  function follow(index) {
    const links = new Map([...index.querySelectorAll('a')].map(link => [link.hash.slice(1), link]));
    const parts = [...links.keys()].map(name => document.getElementById(name)).filter(Boolean);
    const tell = () => {
      const line = index.getBoundingClientRect().bottom + 24;
      const passed = parts.filter(part => part.getBoundingClientRect().top <= line);
      const now = passed.reduce((best, part) => best && best.offsetTop >= part.offsetTop ? best : part, null);
      links.forEach((link, name) => { if (now?.id === name) link.setAttribute('aria-current', 'true'); else link.removeAttribute('aria-current'); });
      const link = now && links.get(now.id), list = index.firstElementChild;
      if (link) list.scrollLeft = link.offsetLeft - list.offsetLeft - 32;
    };
    addEventListener('scroll', () => requestAnimationFrame(tell), { passive: true });
  }
  addEventListener('DOMContentLoaded', () => {
    const box = document.querySelector('[data-keys-off]');
    if (box) box.checked = !off();
    document.querySelectorAll('[data-index]').forEach(follow);
  });
})();
