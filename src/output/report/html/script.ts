/** A script of the page: stepping through a counterexample with buttons, mouse and keys. */
export const PLAYER_SCRIPT = `
for (const player of document.querySelectorAll('.player')) {
  const { lines, steps } = player.dataset;
  const box = player.querySelector('.scroll');
  const heading = player.querySelector('.heading');
  const moments = [...player.querySelectorAll('.moment')];
  const states = [...player.querySelectorAll('.state')];
  const output = player.querySelector('output');
  const [place, said] = output.children;
  const end = moments.length - 1;
  const culprit = Math.max(0, moments.findIndex((moment) => moment.classList.contains('offending')));
  let at = culprit;
  const placeOf = (moment) => {
    const { step, line } = moment.dataset;
    return 'step ' + step + (lines === steps ? ' of ' + steps : ' (line ' + line + ' of ' + lines + ')');
  };
  // Scrolls only inside the box; the page does not move.
  const reveal = () => {
    const top = moments[at].offsetTop - heading.offsetHeight;
    const bottom = moments[at].offsetTop + moments[at].offsetHeight - box.clientHeight;
    box.scrollTop = Math.min(Math.max(box.scrollTop, bottom), top);
  };
  const show = (to) => {
    at = Math.min(Math.max(to, 0), end);
    moments.forEach((moment, n) => {
      moment.classList.toggle('current', n === at);
      if (n === at) moment.setAttribute('aria-current', 'step');
      else moment.removeAttribute('aria-current');
      moment.tabIndex = n === at ? 0 : -1;
    });
    states.forEach((state, n) => { state.hidden = n !== at; });
    place.textContent = placeOf(moments[at]);
    // A button with the attribute \`disabled\` would lose the focus.
    for (const button of player.querySelectorAll('button'))
      button.setAttribute('aria-disabled', at === (['first', 'back'].includes(button.dataset.go) ? 0 : end));
    reveal();
  };
  // A screen reader reads a focused line by itself, but not what a button changed.
  const pick = (to) => {
    output.ariaLive = 'off';
    show(to);
    said.textContent = '';
    moments[at].focus({ preventScroll: true });
    moments[at].scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  const press = (to) => {
    output.ariaLive = 'polite';
    show(to);
    said.textContent = moments[at].querySelector('.text').textContent;
    moments[at].scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  const go = { first: () => 0, back: () => at - 1, on: () => at + 1, last: () => end };
  const keys = { Home: 'first', ArrowUp: 'back', k: 'back', ArrowDown: 'on', j: 'on', End: 'last' };
  player.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-go]');
    const moment = event.target.closest('.moment');
    if (button) press(go[button.dataset.go]());
    else if (moment) pick(moments.indexOf(moment));
  });
  box.addEventListener('keydown', (event) => {
    const name = keys[event.key];
    if (!name || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    pick(go[name]());
  });
  for (const link of player.closest('article').querySelectorAll('a.to-culprit'))
    link.addEventListener('click', (event) => {
      event.preventDefault();
      pick(culprit);
    });
  player.querySelector('.controls').hidden = false;
  show(at);
}
`;
