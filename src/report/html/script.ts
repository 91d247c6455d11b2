/** What the page does: stepping through a counterexample by buttons, by mouse and by keys. */
export const SCRIPT = `
for (const player of document.querySelectorAll('.player')) {
  const first = Number(player.dataset.first);
  const last = Number(player.dataset.last);
  const moments = [...player.querySelectorAll('.moment')];
  const states = [...player.querySelectorAll('.state')];
  const output = player.querySelector('output');
  let at = Math.max(0, moments.findIndex((moment) => moment.classList.contains('offending')));
  const show = (to, focus) => {
    at = Math.min(Math.max(to, 0), last - first);
    moments.forEach((moment, n) => {
      moment.classList.toggle('current', n === at);
      if (n === at) moment.setAttribute('aria-current', 'step');
      else moment.removeAttribute('aria-current');
      moment.tabIndex = n === at ? 0 : -1;
    });
    states.forEach((state, n) => { state.hidden = n !== at; });
    output.textContent = 'line ' + (first + at + 1) + ' of ' + (last + 1);
    for (const button of player.querySelectorAll('button'))
      button.disabled = ['first', 'back'].includes(button.dataset.go) ? at === 0 : at === last - first;
    if (focus) moments[at].focus({ preventScroll: true });
    if (focus) moments[at].scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  const go = { first: () => 0, back: () => at - 1, on: () => at + 1, last: () => last - first };
  const keys = { Home: 'first', ArrowUp: 'back', ArrowLeft: 'back', k: 'back', ArrowDown: 'on', ArrowRight: 'on', j: 'on', End: 'last' };
  player.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-go]');
    const moment = event.target.closest('.moment');
    if (button) show(go[button.dataset.go](), false);
    else if (moment) show(moments.indexOf(moment), true);
  });
  player.addEventListener('keydown', (event) => {
    const name = keys[event.key];
    if (!name || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    show(go[name](), true);
  });
  show(at, false);
}
`;
