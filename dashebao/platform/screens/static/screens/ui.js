// Small progressive additions; every page works without them.
(() => {
  function switchView(button) {
    const card = button.closest('.chart-card'), table = button.dataset.view === 'table';
    button.parentElement.querySelectorAll('button').forEach(one => one.setAttribute('aria-pressed', one === button));
    card.querySelector('.chart-table').hidden = !table;
    card.querySelector('.chart-plot').hidden = table;
  }
  function addRow(button) {
    const list = document.getElementById(button.dataset.addRow), total = list.querySelector('[data-total]');
    const template = list.querySelector('template'), number = Number(total.value);
    const holder = document.createElement('div');
    holder.innerHTML = template.innerHTML.replaceAll('__n__', number);
    total.value = number + 1;
    button.before(...holder.children);
  }
  document.addEventListener('click', event => {
    const at = selector => event.target.closest(selector);
    const confirmed = at('[data-confirm]');
    if (confirmed && !window.confirm(confirmed.dataset.confirm)) { event.preventDefault(); return; }
    if (at('[data-print]')) window.print();
    if (at('[data-nav]')) document.body.classList.toggle('nav-open');
    if (at('[data-view]')) switchView(at('[data-view]'));
    if (at('[data-add-row]')) addRow(at('[data-add-row]'));
    if (at('[data-drop-row]')) at('.roster-row').remove();
  });
  document.addEventListener('change', event => {
    const name = event.target.closest('.drop, .filepick')?.querySelector('[data-filename]');
    if (name && event.target.files[0]) name.textContent = event.target.files[0].name;
    if (event.target.matches('[data-submit]')) event.target.form.requestSubmit();
  });
  // Without a connection nothing is sent and nothing is lost.
  function tellOffline(form) {
    let told = form.querySelector('.offline');
    if (!told) {
      told = document.createElement('p');
      told.className = 'notice notice--warn big offline';
      told.setAttribute('role', 'alert');
      told.tabIndex = -1;
      form.prepend(told);
    }
    told.textContent = document.body.dataset.offline;
    told.focus();
  }
  addEventListener('online', () => document.querySelectorAll('.offline').forEach(told => told.remove()));
  // A form is sent once; the button says so until the next page arrives.
  document.addEventListener('submit', event => {
    if (event.target.method !== 'post' || event.target.dataset.many !== undefined) return;
    if (!navigator.onLine) { event.preventDefault(); tellOffline(event.target); return; }
    if (event.target.dataset.sent) { event.preventDefault(); return; }
    event.target.dataset.sent = '1';
  });
  addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach(form => delete form.dataset.sent));
  // An error summary takes the focus when a page or a fragment arrives with errors.
  const focusErrors = within => within.querySelector?.('.error-summary')?.focus();
  // A table wider than its place can be scrolled with the keyboard too.
  const reach = within => within.querySelectorAll?.('.table-wrap').forEach(one => {
    if (one.scrollWidth > one.clientWidth) one.tabIndex = 0; else one.removeAttribute('tabindex');
  });
  // A link to a closed part opens it.
  const openLinked = () => {
    const linked = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (linked?.matches('details')) linked.open = true;
  };
  addEventListener('hashchange', openLinked);
  addEventListener('DOMContentLoaded', () => { focusErrors(document); reach(document); openLinked(); });
  addEventListener('resize', () => reach(document));
  document.addEventListener('htmx:afterSwap', event => { focusErrors(event.target); reach(document); });
})();
